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
    """A DuckDB or file error on one line, without values: they may be somebody's data."""
    import duckdb

    text = str(error).split("\n\nLINE ")[0].split("\nLINE ")[0]
    if not isinstance(error, (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException)):
        text = re.sub(r"""(["'])(?:(?!\1).)*\1""", "'…'", text.split("\n")[0])
    text = re.sub(r"\s+(Use \"SET|Possible solutions:).*", "", text, flags=re.DOTALL)
    text = re.sub(r"^[A-Z][A-Za-z ]+ Error: ", "", re.sub(r"\s+", " ", text)).strip()
    return text[:240] or type(error).__name__
