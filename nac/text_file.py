"""A file of a tree as text, or why it is none."""

from __future__ import annotations

from codecs import BOM_UTF8

from nac.diagnostics import NOT_UTF8, TOO_LARGE, UNREADABLE, Diagnostic, Label
from nac.source import SourceFile, Span
from nac.tree import Tree, TreeError, TreeSizeError


def read_text(tree: Tree, path: str, limit: int) -> SourceFile | Diagnostic:
    """The file at `path`, up to `limit` bytes of UTF-8; a byte order mark is left out."""
    path = path.rstrip("/")
    try:
        data = tree.read(path, limit)
        return SourceFile(path, data.decode("utf-8-sig"), mark=data.startswith(BOM_UTF8))
    except TreeError as error:
        rule = TOO_LARGE if isinstance(error, TreeSizeError) else UNREADABLE
        return Diagnostic(rule, f"this file cannot be read: {error}", Label(path))
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        label = Label(path, Span(line, column, line, column + 1))
        return Diagnostic(NOT_UTF8, f"the byte 0x{data[error.start]:02x} is not UTF-8", label, help="save it as UTF-8")
