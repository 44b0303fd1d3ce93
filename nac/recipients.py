"""The selectors of a trigger → the people they find: in order, each once, `except` left out.

People are found one by one, as they are asked for: a million of them need no more memory than one, but for the
some 30 bytes that it takes to know each of them again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from nac.diagnostics import INVALID_VALUE, NO_IDENTITY, WRONG_TYPE, Diagnostic, describe
from nac.directory import Directories, DirectoryError, Query
from nac.expressions import ExpressionError, Scope, compile_value, failures, roots, texts
from nac.identity import identity_of
from nac.model import DirectorySelector, EachSelector, ObjectSelector, UserSelector
from nac.people import ADDRESSES, Object, User, without_nulls
from nac.project import Project, Trigger, Written
from nac.schema import mistakes
from nac.seen import Seen

MAX_PROBLEMS = 20

Found = tuple[str | dict[str, Any], str]
_USER, _OBJECT = TypeAdapter(User), TypeAdapter(Object)
_FAILED = object()


@dataclass(frozen=True, slots=True)
class Person:
    """One recipient: an id, a user or an object; what makes them the same person in two runs; and which
    selector (its index) found them."""

    recipient: str | dict[str, Any]
    identity: str
    selector: int

    @property
    def shown(self) -> str:
        """Who they are, for somebody to read: an id, an object's type and id, a transient recipient's channels."""
        if isinstance(self.recipient, str):
            return self.recipient
        if "object_type" in self.recipient:
            return f"{self.recipient['object_type']}/{self.recipient['id']}"
        if "distinct_id" in self.recipient:
            return str(self.recipient["distinct_id"])
        channels = ", ".join(name.removeprefix("$") for name in ADDRESSES if name in self.recipient)
        return f"(transient: {channels})" if channels else "(somebody)"


class Search:
    """One search for the people of a trigger. `problems` is complete when `people` has been read to its end."""

    def __init__(self, project: Project, trigger: Trigger, scope: Scope, directories: Directories) -> None:
        self.project, self.trigger, self.scope, self.directories = project, trigger, scope, directories
        self.users_only = trigger.model.kind == "dynamic"
        self.problems: list[Diagnostic] = []
        self._counts: Counter[Diagnostic] = Counter()
        self._first: dict[Diagnostic, Diagnostic] = {}

    def people(self) -> Iterator[Person]:
        everywhere = self._excluded(getattr(self.trigger.model, "except_", []), self.trigger.at("except"))
        seen = Seen()
        for index, selector in enumerate(getattr(self.trigger.model, "recipients", ())):
            written = self.trigger.at("recipients", index)
            left_out = everywhere | self._excluded(getattr(selector, "except_", []), written.below("except"))
            for recipient, identity in self._found(selector, written):
                if identity in left_out or not seen.add(identity):
                    continue
                if self.users_only and isinstance(recipient, str):
                    recipient = {"distinct_id": recipient}
                yield Person(recipient, identity, index)
        self._close()

    def _found(self, selector: Any, written: Written) -> Iterator[Found]:
        if isinstance(selector, DirectorySelector):
            yield from self._in_directory(selector, written)
        elif isinstance(selector, EachSelector):
            yield from self._in_event(selector, written)
        elif isinstance(selector, UserSelector):
            yield from _Maker(self, written.below("user"), selector.user).one(self.scope)
        elif isinstance(selector, ObjectSelector):
            yield from _Maker(self, written.below("object"), selector.object).one(self.scope)

    def _in_event(self, selector: EachSelector, written: Written) -> Iterator[Found]:
        items = self._value(selector.each, written.below("each"))
        if items is _FAILED:
            return
        if not isinstance(items, list):
            message = f"`each` takes a list, not {describe(items)}"
            self.problems.append(Diagnostic(WRONG_TYPE, message, written.below("each").label()))
            return
        maker = self._maker(selector, written)
        assert maker is not None
        scope = dict(self.scope)
        for number, item in enumerate(items):
            scope[selector.as_] = item
            if found := maker.made(scope, f"item {number} of the list: "):
                yield found

    def _in_directory(self, selector: DirectorySelector, written: Written) -> Iterator[Found]:
        params = {name: self._value(one, written.below("params", name)) for name, one in selector.params.items()}
        limit = self._value(selector.limit, written.below("limit"))
        if limit is _FAILED or _FAILED in params.values():
            return
        if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 0):
            what = "a negative one" if isinstance(limit, int) and limit < 0 else describe(limit)
            message = f"`limit` takes a whole number from 0, not {what}"
            self.problems.append(Diagnostic(WRONG_TYPE, message, written.below("limit").label()))
            return
        maker = self._maker(selector, written) or self._declared_maker(selector.from_)
        columns = _columns(maker.value) if maker else None
        query = Query(selector.from_, selector.where, params, selector.order_by, limit, columns)
        scope = dict(self.scope)
        try:
            for number, row in enumerate(self.directories.rows(query), 1):
                maker = maker or _Maker(self, written.below("from"), _id_column(row, selector.from_))
                scope["row"] = row
                if found := maker.made(scope, f"row {number} of `{selector.from_}`: "):
                    yield found
        except DirectoryError as error:
            at = written.below(error.part)
            label = at.below(error.needle or "").label(key=True) if error.part == "params" else at.label(error.needle)
            self.problems.append(Diagnostic(error.rule, error.message, label, help=error.help))

    def _maker(self, selector: EachSelector | DirectorySelector, written: Written) -> _Maker | None:
        if selector.object is not None:
            return _Maker(self, written.below("object"), selector.object)
        return None if selector.user is None else _Maker(self, written.below("user"), selector.user)

    def _declared_maker(self, directory: str) -> _Maker | None:
        user = self.project.settings.directories[directory].user
        if user is None or self.project.written is None:
            return None
        return _Maker(self, self.project.written.below("directories", directory, "user"), user)

    def _excluded(self, value: Any, written: Written) -> frozenset[str]:
        """The identities that an `except` names: ids and objects, in lists or not; null names nobody."""
        found: set[str] = set()
        pending = [self._value(value, written)]
        while pending:
            one = pending.pop()
            if isinstance(one, list):
                pending.extend(one)
            elif isinstance(one, str) or (isinstance(one, dict) and ("distinct_id" in one or "object_type" in one)):
                found.add(identity_of(one))
            elif one is not None and one is not _FAILED:
                message = f"`except` takes ids and objects, not {describe(one)}"
                self.problems.append(Diagnostic(WRONG_TYPE, message, written.label()))
        return frozenset(found)

    def _value(self, value: Any, written: Written) -> Any:
        try:
            return compile_value(value)(self.scope)
        except ExpressionError:
            self.problems += [written.error(error) for error in failures(value, self.scope)]
            return _FAILED

    def add(self, problem: Diagnostic, which: str) -> None:
        """What is wrong with one person. The same again, with another, is only counted."""
        self._counts[problem] += 1
        if self._counts[problem] == 1 and len(self._first) < MAX_PROBLEMS:
            self._first[problem] = Diagnostic(problem.rule, which + problem.message, problem.label, help=problem.help)

    def _close(self) -> None:
        for problem, told in self._first.items():
            more = self._counts[problem] - 1
            message = told.message + (f", and {more:,} more like it" if more else "")
            self.problems.append(Diagnostic(told.rule, message, told.label, told.related, told.help))


class _Maker:
    """Makes recipients from one `user:` or `object:`, and checks them."""

    def __init__(self, search: Search, written: Written, value: Any) -> None:
        self.search, self.written, self.value = search, written, value
        self.adapter = _OBJECT if written.path[-1] == "object" else _USER
        self.check: Callable[[Any], Any] = self.adapter.validator.validate_python
        self.function = compile_value(value)

    def one(self, scope: Scope) -> Iterator[Found]:
        """The one recipient of a listed selector, if it is one."""
        if found := self.made(scope, ""):
            yield found

    def made(self, scope: Scope, which: str) -> Found | None:
        """The recipient for one scope; None, and a problem, when it is none. `which` says where it came from."""
        try:
            made = self.function(scope)
        except ExpressionError:
            for error in failures(self.value, scope):
                self.search.add(self.written.error(error), which)
            return None
        if isinstance(made, dict):
            made = without_nulls(made)
            check, adapter = self.check, self.adapter
            if "object_type" in made and self.search.users_only:
                message = "a dynamic workflow takes users, not objects"
                self.search.add(Diagnostic(INVALID_VALUE, message, self.written.label()), which)
                return None
            if "object_type" in made and adapter is _USER:
                check, adapter = _OBJECT.validator.validate_python, _OBJECT
            try:
                check(made)
            except ValidationError:
                for path, rule, message, help in mistakes(adapter, made, shown=False):
                    self.search.add(Diagnostic(rule, message, self.written.below(*path).label(), help=help), which)
                return None
            identity = identity_of(made)
            if identity:
                return made, identity
            message = "a transient recipient has no address: nothing could reach them"
            advice = "give it `$email`, `$sms` or another channel"
            self.search.add(Diagnostic(NO_IDENTITY, message, self.written.label(), help=advice), which)
            return None
        if isinstance(made, str) and made and self.adapter is _USER:
            return made, f"user {made}"
        key = "object" if self.adapter is _OBJECT else "user"
        what = "empty text" if made == "" else describe(made)
        hint = {int: "make it text with `| string`", list: 'for a list write `each: "{{ … }}"`'}.get(type(made))
        message = f"`{key}` takes an id or a mapping, not {what}"
        self.search.add(Diagnostic(WRONG_TYPE, message, self.written.label(), help=hint), which)
        return None


def _columns(value: Any) -> frozenset[str] | None:
    """The columns that a mapping of `row` reads, where that can be told."""
    found: set[str] = set()
    for text in texts(value):
        for root, *step in roots(text) if "row" in text else ():
            if root == "row":
                if not step:
                    return None
                found.add(step[0])
    return frozenset(found)


def _id_column(row: dict[str, Any], directory: str) -> str:
    column = next((name for name in ("distinct_id", "id") if name in row), None)
    if column is None:
        raise DirectoryError(NO_IDENTITY, f"`{directory}` has no column `distinct_id` or `id`", "from",
                             'say who each row is: `user: {distinct_id: "{{ row.… }}"}`')  # fmt: skip
    return f"{{{{ row.{column} }}}}"
