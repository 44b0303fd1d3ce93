"""Findings that an author has looked at and wants to hear no more of.

    data: {total: "{{ event.total }}"}  # nac: ignore[NAC301] the shop adds it from July on
    {{!-- nac: ignore[NAC311, NAC305] only old events lack it --}}

A comment at the end of a line is about that line; one with nothing before it, about the next line that is not such a
comment too. Where a text of several lines begins on that line, it is about all of them. JSON has no comments: nac.yaml
has a list, `ignore: [{rule, path, reason}]`. Front matter is YAML, JSONNET has comments of its own.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from nac.check.levels import unknown_rule
from nac.diagnostics import (
    IGNORE_WITHOUT_REASON,
    UNKNOWN_RULE,
    UNUSED_IGNORE,
    Diagnostic,
    Edit,
    Fix,
    Label,
    Rule,
)
from nac.rules import find_rule
from nac.rules.places import places
from nac.rules.view import View
from nac.source import Node, SourceFile, Span
from nac.templates.front_matter import split
from nac.yaml_reader import read_yaml

_MARK = "nac: ignore"
_BODY = r"nac: ignore(?:[ \t]?\[(?P<codes>[^\]\r\n]*)\])?(?P<reason>{reason})"
_HASH = re.compile(r"(?m)(?<![^\s])#[ \t]*" + _BODY.format(reason=r"[^\r\n]*"))
_SLASHES = re.compile(r"(?m)(?<![^\s])(?://|#)[ \t]*" + _BODY.format(reason=r"[^\r\n]*"))
_BRACES = re.compile(r"(?<!\\)\{\{~?!(?:--)?\s{0,99}" + _BODY.format(reason=r"[^\r\n}]{0,500}?") + r"(?:--)?~?\}\}")
_BREAK = re.compile(r"\r\n|\r|\n")

# Findings about ignores are turned off in nac.yaml, or put right; they are not ignored.
_ABOUT_IGNORES = frozenset({IGNORE_WITHOUT_REASON, UNUSED_IGNORE, UNKNOWN_RULE})


@dataclass
class _Comment:
    """One ignore of a file, `text[start:end]`.

    `lines`: what it is about. `words`: the codes or names in it, and their offsets.
    """

    path: str
    place: Callable[[int, int], Span]
    text: str
    start: int
    end: int
    lines: range
    words: list[tuple[str, int]]
    reason: str
    used: set[Rule] = field(default_factory=set)

    @property
    def label(self) -> Label:
        return Label(self.path, self.place(self.start, self.end))

    def silences(self, one: Diagnostic) -> bool:
        if one.label.span is None or one.label.span.line not in self.lines:
            return False
        if any(find_rule(word) == one.rule for word, _ in self.words):
            self.used.add(one.rule)
            return True
        return False


class Ignores:
    """Every ignore that may concern a view: those in the files it looks at, in `others`, and in nac.yaml."""

    def __init__(self, view: View, others: Collection[str] = ()) -> None:
        self._view = view
        self._comments: dict[str, list[_Comment]] = {}
        for path in sorted({*view.files, *others}):
            if path in view.data_files or not (source := view.source(path)) or _MARK not in source.text:
                continue
            self._comments[path] = list(_comments(source))
        self._used: set[int] = set()

    def left(self, found: Iterable[Diagnostic]) -> list[Diagnostic]:
        """The findings that nothing silences."""
        return [one for one in found if not self._silenced(one)]

    def _silenced(self, one: Diagnostic) -> bool:
        if one.rule in _ABOUT_IGNORES:
            return False
        # Every one that fits counts as used, so none is called needless because of another.
        fitting = [comment.silences(one) for comment in self._comments.get(one.label.path, ())]
        for index, entry in enumerate(self._view.project.settings.ignore):
            if find_rule(entry.rule) == one.rule and fnmatchcase(one.label.path, entry.path):
                self._used.add(index)
                fitting.append(True)
        return any(fitting)

    def problems(self, needless: Callable[[str, Rule], bool]) -> Iterator[Diagnostic]:
        """What is wrong with the ignores themselves.

        `needless`: whether one for a rule in a file, or in the files of a pattern, that silenced nothing is not needed.
        """
        for path, comments in self._comments.items():
            if self._view.is_whole or path in self._view.files:
                for one in comments:
                    yield from _problems(one, needless)
        if self._view.is_whole:
            yield from self._listed(needless)

    def _listed(self, needless: Callable[[str, Rule], bool]) -> Iterator[Diagnostic]:
        written = self._view.project.written
        for index, entry in enumerate(self._view.project.settings.ignore):
            if written is None or (rule := find_rule(entry.rule)) is None:
                continue
            place = written.below("ignore", index)
            if not (entry.reason or "").strip():
                message = "this ignore gives no reason"
                help = "add `reason:`, for whoever reads it next year"
                yield Diagnostic(IGNORE_WITHOUT_REASON, message, place.below("rule").label(), help=help)
            if index not in self._used and needless(entry.path, rule):
                message = f"nothing in `{entry.path[:80]}` breaks {rule}: this ignore is not needed"
                yield Diagnostic(UNUSED_IGNORE, message, place.below("rule").label(), help="delete the entry")


def _problems(one: _Comment, needless: Callable[[str, Rule], bool]) -> Iterator[Diagnostic]:
    unused: list[Rule] = []
    for word, offset in one.words:
        rule = find_rule(word)
        if rule is None:
            label = Label(one.path, one.place(offset, offset + len(word)))
            yield unknown_rule(word, Diagnostic(UNKNOWN_RULE, "", label))
        elif rule not in one.used and rule not in unused and needless(one.path, rule):
            unused.append(rule)
    if not one.words:
        help = "write `nac: ignore[NAC301] reason`; a whole rule is turned off in nac.yaml"
        yield Diagnostic(UNKNOWN_RULE, "this ignore names no rule", one.label, help=help)
    elif not one.reason:
        help = "write it behind the bracket, for whoever reads it next year"
        yield Diagnostic(IGNORE_WITHOUT_REASON, "this ignore gives no reason", one.label, help=help)
    for rule in unused:
        alone = len(unused) == len(one.words)
        message = f"nothing here breaks {rule}: this ignore is not needed"
        help = "delete it" if alone else f"take {rule.code} out of it"
        yield Diagnostic(UNUSED_IGNORE, message, one.label, help=help, fix=_deleted(one) if alone else None)


def _deleted(one: _Comment) -> Fix:
    """The comment taken out: with its line, where it has one to itself, else with the space before it."""
    text, start, end = one.text, one.start, one.end
    while start and text[start - 1] in " \t":
        start -= 1
    line_break = _BREAK.match(text, end)
    if (start == 0 or text[start - 1] in "\r\n") and line_break:
        end = line_break.end()
    return Fix("delete the comment", (Edit(one.path, one.place(start, end), ""),))


def _comments(source: SourceFile) -> Iterator[_Comment]:
    path = source.path
    if path.endswith((".yaml", ".yml")):
        node, _ = read_yaml(source)
        yield from _read(source, _HASH, _scalars(node) if node else [])
    elif path.endswith((".jsonnet", ".libsonnet")):
        yield from _read(source, _SLASHES, [])
    elif not path.endswith(".json"):
        head, body, _ = split(source)
        if head is not None:
            yield from _read(SourceFile(path, source.text[: body.places[0]]), _HASH, _scalars(head))
        yield from _read(source, _BRACES, [])


def _read(source: SourceFile, pattern: re.Pattern[str], scalars: list[Span]) -> Iterator[_Comment]:
    lines, place = source.lines, places(source)
    scalars.sort()
    found = [(one, place(one.start(), one.end())) for one in pattern.finditer(source.text)]
    found = [(one, span) for one, span in found if not _in_one(scalars, span)]
    about: dict[int, int] = {}  # the line that a comment with lines to itself is about, by its own line
    for _, span in reversed(found):
        if _is_alone(lines, span):
            about[span.line] = about.get(span.end_line + 1, span.end_line + 1)
    ends: dict[int, int] = {}
    for scalar in scalars:
        ends[scalar.line] = max(ends.get(scalar.line, 0), scalar.end_line - (scalar.end_column == 1))
    for one, span in found:
        line = about.get(span.line, span.line)
        codes = one["codes"] or ""
        words = [(each[0], one.start("codes") + each.start()) for each in re.finditer(r"[^\s,]+", codes)]
        reason = one["reason"].strip(" \t:–—-")
        covered = range(line, max(line, ends.get(line, 0)) + 1)
        yield _Comment(source.path, place, source.text, one.start(), one.end(), covered, words, reason)


def _is_alone(lines: list[str], span: Span) -> bool:
    """Whether a comment has its lines to itself."""
    before, after = lines[span.line - 1][: span.column - 1], lines[span.end_line - 1][span.end_column - 1 :]
    return not before.strip() and not after.strip()


def _in_one(scalars: list[Span], span: Span) -> bool:
    """Whether a place begins inside one of these, which are sorted."""
    before = bisect(scalars, (span.line, span.column, 1 << 60, 0)) - 1
    return before >= 0 and (span.line, span.column) < (scalars[before].end_line, scalars[before].end_column)


def _scalars(node: Node) -> list[Span]:
    """Where the texts and keys of a YAML file stand: a `#` in them begins no comment."""
    found: list[Span] = []
    stack = [node]
    while stack:
        one = stack.pop()
        found += (one.keys or {}).values()
        if one.children is None:
            found.append(one.span)
        else:
            stack += one.children.values() if isinstance(one.children, dict) else one.children
    return found
