"""Slack's mrkdwn as HTML, and WhatsApp's marks, which are cut from the same cloth.

Source: Slack's "Formatting text for app surfaces", WhatsApp's "How to format your messages". Every pass is linear in
the text: the ends of a mark are looked up, not searched for again and again.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator

from markupsafe import Markup

from nac.report.page.markup import Child, h, joined, link, shown

_TAGS = {"*": "b", "_": "i", "~": "s"}
_ANGLE = re.compile(r"<([^<>\n]{1,3000})>")
_FENCE = "```"
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ENTITY = re.compile("|".join(_ENTITIES))

Inline = Callable[[str], Markup]


def slack(text: str) -> Markup:
    """A mrkdwn text: marks, links, mentions, quotes, preformatted parts. Slack reads three entities, and no others."""
    return _blocks(text, lambda line: emphasis(line, _angles), decoded, "pre")


def whatsapp(text: str) -> Markup:
    """`*bold*`, `_italic_`, `~strike~`, code, quotes; addresses are shown as WhatsApp shows them, coloured."""
    return _blocks(text, lambda line: emphasis(line, _addresses), str, "code")


def plain(text: str) -> Markup:
    """Text as it stands, its line breaks kept."""
    return joined(_broken(text.split("\n"), lambda line: joined([line])))


def decoded(text: str) -> str:
    return _ENTITY.sub(lambda found: _ENTITIES[found[0]], text)


def _blocks(text: str, inline: Inline, literal: Callable[[str], str], tag: str) -> Markup:
    parts = text.split(_FENCE)
    if len(parts) % 2 == 0:  # the last fence has no end
        parts[-2:] = [_FENCE.join(parts[-2:])]
    out: list[Child] = []
    for number, part in enumerate(parts):
        if number % 2:
            out.append(h(tag if "\n" not in part else "pre", literal(part.strip("\n"))))
        elif part:
            out.append(_paragraphs(part.strip("\n") if len(parts) > 1 and tag == "pre" else part, inline))
    return joined(out)


def _paragraphs(text: str, inline: Inline) -> Markup:
    out: list[Child] = []
    quoted: list[str] = []
    lines: list[str] = []

    def flush() -> None:
        if quoted:
            out.append(h("blockquote", _broken(quoted, inline)))
        if lines:
            out.append(joined(_broken(lines, inline)))
        quoted.clear()
        lines.clear()

    for line in text.split("\n"):
        mark = "&gt;" if line.startswith("&gt;") else ">" if line.startswith(">") else ""
        if bool(mark) != bool(quoted):
            flush()
        (quoted if mark else lines).append(line[len(mark) :].lstrip() if mark else line)
    flush()
    return joined(out)


def _broken(lines: list[str], inline: Inline) -> Iterator[Markup]:
    for number, line in enumerate(lines):
        if number:
            yield h("br")
        yield inline(line)


def emphasis(line: str, rest: Inline) -> Markup:
    """The marks of one line. A mark opens before and closes after something that is not a space, at a word's edge."""
    head, *others = line.split("`")
    out: list[Child] = [_marked(head, "*_~", rest)]
    while len(others) >= 2:
        code, following = others[0], others[1]
        out += [h("code", decoded(code)) if code else "``", _marked(following, "*_~", rest)]
        others = others[2:]
    if others:
        out += ["`", _marked(others[0], "*_~", rest)]
    return joined(out)


def _marked(text: str, marks: str, rest: Inline) -> Markup:
    ends = {mark: [at for at in _found(text, mark) if _closes(text, at)] for mark in marks}
    out: list[Child] = []
    start = at = 0
    while at < len(text):
        mark = text[at]
        if mark == "<" and (angle := _ANGLE.match(text, at)):
            at = angle.end()  # what stands in an address is no mark
            continue
        if mark in ends and _opens(text, at):
            place = bisect_left(ends[mark], at + 2)
            if place < len(ends[mark]):
                end = ends[mark][place]
                inner = _marked(text[at + 1 : end], marks.replace(mark, ""), rest)
                out += [rest(text[start:at]), h(_TAGS[mark], inner)]
                start = at = end + 1
                continue
        at += 1
    return joined([*out, rest(text[start:])])


def _found(text: str, mark: str) -> Iterator[int]:
    at = text.find(mark)
    while at >= 0:
        yield at
        at = text.find(mark, at + 1)


def _opens(text: str, at: int) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return not before.isalnum() and not after.isspace()


def _closes(text: str, at: int) -> bool:
    after = text[at + 1] if at + 1 < len(text) else " "
    return at > 0 and not text[at - 1].isspace() and not after.isalnum()


def _angles(text: str) -> Markup:
    """Slack's `<…>`: links, and mentions of people, channels and groups."""
    out: list[Child] = []
    start = 0
    for found in _ANGLE.finditer(text):
        out += [decoded(text[start : found.start()]), _angle(found[1])]
        start = found.end()
    return joined([*out, decoded(text[start:])])


def _angle(inside: str) -> Child:
    target, _, label = (decoded(part) for part in inside.partition("|"))
    if target[:1] in ("@", "#", "!"):
        named = label or target[1:].removeprefix("subteam^")
        if target.startswith("!date^"):
            return label or target
        sign = "#" if target[0] == "#" else "@"
        return h("span", sign + named.lstrip("@#"), class_="mention", title=shown(inside))
    if ":" not in target and "." not in target:
        return f"<{decoded(inside)}>"
    return link(target, label or target.removeprefix("mailto:"))


_ADDRESS = re.compile(r"https?://[^\s<>]+")


def _addresses(text: str) -> Markup:
    out: list[Child] = []
    start = 0
    for found in _ADDRESS.finditer(text):
        out += [text[start : found.start()], link(found[0], found[0])]
        start = found.end()
    return joined([*out, text[start:]])
