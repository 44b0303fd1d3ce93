"""NAC335: a translation has other placeholders, or another form, in one locale than in another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nac.diagnostics import Diagnostic, Label, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.known.messages import File, Message
    from nac.rules.view import View

RULE = Rule("NAC335", "translations-differ")
# A language may do without a number in a form that is about one or none ("a page", "leer"); `_number` tells the rest.
_NUMBERLESS = frozenset({"count"})


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.known.messages import messages_of
    from nac.templates.translations import DEFAULT

    if not view.is_whole:
        return
    for files in view.once(messages_of).files.values():
        if len(files) < 2:
            continue
        ordered = sorted(files, key=lambda one: (one != DEFAULT, one))
        seen: dict[tuple[str, ...], tuple[File, Message]] = {}
        for locale in ordered:
            file = files[locale]
            for path, one in file.messages.items():
                if path in seen:
                    yield from _compared(one, file, *seen[path])
                else:
                    seen[path] = file, one
            yield from _grouped(file, seen)


def _compared(one: Message, file: File, other_file: File, other: Message) -> Iterator[Diagnostic]:
    if not one.texts or not other.texts:
        return  # told as NAC203
    related = (Label(other_file.path, other.span, f"in {other_file.locale}"),)
    forms, others = _forms(one), _forms(other)
    if forms is None and others is not None:
        message = f"`{one.key[:80]}` is one text in {file.locale}, and has plural forms in {other_file.locale}"
        yield Diagnostic(RULE, message, Label(file.path, one.span), related)
        return
    if forms is not None and others is None:
        message = f"`{one.key[:80]}` has plural forms in {file.locale}, and is one text in {other_file.locale}"
        yield Diagnostic(RULE, message, Label(file.path, one.span), related)
        return
    if forms is not None and others is not None and forms != others:
        lacking, more = others - forms, forms - others
        what = f"lacks the form {_listed(lacking)}" if lacking else f"has the form {_listed(more)}"
        than = f", which {other_file.locale} has" if lacking else f", which {other_file.locale} has not"
        message = f"`{one.key[:80]}` {what} in {file.locale}{than}"
        yield Diagnostic(RULE, message, Label(file.path, one.span), related, level=None if lacking else "warning")
    mine, theirs = one.placeholders, other.placeholders
    if forms is not None and others is not None:
        yield from _number(one, file, other_file, other)
        mine, theirs = mine - _NUMBERLESS, theirs - _NUMBERLESS
    if mine != theirs:
        lacking, more = theirs - mine, mine - theirs
        said = [f"lacks {_listed(lacking)}"] * bool(lacking) + [f"has {_listed(more)}"] * bool(more)
        message = f"`{one.key[:80]}` {' and '.join(said)} in {file.locale}, other than in {other_file.locale}"
        help = "SuprSend drops a message whose placeholder is given no value" if more else None
        yield Diagnostic(RULE, message, Label(file.path, one.span), related, help, level=None if more else "warning")


def _number(one: Message, file: File, other_file: File, other: Message) -> Iterator[Diagnostic]:
    """The form for many says how many in one locale, and not in the other."""
    has, had = (message.placeholders_of("other") >= _NUMBERLESS for message in (one, other))
    if has == had or "other" not in one.forms or "other" not in other.forms:
        return
    said = "has `count`" if has else "lacks `count`"
    message = f"the form `other` of `{one.key[:80]}` {said} in {file.locale}, other than in {other_file.locale}"
    related = (Label(other_file.path, other.forms["other"], f"in {other_file.locale}"),)
    yield Diagnostic(RULE, message, Label(file.path, one.forms["other"]), related, level="warning")


def _forms(message: Message) -> frozenset[str] | None:
    return frozenset(message.value) if isinstance(message.value, dict) else None


def _grouped(file: File, seen: dict[tuple[str, ...], tuple[File, Message]]) -> Iterator[Diagnostic]:
    """What is a group of keys in one file and a message in another."""
    for path, span in file.groups.items():
        if path and path in seen:
            other_file, other = seen[path]
            message = (
                f"`{'.'.join(path)[:80]}` is a group of keys in {file.locale}, and a message in {other_file.locale}"
            )
            related = (Label(other_file.path, other.span, f"in {other_file.locale}"),)
            yield Diagnostic(RULE, message, Label(file.path, span), related)


def _listed(names: Any) -> str:
    return ", ".join(f"`{one[:40]}`" for one in sorted(names)[:5])


CHECK = Check(RULE, find)
