"""NAC343: somebody's words inside a string of JSON: a quote or a line break in them breaks the blocks or the card."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Edit, Fix, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.escaping.printed import Printed
    from nac.rules.view import View

RULE = Rule("NAC343", "text-in-json", "warning")
_BREAKS_ESCAPED, _BREAKS_RAW = "\\\n\r\t", '"\\\n\r\t'
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.escaping.free_text import is_free_text, is_url, shown_escapes
    from nac.rules.escaping.kinds import JSON, SLACK, kind_of
    from nac.rules.escaping.printed import printed

    for template in view.templates:
        for templated in view.texts(template):
            if "{{" not in templated.text.value or kind_of(templated) != JSON:
                continue
            for one in printed(view, templated):
                if is_url(one) or not _in_string(one):
                    continue
                shown: dict[str, None] = {}
                events: tuple[str, ...] = ()
                if one.escaped:
                    decoded = templated.variant.channel == "slack" and SLACK
                    shown, events = shown_escapes(one, "'\"`=" if decoded else "'\"&<>`=")
                if shown or is_free_text(view, one):
                    yield _finding(one, shown, events)


def _finding(one: Printed, shown: dict[str, None], events: tuple[str, ...]) -> Diagnostic:
    from nac.rules.escaping.free_text import ESCAPES

    if shown:
        seen = ", ".join(f"`{each}` as `{ESCAPES[each]}`" for each in shown)
        message = f"`{one.written}` is escaped for HTML, and this is JSON: it shows {seen}"
    elif one.escaped:
        message = f"`{one.written}` is escaped for HTML, and this is JSON: an apostrophe would show as `&#x27;`"
    else:
        message = f"`{one.written}` is somebody's words: a quote or a line break in them would break this JSON"
    call = f"{{{{{{jsonStringify {_argument(one)}}}}}}}"
    return Diagnostic(
        RULE,
        message,
        one.label,
        help=f"make it a string of its own: `{call}`, without quotes around it",
        events=events,
        fix=_fix(one, call),
        level="error" if shown else None,
    )


def _argument(one: Printed) -> str:
    return f"({one.written})" if re.search(r"\s", one.written) else one.written


def _in_string(one: Printed) -> bool:
    """Whether quotes are open where it stands. Expressions before it have quotes of their own: they do not count."""
    before = one.templated.text.value[: one.start]
    return _STRING.sub("", re.sub(r"\{\{.*?\}\}\}?", "", before, flags=re.DOTALL)).count('"') % 2 == 1


def _fix(one: Printed, call: str) -> Fix | None:
    """Where it is all of its string, and every sample has a text there."""
    text = one.templated.text
    start, end = one.start - 1, one.end + 1
    if start < 0 or text.value[start : start + 1] != '"' or text.value[one.end : end] != '"':
        return None
    if text.places[end] - text.places[start] != end - start:
        return None  # inside a string of variant.json, where quotes are escaped
    if not one.values or any(not isinstance(value, str) for _, value in one.values):
        return None
    space = " " if text.value[end : end + 1] == "}" else ""  # `}}}}` would be another sign
    return Fix("print it as JSON", (Edit(text.source.path, text.span(start, end), call + space),))


CHECK = Check(RULE, find)
