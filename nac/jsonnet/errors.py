"""jsonnet's error text → a JsonnetError at its place in the author's text.

    RUNTIME ERROR: field does not exist: nmae
    <tab>/text/0:3:5-14<tab>object <anonymous>
    <tab>During manifestation

jsonnet counts columns in bytes, and line 1 begins with what `program.py` puts before the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from nac.diagnostics import did_you_mean
from nac.handlebars import HelperError
from nac.jsonnet.limits import MAX_STACK
from nac.jsonnet.program import FOLDER, PREFIX
from nac.templates.jsonnet import JsonnetError, data_path
from nac.templates.translations import MissingTranslation

_PLACE = (
    rf"{FOLDER}\d+:(?:(?P<line>\d+):(?P<column>\d+)(?:-(?P<end>\d+))?"
    r"|\((?P<line1>\d+):(?P<column1>\d+)\)-\((?P<line2>\d+):(?P<column2>\d+)\))"
)
_FRAME = re.compile(rf"^\t{_PLACE}(?:\t|$)", re.MULTILINE)
_STATIC = re.compile(rf"STATIC ERROR: {_PLACE}: (?P<message>.*)", re.DOTALL)
_NO_FIELD = "field does not exist: "
_NO_VARIABLE = "Unknown variable: "
_LIBRARY = re.compile(r"^\[json\.exception[^\]]*\] ")
_Place = tuple[int, int, int, int]


def error_of(said: str, source: str, data: Mapping[str, Any], failed: HelperError | None = None) -> JsonnetError:
    """`failed` is the translation that could not be made, where that is what ended it."""
    static = _STATIC.match(said)
    found = static or _FRAME.search(said)
    place = _place(found, source) if found else (1, 1, 1, 2)
    if static:
        return _static(static["message"].strip(), place, data)
    message = said.removeprefix("RUNTIME ERROR: ").split("\n\t")[0].strip()
    if failed is not None:
        return JsonnetError(str(failed), *place, missing=failed.key if isinstance(failed, MissingTranslation) else None)
    if message.startswith("couldn't open import"):
        return JsonnetError("JSONNET here cannot import files", *place, help="write it into this text")
    asked = JsonnetError("", *place).asked(source)
    if message.startswith(_NO_FIELD):
        return _no_field(message.removeprefix(_NO_FIELD), asked, place, data)
    if message.startswith("can only index") and message.rstrip(".").endswith("null"):
        return JsonnetError(f"`{_short(asked)}` reads a field of null", *place, missing=asked)
    return JsonnetError(_plain(message), *place)


def _static(message: str, place: _Place, data: Mapping[str, Any]) -> JsonnetError:
    if not message.startswith(_NO_VARIABLE):
        return JsonnetError(_plain(message), *place)
    name = message.removeprefix(_NO_VARIABLE)
    help = f"the data is in `data`: write `data.{name}`" if name in data else did_you_mean(name, ("data", "std", "t"))
    return JsonnetError(f"there is no variable `{_short(name)}`", *place, help=help)


def _no_field(name: str, asked: str, place: _Place, data: Mapping[str, Any]) -> JsonnetError:
    if re.match(r"std\b", asked):
        return JsonnetError(f"`std` has no function `{_short(name)}`", *place)
    steps = data_path(asked)
    if steps is None:
        return JsonnetError(f"there is no field `{_short(name)}` in `{_short(asked)}`", *place, missing=name)
    above: Any = data
    for step in steps[:-1]:
        above = above.get(step) if isinstance(above, Mapping) else None
    near = did_you_mean(name, above) if isinstance(above, Mapping) else None
    return JsonnetError(f"`{_short(asked)}` is not in the data", *place, missing=name, help=near)


def _place(found: re.Match[str], source: str) -> _Place:
    line = int(found["line"] or found["line1"])
    end_line = int(found["line"] or found["line2"])
    column = int(found["column"] or found["column1"])
    end = int(found["end"] or found["column2"] or column + 1)
    begin, stop = _position(source, line, column), _position(source, end_line, end)
    return (*begin, *max(begin, stop))


def _position(source: str, line: int, column: int) -> tuple[int, int]:
    """A line and a column in bytes, with the prefix → a line and a column in characters, inside the text."""
    lines = source.split("\n")
    if line > len(lines):
        return len(lines), len(lines[-1]) + 1
    if line == 1:
        column -= len(PREFIX)
    before = lines[line - 1].encode()[: max(column - 1, 0)]
    return line, len(before.decode("utf-8", "ignore")) + 1


def _plain(message: str) -> str:
    """One sentence, as nac writes them."""
    if message.startswith("max stack frames exceeded"):
        return f"this calls itself, or nests, more than {MAX_STACK} levels deep"
    text = _LIBRARY.sub("", " ".join(message.split())[:300]).rstrip(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() else text or "this cannot be evaluated"


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
