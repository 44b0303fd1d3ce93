"""Whitespace control: what `~` removes, and the lines that hold nothing but a tag.

A block, comment or partial tag that stands alone on its line takes the line with it. handlebars.js decides this
by looking at the text as written and removes from what is left of it, so that the order of the steps shows in
the output; it is kept here.
"""

from __future__ import annotations

from nac.handlebars import nodes
from nac.handlebars.values import SPACE

_BLANK = " \t"


def control_whitespace(program: nodes.Program) -> None:
    """Edit a template's contents in place."""
    _program(program, is_root=True)


def _program(program: nodes.Program, is_root: bool = False) -> None:
    body = program.body
    for index, node in enumerate(body):
        before = _ends_line(body, index, is_root)
        after = _starts_line(body, index, is_root)
        match node:
            case nodes.Mustache() | nodes.Decorator():
                _strip_around(body, index, node.strip)
            case nodes.Comment() | nodes.Partial():
                _strip_around(body, index, node.strip)
                if before and after:
                    _strip_right(body, index + 1)
                    if _strip_left(body, index - 1) and isinstance(node, nodes.Partial):
                        node.indent = _indent(body[index - 1])
            case nodes.Block() | nodes.DecoratorBlock() | nodes.PartialBlock():
                opens_alone, closes_alone = _block(node)
                inverse = node.inverse if isinstance(node, nodes.Block) else None
                first, last = node.program or inverse, inverse or node.program
                assert first is not None  # a block has at least one
                assert last is not None
                close = node.close_strip or nodes.Strip()
                _strip_around(body, index, nodes.Strip(node.open_strip.open, close.close))
                if opens_alone and before:
                    _strip_right(first.body, 0)
                    _strip_left(body, index - 1)
                if closes_alone and after:
                    _strip_right(body, index + 1)
                    _strip_left(last.body, len(last.body) - 1)


def _block(block: nodes.Block | nodes.DecoratorBlock | nodes.PartialBlock) -> tuple[bool, bool]:
    """Strip inside a block; tells whether its opening and its closing tag could stand alone on their lines."""
    inverse = block.inverse if isinstance(block, nodes.Block) else None
    for part in (block.program, inverse):
        if part:
            _program(part)
    # Of `{{^x}} a {{else}} b {{/x}}` the program is b: handlebars.js too takes it for the part that comes first.
    program, inverse = (block.program, inverse) if block.program else (inverse, None)
    assert program is not None
    first_inverse, last_inverse = _ends_of_chain(inverse)
    last = first_inverse or program
    alone = _starts_line(program.body, -1), _ends_line(last.body, len(last.body))
    close = block.close_strip or nodes.Strip()
    if block.open_strip.close:
        _strip_right(program.body, 0, everything=True)
    if first_inverse and last_inverse:
        between = (block.inverse_strip if isinstance(block, nodes.Block) else None) or nodes.Strip()
        if between.open:
            _strip_left(program.body, len(program.body) - 1, everything=True)
        if between.close:
            _strip_right(first_inverse.body, 0, everything=True)
        if close.open:
            _strip_left(last_inverse.body, len(last_inverse.body) - 1, everything=True)
        if _ends_line(program.body, len(program.body)) and _starts_line(first_inverse.body, -1):
            _strip_left(program.body, len(program.body) - 1)
            _strip_right(first_inverse.body, 0)
    elif close.open:
        _strip_left(program.body, len(program.body) - 1, everything=True)
    return alone


def _ends_of_chain(inverse: nodes.Program | None) -> tuple[nodes.Program | None, nodes.Program | None]:
    """The bodies after the first and after the last `else` of a chain."""
    first = last = inverse
    if inverse and inverse.chained:
        first = _link(inverse).program
    while last and last.chained:
        last = _link(last).program
    return first, last


def _link(chained: nodes.Program) -> nodes.Block:
    block = chained.body[-1]
    assert isinstance(block, nodes.Block)
    return block


def _starts_line(body: list[nodes.Statement], index: int, is_root: bool = False) -> bool:
    """Whether nothing but whitespace follows the statement on its line."""
    if index + 1 >= len(body):
        return is_root
    following = body[index + 1]
    if not isinstance(following, nodes.Content):
        return False
    text = following.original
    rest = text.lstrip(SPACE)
    return "\n" in text[: len(text) - len(rest)] or (is_root and index + 2 == len(body) and not rest)


def _ends_line(body: list[nodes.Statement], index: int, is_root: bool = False) -> bool:
    """Whether nothing but whitespace precedes the statement on its line."""
    if index == 0:
        return is_root
    before = body[index - 1]
    if not isinstance(before, nodes.Content):
        return False
    text = before.original
    rest = text.rstrip(SPACE)
    return "\n" in text[len(rest) :] or (is_root and index == 1 and not rest)


def _strip_around(body: list[nodes.Statement], index: int, strip: nodes.Strip) -> None:
    if strip.close:
        _strip_right(body, index + 1, everything=True)
    if strip.open:
        _strip_left(body, index - 1, everything=True)


def _strip_right(body: list[nodes.Statement], index: int, everything: bool = False) -> None:
    """Remove the rest of the line, or all whitespace, from the start of the content at an index, if it is one."""
    content = body[index] if index < len(body) else None
    if not isinstance(content, nodes.Content) or (content.right_stripped and not everything):
        return
    if everything:
        value = content.value.lstrip(SPACE)
    else:
        value = content.value.lstrip(_BLANK).removeprefix("\r").removeprefix("\n")
    content.right_stripped = value != content.value
    content.value = value


def _strip_left(body: list[nodes.Statement], index: int, everything: bool = False) -> bool:
    """Remove the line's indentation, or all whitespace, from the end of the content at an index, if it is one."""
    content = body[index] if 0 <= index < len(body) else None
    if not isinstance(content, nodes.Content) or (content.left_stripped and not everything):
        return False
    value = content.value.rstrip(SPACE if everything else _BLANK)
    content.left_stripped = value != content.value
    content.value = value
    return content.left_stripped


def _indent(content: nodes.Statement) -> str:
    assert isinstance(content, nodes.Content)
    return content.original[len(content.original.rstrip(_BLANK)) :]
