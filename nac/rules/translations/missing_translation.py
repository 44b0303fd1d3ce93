"""NAC334: a locale lacks a translation that others have, so that its readers see it in English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Label, Rule, nearest
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.known.messages import File, Message
    from nac.rules.view import View

RULE = Rule("NAC334", "missing-translation", "warning")


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.known.messages import messages_of
    from nac.templates.translations import DEFAULT

    if not view.is_whole:
        return
    messages = view.once(messages_of)
    for files in messages.files.values():
        # The keys that count are those of English, where every search ends, and those that templates ask for.
        wanted: dict[tuple[str, ...], tuple[File, Message]] = {}
        for locale in sorted(files, key=lambda one: (one != DEFAULT, one)):
            for path, one in files[locale].messages.items():
                if locale == DEFAULT or messages.is_asked(one.key):
                    wanted.setdefault(path, (files[locale], one))
        for locale in sorted(files):
            yield from _in_file(files[locale], files, wanted)


def _in_file(
    file: File, files: Mapping[str, File], wanted: Mapping[tuple[str, ...], tuple[File, Message]]
) -> Iterator[Diagnostic]:
    from nac.templates.translations import DEFAULT

    base = file.locale.split("-")[0]
    if base != file.locale and (base == DEFAULT or base in files):
        return  # what it lacks is looked for in its language, which is told of its own
    spare = [".".join(path) for path in file.messages if path not in wanted]
    groups: set[tuple[str, ...]] = set()
    for path, (first, one) in wanted.items():
        if path in file.messages:
            continue
        group = next((path[:end] for end in range(1, len(path)) if _lacks_all(file, path[:end])), None)
        if group in groups:
            continue
        if group is not None and group in first.groups:
            groups.add(group)
            name, span = _key(file, group), first.groups[group]
        else:
            name, span = one.key, one.span
        near = nearest(".".join(group or path), spare)
        label = Label(file.path, file.messages[tuple(near.split("."))].span) if near and _is(file, near) else None
        message = f"`{name[:80]}` is missing in {file.locale}, which {first.locale} has"
        if file.locale == DEFAULT:
            message = (
                f"`{name[:80]}` is missing in {DEFAULT}: readers of other languages than {first.locale} get no message"
            )
        help = f"did you mean it by `{near}`?" if near else "translate it; until then its readers see English"
        if file.locale == DEFAULT and not near:
            help = "add it: English is where SuprSend looks last"
        yield Diagnostic(RULE, message, label or file.nearest(path), (Label(first.path, span, "here it is"),), help)


def _lacks_all(file: File, group: tuple[str, ...]) -> bool:
    """Whether nothing of a group is in a file."""
    return not any(path[: len(group)] == group for path in file.messages)


def _key(file: File, path: tuple[str, ...]) -> str:
    plain = ".".join(path)
    return f"{file.namespace}:{plain}" if file.namespace else plain


def _is(file: File, key: str) -> bool:
    return tuple(key.split(".")) in file.messages


CHECK = Check(RULE, find)
