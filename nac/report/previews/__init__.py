"""Previews for somebody to read at a terminal or through a pipe, and as JSON; `eml` writes mail files."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nac.preview.result import Previewed
from nac.report.terminal import PLAIN, Style

Write = Callable[[bytes], object]


def write_previews(
    write: Write,
    form: str,
    shown: Sequence[Previewed],
    style: Style = PLAIN,
    *,
    width: int | None = None,
    why: bool = False,
) -> None:
    """`json`: see `data`. `text`: cards as wide as the terminal where `width` is its number of columns; without it a
    fixed layout that wraps nothing. `why` adds the variants that were looked at."""
    if form == "json":
        from nac.report.previews.data import previews_json

        write(previews_json(shown))
        return
    if width is None:
        from nac.report.previews.plain import plain_text

        text = plain_text(shown, style, why=why)
    else:
        from nac.report.previews.cards import cards_text

        text = cards_text(shown, width, colour=style.colour, why=why)
    write(text.encode("utf-8", "backslashreplace"))
