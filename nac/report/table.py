"""Rows in columns, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nac.report.terminal import PLAIN, Style, safe, width


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], style: Style = PLAIN) -> str:
    """Columns as wide as their widest cell; the last one is not padded. Cells are made safe to print."""
    cells = [[safe(cell).replace("\n", " ").replace("\t", " ") for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(heads, *cells, strict=True)]
    lines = [style.bold(_line(heads, widths))]
    lines += [_line(row, widths) for row in cells]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell + " " * (size - width(cell)) for cell, size in zip(cells, widths, strict=True)]
    return "  ".join(padded).rstrip()
