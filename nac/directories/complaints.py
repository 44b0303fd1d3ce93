"""What DuckDB complains of, in an author's words, and without the values that it quotes: they may be somebody's."""

from __future__ import annotations

import re

from nac.diagnostics import INVALID_QUERY, nearest
from nac.directory import DirectoryError, Query


def no_column(error: Exception, query: Query) -> DirectoryError | None:
    """What to say when the SQL names a column, or another table, that does not exist."""
    text = str(error)
    found = re.search(r'(Referenced column|Table with name) "?([^"]+?)"? (?:not found|does not exist)', text)
    if found is None:
        return None
    what, name = "column" if found[1] == "Referenced column" else "directory", found[2]
    near = re.search(r'(?:Candidate bindings: |Did you mean )"([^"]+)"', text)
    help = f"did you mean `{near[1]}`?" if near and nearest(name, [near[1]]) else None
    part = "where" if name in (query.where or "") else "order_by"
    return DirectoryError(INVALID_QUERY, f"there is no {what} `{name}`", part, help, name)


def csv_line(error: Exception) -> str | None:
    """What is wrong with which line of a CSV file, without what stands in it."""
    text = str(error)
    if not (line := re.search(r"CSV Error on Line: (\d+)", text)):
        return None
    if fields := re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text):
        return f"line {line[1]} has {fields[2]} fields, not {fields[1]}"
    if "unterminated quote" in text:
        return f"a quote in line {line[1]} is never closed"
    if "Invalid unicode" in text:
        return f"line {line[1]} is not UTF-8"
    if column := re.search(r"Error when converting column \"(.*?)\"", text):
        return f"what line {line[1]} holds in `{column[1]}` is not of the type that `types` gives it"
    return f"line {line[1]} is not CSV"


def plain(error: Exception) -> str:
    """What went wrong on one line, without any value: DuckDB quotes what it cannot take, and that may be somebody's.

    Only what DuckDB says of the SQL itself is passed on; the rest is told by its kind.
    """
    import duckdb

    text = re.sub(r"\s+", " ", str(error).split("\n\nLINE ")[0].split("\nLINE ")[0])
    if isinstance(error, duckdb.Error) and not isinstance(
        error, (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException)
    ):
        if cast := re.search(r"to ([A-Z0-9(), ]+?) when casting from source column (\w+)", text):
            return f"a value of `{cast[2]}` cannot become {cast[1]}"
        return next((words for sign, words in _KINDS if re.search(sign, text)), "a value is not what this can take")
    text = re.sub(r"\s+(Use \"SET|Possible solutions:).*", "", text)
    return re.sub(r"^[A-Z][A-Za-z ]+ Error: ", "", text).strip()[:240] or type(error).__name__


_KINDS = (
    (r"No magic bytes|too small to be a Parquet|Parquet", "it is no Parquet file"),
    (r"[Mm]alformed JSON|JSON", "it is malformed, or not of this layout"),
    (r"Conversion Error|[Cc]ould not convert|can't be cast", "a value cannot become the type that is asked for"),
    (r"Permission Error|Cannot access", "only the declared directories can be read"),
    (r"Out of Range|[Oo]verflow", "a number is out of range"),
    (r"[Nn]o files found|IO Error", "the file cannot be read"),
)
