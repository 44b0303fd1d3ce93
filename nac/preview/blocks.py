"""Blocks and cards: a text in Handlebars or JSONNET → the JSON that it stands for."""

from __future__ import annotations

import json
import re
from typing import Any

from nac.diagnostics import INVALID_JSON, INVALID_TEMPLATE, Diagnostic, Label
from nac.json_reader import read_json
from nac.preview.fields import Fields
from nac.preview.origin import origin
from nac.source import SourceFile
from nac.templates.template import Text


def is_jsonnet(fields: Fields) -> bool:
    return fields.word("templating_language", default="handlebars") == "jsonnet"


def json_of(fields: Fields, text: Text) -> Any:
    """The JSON, None where there is a problem, which is then among those of `fields`."""
    if is_jsonnet(fields):
        return fields.evaluated(text)
    before = len(fields.problems)
    printed = fields.rendered(text)
    if len(fields.problems) > before or not printed:
        return None
    try:
        return json.loads(printed, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        fields.problems.append(_not_json(fields, text, printed, *_mistake(printed, error)))
    except (ValueError, RecursionError):
        fields.problems.append(_not_json(fields, text, printed, "it nests too deeply or holds no JSON number", 0))
    return None


def _mistake(printed: str, error: json.JSONDecodeError) -> tuple[str, int]:
    """What is wrong and at which offset, in the words of our own reader: Python's differ from version to version."""
    source = SourceFile("printed", printed)
    _, found = read_json(source)
    first = next((one for one in found if one.rule is INVALID_JSON and one.label.span), None)
    if first is None or first.label.span is None:
        return error.msg, error.pos
    lines = re.split(r"(\r\n|\r|\n)", printed)
    before = sum(map(len, lines[: 2 * (first.label.span.line - 1)]))
    return first.message.removeprefix("this is not JSON: "), before + first.label.span.column - 1


def _refuse(word: str) -> Any:
    raise ValueError(word)


def _not_json(fields: Fields, text: Text, printed: str, reason: str, at: int) -> Diagnostic:
    place = origin(text, fields.context, printed, at)
    line = printed.count("\n", 0, at) + 1
    column = at - (printed.rfind("\n", 0, at) + 1) + 1
    # What was printed is not shown: it holds people's data.
    said = reason[:1].lower() + reason[1:].removesuffix(" at")
    message = f"what this prints is not JSON: {said} (line {line}, column {column} of what is printed)"
    label = Label(text.source.path, text.span(place.start, place.end))
    return Diagnostic(INVALID_TEMPLATE, message, label, help=place.help)
