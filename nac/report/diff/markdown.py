"""A Diff as the comment of a pull request: the most important first, details folded, never too long for a comment.

Nothing that came from the project is read as Markdown. Short texts stand in `<code>`, every mark in them as a numeric
character reference, which CommonMark takes for the character and never for structure; long ones in `<pre>`, where
Markdown is not read at all. In both, GitHub and GitLab link no names, numbers or addresses.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from nac.diff.changes import CLASSES, Change, Diff, MessageChanged, Text
from nac.report.diff import MARKER
from nac.report.diff.excerpts import excerpt
from nac.report.diff.wording import (
    MAX_NAMES,
    by_trigger,
    causes,
    compared,
    details,
    places,
    summary,
    text_of,
    title,
)
from nac.report.terminal import safe

MAX_COMMENT = 65_000
"""UTF-16 units. GitHub takes 65,536 characters; what counts as one is not published."""
_RESERVED = 400
MAX_SHORT = 300
MAX_PRE = 6_000
_ICONS = {"breaking": "🔴", "audience": "🟠", "content": "🔵", "cosmetic": "⚪"}
_LINKED = re.compile(r"@\w?|#\w?|://|www\.|GH-|:\w")
_ORDER = re.compile(r"^([ \t]*)/", re.MULTILINE)
_MARKS = re.compile(r"[^\w ]|_")


def diff_markdown(found: Diff) -> str:
    """The comment; its first line is MARKER."""
    head = [MARKER, f"### nac: {prose(summary(found))}", ""]
    if found.changes:
        head += [f"{code(compared(found))}", ""]
    head += [f"> {prose(note)}\n" for note in found.notes[:5]]
    room = MAX_COMMENT - _RESERVED - length("\n".join(head))
    blocks, left = fitting(found, room)
    if left:
        blocks.append(f"\n_{left:,} more {'change does' if left == 1 else 'changes do'} not fit into a comment: "
                      f"`nac diff` shows all of them._\n")  # fmt: skip
    return "\n".join([*head, *blocks]).rstrip("\n") + "\n"


def fitting(found: Diff, room: int) -> tuple[list[str], int]:
    """As much as there is room for: all titles before any details, and those by severity."""
    blocks: list[str] = []
    left = 0
    for name, changes in by_trigger(found.changes):
        opening = f"#### {code(name)}\n"
        room -= length(opening) + 1
        made = []
        for one in changes:
            for form in (_folded(one), _short(one)):
                if (size := length(form) + 1) <= room:
                    made.append(form)
                    room -= size
                    break
            else:
                left += 1
        if made:
            blocks += [opening, *made]
        else:
            room += length(opening) + 1
    return blocks, left


def _short(change: Change) -> str:
    return f"- {_ICONS.get(change.cls, '')} **{change.cls}** {code(title(change))}\n"


def _folded(change: Change) -> str:
    lines = list(_inside(change))
    if not lines:
        return _short(change)
    opened = " open" if CLASSES.index(change.cls) >= CLASSES.index("audience") else ""
    summary_line = f"{_ICONS.get(change.cls, '')} <b>{change.cls}</b> {code(title(change))}"
    return f"<details{opened}><summary>{summary_line}</summary>\n\n" + "\n".join(lines) + "\n\n</details>\n"


def _inside(change: Change) -> Iterator[str]:
    yield f"{prose(change.reason)}\n"
    if where := places(change.where):
        yield f"{code(where)}\n"
    for label, text in details(change):
        yield f"- {prose(label)} {code(text)}"
    if isinstance(change, MessageChanged):
        for one in (*change.texts, *change.markup):
            yield f"\n{prose(one.name)}:\n\n{_words(one)}"
    if (whole := text_of(change)) is not None:
        yield f"\n<pre>{preformatted(whole[:MAX_PRE])}</pre>\n"
    if files := causes(change):
        more = f" and {len(files) - MAX_NAMES} more" if len(files) > MAX_NAMES else ""
        yield f"\nbecause of {', '.join(code(one) for one in files[:MAX_NAMES])}{more}"


def _words(text: Text) -> str:
    made = []
    for part in excerpt(text.words):
        inside = preformatted(part.text)
        tag = {"removed": "del", "added": "ins"}.get(part.kind)
        made.append(f"<{tag}>{inside}</{tag}>" if tag else inside)
    joined = "".join(made)
    shown = joined if length(joined) <= MAX_PRE else f"{preformatted(text.words[0].text[:200])}…"
    return f"<pre>{shown}</pre>\n"


def preformatted(text: str) -> str:
    """Text inside `<pre>`. A blank line would end some readers' blocks, so it holds a space; a line that begins with a
    slash would be an order to GitLab, in whatever it stands."""
    shown = html.escape(safe(text)).replace("\n\n", "\n&#32;\n").replace("\n\n", "\n&#32;\n")
    return _ORDER.sub(r"\1&#47;", shown)


def code(text: str) -> str:
    """Short text of the project, in `<code>`."""
    return f"<code>{_plain(text)}</code>"


def prose(text: str) -> str:
    """A sentence that may hold words of the project, outside of `<code>`: what a host would make a link or a mention
    of is held apart by a word joiner, which nobody sees."""
    return _plain(_LINKED.sub(lambda found: "\u2060".join(found[0]), text))


def _plain(text: str) -> str:
    shown = safe(text.replace("\n", "⏎").replace("\t", " "))
    shown = shown if len(shown) <= MAX_SHORT else shown[: MAX_SHORT - 1] + "…"
    return _MARKS.sub(lambda found: f"&#{ord(found[0])};" if ord(found[0]) < 128 else found[0], shown)


def length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
