"""Front matter: YAML between two lines of `---` at the top of a file, with the place of each character of its texts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nac.diagnostics import EMPTY_FILE, INVALID_YAML, Diagnostic, Label
from nac.source import Node, SourceFile, Span
from nac.templates.template import Text
from nac.yaml_reader import read_yaml

_FENCE = re.compile(r"---[ \t]*(?:\r\n|\r|\n)")
_CLOSE = re.compile(r"(?:^|(?<=[\r\n]))---[ \t]*(?:\r\n|\r|\n|\Z)")
_KEY = re.compile(r"[A-Za-z_]+:(?:[ \t]|[\r\n]|\Z)")
_HEX = {"x": 2, "u": 4, "U": 8}


def split(source: SourceFile) -> tuple[Node | None, Text, list[Diagnostic]]:
    """The mapping of the front matter (None without one), the rest of the file, and what is wrong with the former."""
    opened = _FENCE.match(source.text)
    if opened is None:
        return None, Text.whole(source), []
    closed = _CLOSE.search(source.text, opened.end())
    if closed is None:
        if _KEY.match(source.text, opened.end()):
            message = "the front matter that starts here is never closed"
            label = Label(source.path, Span(1, 1, 1, 4))
            return None, Text.whole(source), [Diagnostic(INVALID_YAML, message, label, help="close it with `---`")]
        return None, Text.whole(source), []
    # Cut off before the second `---`, the text is a YAML document of its own, at the same lines and columns.
    node, found = read_yaml(SourceFile(source.path, source.text[: closed.start()]))
    found = [one for one in found if one.rule is not EMPTY_FILE]
    rest = source.text[closed.end() :]
    value = rest.removesuffix("\n").removesuffix("\r")
    return node, Text(value, source, range(closed.end(), closed.end() + len(value) + 1)), found


def yaml_text(source: SourceFile, node: Node) -> Text:
    """A text of the front matter: exact for what is written as it is read, the nearest place for what is folded."""
    start, end = _offset(source, node.span.line, node.span.column), _offset(source, *node.span[2:])
    return Text(str(node.value), source, _align(str(node.value), source.text, start, end))


def _offset(source: SourceFile, line: int, column: int) -> int:
    at = 0
    breaks = re.finditer(r"\r\n|\r|\n", source.text)
    for _ in range(line - 1):
        found = next(breaks, None)
        if found is None:
            break
        at = found.end()
    return min(at + column - 1, len(source.text))


def _align(value: str, text: str, start: int, end: int) -> Sequence[int]:
    """The offset of each character of a YAML text that is written in `text[start:end]`, and of its end."""
    sign = text[start : start + 1]
    at = start
    last = end
    if sign in ("'", '"'):
        at, last = start + 1, end - 1
    elif sign in ("|", ">"):
        first = re.compile(r"\r\n|\r|\n").search(text, start, end)
        at = first.end() if first else end
    found: list[int] = []
    for character in value:
        at = _next(character, text, at, last, sign)
        found.append(min(at, last))
        at += _width(text, at, sign) if at < last else 0
    return [*found, min(at, last)]


def _next(character: str, text: str, at: int, last: int, sign: str) -> int:
    """Where a character is written: here, or behind the spaces and line breaks that YAML folds away."""
    here = at
    while here < last:
        if sign == '"' and text[here] == "\\":
            if text[here + 1 : here + 2] not in ("\r", "\n"):
                return here
            here += 2
        elif text[here] == character or (character in " \n" and text[here] in "\r\n"):
            return here
        elif text[here] in " \t\r\n":
            here += 1
        else:
            break
    return at


def _width(text: str, at: int, sign: str) -> int:
    if sign == '"' and text[at] == "\\":
        return 2 + _HEX.get(text[at + 1 : at + 2], 0)
    return 2 if (sign == "'" and text[at] == "'") or text[at : at + 2] == "\r\n" else 1
