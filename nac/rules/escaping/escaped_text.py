"""NAC340: `{{ }}` of somebody's words where nobody decodes HTML: an apostrophe is read as `&#x27;`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Fix, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.escaping.printed import Printed
    from nac.rules.view import View

RULE = Rule("NAC340", "escaped-text", "warning")
# What shows as more than itself; Slack decodes the other three.
_ALL, _SLACK = "'\"&<>`=", "'\"`="
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}")


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.escaping.free_text import is_free_text, is_url, shown_escapes
    from nac.rules.escaping.kinds import MARKDOWN, SLACK, TEXT, kind_of
    from nac.rules.escaping.printed import printed

    for template in view.templates:
        for templated in view.texts(template):
            if "{{" not in templated.text.value or (kind := kind_of(templated)) not in (TEXT, MARKDOWN, SLACK):
                continue
            for one in printed(view, templated):
                if not one.escaped or is_url(one):
                    continue
                characters = _SLACK if kind == SLACK else _ALL
                shown, events = shown_escapes(one, characters)
                locales = _translated(view, one, characters)
                if not shown and not locales and not is_free_text(view, one):
                    continue
                yield _finding(one, kind, shown, events, locales)


def _finding(
    one: Printed, kind: str, shown: Mapping[str, None], events: tuple[str, ...], locales: Mapping[str, str]
) -> Diagnostic:
    from nac.rules.escaping.free_text import ESCAPES
    from nac.rules.escaping.kinds import MARKDOWN, TEXT, what_is

    what = what_is(one.templated)
    if shown:
        seen = ", ".join(f"`{each}` as `{ESCAPES[each]}`" for each in shown)
        message = f"`{{{{{one.written}}}}}` is escaped for HTML, and this is {what}: it shows {seen}"
    elif locales:
        character = next(iter(locales.values()))
        where = ", ".join(locales)
        message = (
            f"`{{{{{one.written}}}}}` is escaped for HTML, and this is {what}: "
            f"it shows the `{character}` of the translation ({where}) as `{ESCAPES[character]}`"
        )
    else:
        message = (
            f"`{{{{{one.written}}}}}` is escaped for HTML, and this is {what}: an apostrophe would show as `&#x27;`"
        )
    sure = kind != MARKDOWN and bool(shown or locales)
    # Slack and Markdown give a meaning to what is not escaped: there it is the author who decides.
    fix = Fix("write three braces", one.three_braces()) if kind == TEXT else None
    help = f"write three braces: `{{{{{{{one.written}}}}}}}`"
    return Diagnostic(
        RULE, message, one.label, help=help, events=events, fix=fix, level="error" if sure else None
    )  # fmt: skip


def _translated(view: View, one: Printed, characters: str) -> dict[str, str]:
    """The locales whose translation has one of the characters by itself, each with the first of them."""
    from nac.handlebars.usage import Call, Constant

    call = one.value
    if not isinstance(call, Call) or call.name != "t" or not call.arguments:
        return {}
    key = call.arguments[0]
    if not isinstance(key, Constant) or not isinstance(key.value, str):
        return {}
    namespace, _, name = key.value.rpartition(":")
    found: dict[str, str] = {}
    for locale, files in sorted(view.translations.files.items()):
        for text in _messages(files.get(namespace, {}), name):
            plain = _PLACEHOLDER.sub("", text)
            if here := [each for each in plain if each in characters]:
                found.setdefault(locale, here[0])
    return found


def _messages(messages: Mapping[str, object], name: str) -> list[str]:
    """The message of a key, in every plural form."""
    found: object = messages.get(name)
    if found is None:
        found = messages
        for step in name.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
    if isinstance(found, Mapping):
        return [text for text in found.values() if isinstance(text, str)]
    return [found] if isinstance(found, str) else []


CHECK = Check(RULE, find)
