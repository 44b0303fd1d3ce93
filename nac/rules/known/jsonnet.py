"""What a text in JSONNET reads of `data`, and which translations it asks for, by its tokens alone.

Nothing is evaluated and no alias is followed: `data` or `data.order` that is not looked into any further is a read of
all of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|\#[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z))
    |(?P<text>@?"(?:[^"\\]|\\.)*"|@?'(?:[^'\\]|\\.)*')
    |(?P<block>\|\|\|-?[ \t]*\n(?:.*?\n[ \t]*\|\|\||.*))
    |(?P<name>[A-Za-z_]\w*)
    |(?P<sign>[.\[\](){},:;+=]|[^\s\w])""",
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class DataRead:
    """`data.order["$id"]`: steps, and where it stands (offsets in the text)."""

    steps: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A call of `t`. `key` None: it takes an evaluation to know; `prefix`: the key begins with `key`."""

    key: str | None
    prefix: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class JsonnetReads:
    """`asks_first`: somewhere it is asked whether a name is there before it is read."""

    reads: tuple[DataRead, ...]
    asked: tuple[Asked, ...]
    asks_first: bool


def read_jsonnet(source: str) -> JsonnetReads:
    tokens = [one for one in _TOKEN.finditer(source) if one.lastgroup != "comment"]
    reads: list[DataRead] = []
    asked: list[Asked] = []
    index = 0
    while index < len(tokens):
        one = tokens[index]
        index += 1
        if one.lastgroup != "name" or _after_dot(tokens, index - 1):
            continue
        if one[0] == "data" and not _is(tokens, index, ":"):
            steps: list[str] = []
            end = one.end()
            while index + 1 < len(tokens):
                if _is(tokens, index, ".") and tokens[index + 1].lastgroup == "name":
                    steps.append(tokens[index + 1][0])
                    index += 2
                elif _is(tokens, index, "[") and tokens[index + 1].lastgroup == "text" and _is(tokens, index + 2, "]"):
                    steps.append(_text(tokens[index + 1][0]))
                    index += 3
                else:
                    break
                end = tokens[index - 1].end()
            reads.append(DataRead(tuple(steps), one.start(), end))
        elif one[0] == "t" and _is(tokens, index, "("):
            asked.append(_asked(tokens, index + 1))
    words = ("objectHas", "objectHasAll", "get", "in")
    asks_first = any(one.lastgroup == "name" and one[0] in words for one in tokens)
    return JsonnetReads(tuple(reads), tuple(asked), asks_first)


def _asked(tokens: list[re.Match[str]], index: int) -> Asked:
    if index >= len(tokens):
        return Asked(None, False, 0, 0)
    first = tokens[index]
    if first.lastgroup != "text":
        return Asked(None, False, first.start(), first.end())
    key = _text(first[0])
    if _is(tokens, index + 1, ",") or _is(tokens, index + 1, ")"):
        return Asked(key, False, first.start(), first.end())
    return Asked(key, True, first.start(), first.end())


def _after_dot(tokens: list[re.Match[str]], index: int) -> bool:
    return index > 0 and tokens[index - 1][0] == "."


def _is(tokens: list[re.Match[str]], index: int, sign: str) -> bool:
    return index < len(tokens) and tokens[index][0] == sign


def _text(written: str) -> str:
    return re.sub(r"\\(.)", r"\1", written.lstrip("@")[1:-1])
