"""A Diff as text, JSON, Markdown for the comment of a pull request, or a page. The same bytes from the same commits."""

from __future__ import annotations

from collections.abc import Callable

from nac.diff.changes import Diff
from nac.report.terminal import PLAIN, Style

__all__ = ["MARKER", "diff_text", "write_diff"]

MARKER = "<!-- nac-diff -->"
"""The first line of a comment, so that the next run finds it and writes in its place."""


def diff_text(form: str, found: Diff, style: Style = PLAIN) -> str:
    """The whole report; `form` is text, json, markdown or html."""
    if form == "json":
        from nac.report.diff.as_json import diff_json

        return diff_json(found)
    if form == "html":
        from nac.report.diff.page import diff_page

        return diff_page(found)
    if form == "markdown":
        from nac.report.diff.markdown import diff_markdown

        return diff_markdown(found)
    from nac.report.diff.text import diff_lines

    return "\n".join(diff_lines(found, style)) + "\n"


def write_diff(write: Callable[[bytes], object], form: str, found: Diff, style: Style = PLAIN) -> None:
    # A file's name may hold bytes that are no UTF-8: they are shown, and not written as they are.
    write(diff_text(form, found, style).encode("utf-8", "backslashreplace"))
