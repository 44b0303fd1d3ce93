"""Template text → tokens.

Handlebars' lexer has modes (text, tag, raw block), but they depend on the text alone, so a template is cut up
in one go, before it is parsed. What cannot be a token becomes an INVALID one: the parser knows what it expected
there and says so.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from nac.handlebars.errors import TemplateSyntaxError
from nac.handlebars.source import Source, Span
from nac.handlebars.values import SPACE

_S = f"[{SPACE}]"
# What a name is made of: anything but whitespace and Handlebars' own punctuation.
_NAME = rf"[^{SPACE}!\"#%-,./;->@\[-^`{{-~]++"
# What may follow a name, and what may follow a literal (`1.a` and `true=1` begin with names).
_AFTER_NAME = rf"(?=[=~}}{SPACE}/.)|])"
_AFTER_LITERAL = rf"(?=[~}}{SPACE})])"

# The order of the alternatives is part of the grammar: `{{else}}` is not a variable, `{{{{` is not `{{{`.
_OPEN = re.compile(
    rf"""\{{\{{ (?:
        (?P<OPEN_RAW> \{{\{{ )
      | ~?(?:
            (?P<OPEN_PARTIAL> > )
          | (?P<OPEN_PARTIAL_BLOCK> \#> )
          | (?P<OPEN_BLOCK> \#\*? )
          | (?P<OPEN_END> / )
          | (?P<ELSE> (?: \^ | {_S}*+else ){_S}*+~?\}}\}} )
          | (?P<OPEN_INVERSE> \^ )
          | (?P<OPEN_ELSE> {_S}*+else(?![A-Za-z0-9_]) )
          | (?P<OPEN_UNESCAPED> \{{ )
          | (?P<COMMENT> ! )
          | (?P<OPEN> & | \*? )
        )
    )""",
    re.VERBOSE,
)
_TOKEN = re.compile(
    rf"""{_S}*+ (?:
        (?P<OPEN_CALL> \( )
      | (?P<CLOSE_CALL> \) )
      | (?P<CLOSE_RAW> \}}\}}\}}\}} )
      | (?P<EQUALS> = )
      | (?P<CLOSE_UNESCAPED> \}}~?\}}\}} )
      | (?P<CLOSE> ~?\}}\}} )
      | (?P<STRING> "(?:[^"\\]++|\\"|\\)*" | '(?:[^'\\]++|\\'|\\)*' )
      | (?P<AT> @ )
      | (?P<BOOLEAN> (?:true|false){_AFTER_LITERAL} )
      | (?P<UNDEFINED> undefined{_AFTER_LITERAL} )
      | (?P<NULL> null{_AFTER_LITERAL} )
      | (?P<NUMBER> -?[0-9]++(?:\.[0-9]++)?{_AFTER_LITERAL} )
      | (?P<AS> as{_S}++\| )
      | (?P<PIPE> \| )
      | (?P<NAME> \.\. | \.{_AFTER_NAME} | {_NAME}{_AFTER_NAME} | \[(?:[^]\\]++|\\\]|\\)*\] )
      | (?P<SEPARATOR> [/.] )
    )""",
    re.VERBOSE,
)
_COMMENT_END = re.compile(r"--~?\}\}")
_ESCAPED_END = re.compile(r"\\{0,2}\{\{")
_INVALID_NAME = re.compile(_NAME)
_RAW_END = re.compile(rf"\{{\{{\{{\{{/({_NAME})\}}\}}\}}\}}")


class Token(NamedTuple):
    """A piece of a template: what it is, its text (content without its escaping backslash), and where."""

    kind: str
    text: str
    start: int
    end: int


def tokenize(source: Source) -> list[Token]:
    """Cut a template into tokens; the last one is END or INVALID.

    Raises TemplateSyntaxError for a comment or raw block that is never closed, and for a NUL in the text (as
    handlebars.js does).
    """
    text, position = source.text, 0
    tokens: list[Token] = []
    while True:
        position = _content(source, position, tokens)
        if position == len(text):
            tokens.append(Token("END", "", position, position))
            return tokens
        opening = _OPEN.match(text, position)
        assert opening is not None  # it stands at a `{{`
        kind, end = opening.lastgroup or "", opening.end()
        if kind == "COMMENT":
            end = _comment_end(source, position, end)
        tokens.append(Token(kind, text[position:end], position, end))
        start, position = position, end
        if kind not in ("COMMENT", "ELSE"):
            position = _tag(text, position, tokens)
            if tokens[-1].kind == "INVALID":
                return tokens
            if tokens[-1].kind == "CLOSE_RAW":
                if kind != "OPEN_RAW":
                    raise _closed_with_four(source, start, tokens[-1])
                position = _raw(source, start, position, tokens)


def _content(source: Source, position: int, tokens: list[Token]) -> int:
    """Text up to the next tag; `\\{{` keeps a tag from being one, `\\\\{{` is a backslash and a tag."""
    text = source.text
    while True:
        tag = text.find("{{", position)
        end = len(text) if tag < 0 else tag
        content = text[position:end]
        escaped = tag >= 0 and content.endswith("\\")
        _add_content(source, content[:-1] if escaped else content, position, end, tokens)
        if not escaped or content.endswith("\\\\"):
            return end
        following = _ESCAPED_END.search(text, end + 2)
        position = following.start() if following else len(text)
        _add_content(source, text[end:position], end, position, tokens)


def _add_content(source: Source, content: str, start: int, end: int, tokens: list[Token]) -> None:
    nul = content.find("\0")
    if nul >= 0:
        place = Span(source, start + nul, start + nul + 1)
        raise TemplateSyntaxError("a template cannot hold the character NUL", place)
    if content:
        tokens.append(Token("CONTENT", content, start, end))


def _comment_end(source: Source, start: int, after: int) -> int:
    text = source.text
    if text.startswith("--", after):
        closing = _COMMENT_END.search(text, after)
        end, expected = (closing.end() if closing else -1), "--}}"
    else:
        end, expected = text.find("}}", after) + 2, "}}"
    if end < after:
        message = f"this comment is never closed: expected `{expected}`"
        raise TemplateSyntaxError(message, Span(source, start, after))
    return end


def _tag(text: str, position: int, tokens: list[Token]) -> int:
    """The inside of a tag, up to and with its closing braces."""
    while True:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            position = len(text) - len(text[position:].lstrip(SPACE))
            name = _INVALID_NAME.match(text, position)
            if name:  # what is wrong is what follows it
                tokens.append(Token("NAME", name[0], position, name.end()))
                position = name.end()
            end = min(position + 1, len(text))
            tokens.append(Token("INVALID", text[position:end], position, end))
            return end
        kind, position = match.lastgroup, match.end()
        tokens.append(Token(kind, match[kind], match.start(kind), position))
        if kind in ("CLOSE", "CLOSE_UNESCAPED", "CLOSE_RAW"):
            return position


def _closed_with_four(source: Source, start: int, closing: Token) -> TemplateSyntaxError:
    """JSON's own brace right behind a tag's: `{"text": {{{json x}}}}`."""
    braces = "}}}" if source.text.startswith("{{{", start) else "}}"
    message = f"`}}}}}}}}` closes a raw block, and this tag is none: expected `{braces}`"
    help_ = f"put a space between the tag's `{braces}` and the `}}` that follows"
    return TemplateSyntaxError(message, Span(source, closing.start, closing.end), help_)


def _raw(source: Source, opening: int, inside: int, tokens: list[Token]) -> int:
    """The inside of `{{{{raw}}}} … {{{{/raw}}}}`, where raw blocks may nest and nothing else is special."""
    text, position, depth = source.text, inside, 1
    while True:
        closing = _RAW_END.match(text, position)
        if text.startswith("{{{{", position) and text[position + 4 : position + 5] not in ("/", ""):
            depth += 1
            end = position + 4
        elif closing:
            depth -= 1
            end = closing.end()
            if not depth:
                tokens.append(Token("RAW_END", closing[1], position, end))
                return end
        else:
            end = text.find("{{{{", position + 1)
            if end < 0:
                raise TemplateSyntaxError("this raw block is never closed", Span(source, opening, inside))
        _add_content(source, text[position:end], position, end, tokens)
        position = end
