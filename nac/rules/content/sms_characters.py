"""NAC345: a character written in an SMS that SMS's own alphabet lacks: all of the message then takes more room."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Edit, Fix, Label, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.preview.facts import Forced
    from nac.rules.content.shown import Shown
    from nac.rules.templated import Templated
    from nac.rules.view import View

RULE = Rule("NAC345", "costly-sms-character", "warning")
_NAMED = 5  # characters that a message names
_EXPRESSION = 12  # characters that an expression prints, where no sample tells


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.content.shown import messages_of

    for template in view.templates:
        for templated in view.texts(template):
            if templated.variant.channel != "sms" or templated.path != ("body",) or templated.text.value.isascii():
                continue
            if forced := _written(templated):
                messages = view.once(messages_of).of(template, templated.variant)
                yield _finding(templated, forced, messages)


def _written(templated: Templated) -> list[Forced]:
    """The characters of the template itself that force UCS-2; none where letters do, which are the language's own."""
    from nac.preview.facts import segments
    from nac.rules.content.literal import FILL, literal

    found = literal(templated.text.value)
    forced = list(segments(found.replace(FILL, " ")).forced_by) if found is not None else []
    return [] if any(unicodedata.category(one.character)[0] in "LM" for one in forced if one.twin is None) else forced


def _finding(templated: Templated, forced: list[Forced], messages: list[Shown]) -> Diagnostic:
    from nac.preview.facts import segments
    from nac.rules.content.literal import FILL, literal

    plain = str.maketrans({one.character: one.twin or "" for one in forced})
    texts = [(one.message.text, one.event) for one in messages]
    counts = [(len(segments(text).parts), len(segments(text.translate(plain)).parts), event) for text, event in texts]
    dearer = max(((before, after) for before, after, _ in counts if after < before), default=None)
    text, first = templated.text, forced[0]
    named = ", ".join(_named(one) for one in forced[:_NAMED]) + (" …" if len(forced) > _NAMED else "")
    message = f"{named}: not in SMS's own alphabet, so a segment holds 70 characters instead of 160"
    level: str | None = "info"
    if dearer:
        message, level = f"{message}; this SMS takes {dearer[0]} segments instead of {dearer[1]}", None
    elif not texts:
        written = literal(text.value) or ""
        level = None if len(written.replace(FILL, "")) + _EXPRESSION * written.count(FILL) > 70 else "info"
    return Diagnostic(
        RULE,
        message,
        Label(text.source.path, text.span(first.offset, first.offset + 1)),
        help=_help(forced),
        events=tuple(dict.fromkeys(event for before, after, event in counts if after < before and event)),
        fix=_fix(templated, forced),
        level="info" if level else None,
    )


def _named(one: Forced) -> str:
    visible = f"`{one.character}` " if one.character.isprintable() and not one.character.isspace() else ""
    return f"{visible}{one.name.lower()}"


def _help(forced: list[Forced]) -> str:
    words = []
    for one in forced[:_NAMED]:
        if one.twin is None or one.twin == "":
            words.append("leave it out" if len(forced) == 1 else f"leave out {_named(one)}")
        else:
            words.append(f"write `{one.twin}`" if one.twin.strip() else "write a space")
    return ", ".join(dict.fromkeys(words))


def _fix(templated: Templated, forced: list[Forced]) -> Fix | None:
    from nac.rules.content.literal import literal

    if any(one.twin is None for one in forced):
        return None
    text, found = templated.text, literal(templated.text.value) or ""
    twins = {one.character: one.twin or "" for one in forced}
    path = text.source.path
    edits = []
    for offset, character in enumerate(found):
        if character in twins:
            twin = twins[character]
            twin = json.dumps(twin)[1:-1] if path.endswith(".json") else twin
            edits.append(Edit(path, text.span(offset, offset + 1), twin))
    return Fix("write what looks the same in SMS's own alphabet", tuple(edits))


CHECK = Check(RULE, find)
