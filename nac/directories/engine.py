"""DuckDB, locked down: it reads the declared files and nothing else, and runs one SELECT at a time.

Before the first word of an author's SQL is run: the declared paths are the only files, there is no network, no
extension, no Python variable and no other setting to reach, and the configuration is locked. What a query may
cost is bounded by MEMORY_LIMIT and TIME_LIMIT.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nac.diagnostics import INVALID_QUERY, UNREADABLE_DIRECTORY, did_you_mean, nearest
from nac.directories import csv_file, json_file, parquet_file, sqlite_file, yaml_file
from nac.directories.growth import MAX_GROWTH, unbounded
from nac.directories.sql import identifier, literal
from nac.directories.values import columns_as_json
from nac.directory import DirectoryError, Query
from nac.model import DirectorySettings, Settings
from nac.project import FOLDER
from nac.tree import TreeError, WorkTree

if TYPE_CHECKING:
    import duckdb

MEMORY_LIMIT = "512MB"
TIME_LIMIT = 60.0
ROWS_AT_ONCE = 4096
# DuckDB's parser tries every reading of a text: 5,000 open brackets take it 2.7 GB, which no limit of its own stops.
MAX_SQL = 8_192
MAX_BRACKETS = 200

KINDS: dict[str, Callable[[duckdb.DuckDBPyConnection, str, str, DirectorySettings], None]] = {
    "csv": csv_file.attach,
    "json": json_file.attach,
    "ndjson": json_file.attach_lines,
    "parquet": parquet_file.attach,
    "sqlite": sqlite_file.attach,
    "yaml": yaml_file.attach,
}

# Functions whose answer depends on something other than the rows and the parameters.
_CLOCK = frozenset(
    "now today get_current_timestamp get_current_time current_date current_localtime current_localtimestamp "
    "current_timestamp transaction_timestamp".split()
)
_UNSTEADY = _CLOCK | frozenset(
    "random setseed uuid gen_random_uuid uuidv4 uuidv7 nextval currval write_log query query_table".split()
)


def open_directories(settings: Settings, tree: WorkTree, overrides: Mapping[str, Path] | None = None) -> Engine:
    """The directories of a project. `overrides` puts another file in the place of a declared one."""
    return Engine(settings.directories, tree, overrides or {})


class Engine:
    """`nac.resolve.Directories` over DuckDB; a table is made when it is first asked for, one engine a thread."""

    def __init__(
        self, declared: Mapping[str, DirectorySettings], tree: WorkTree, overrides: Mapping[str, Path]
    ) -> None:
        self.declared, self.tree, self.overrides = declared, tree, overrides

    def close(self) -> None:
        if "connection" in self.__dict__:
            self.connection.close()

    def rows(self, query: Query) -> Iterator[dict[str, Any]]:
        """The rows a query finds, as JSON values by column. Raises DirectoryError."""
        self._attach_all(query.directory)
        sql = self._sql(query)
        with self._bounded(query) as run:
            result = run(lambda: self.connection.execute(sql, dict(query.params)))
            names = [column[0] for column in result.description]
            # With all of them, what is said of a column that does not exist can name the one that was meant.
            all_of_them = query.columns is None or not query.columns <= set(names)
            wanted = [name for name in names if all_of_them or name in (query.columns or ())]
            shown, decode = columns_as_json(wanted, [str(c[1]) for c in result.description if c[0] in wanted])
            outer = f"SELECT {shown or 1} FROM ({sql}\n)"
            result = run(lambda: self.connection.execute(outer, dict(query.params)))
            while batch := run(lambda: result.fetchmany(ROWS_AT_ONCE)):
                for values in batch:
                    yield decode(values)

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        connection = duckdb.connect(":memory:")
        paths = [path for name in self.declared if (path := self._path(name, missing=None)) is not None]
        for option, value in (
            ("threads", "1"),  # one thread keeps rows in the order of the file
            ("memory_limit", f"'{MEMORY_LIMIT}'"),
            ("temp_directory", "''"),
            ("autoinstall_known_extensions", "false"),
            ("autoload_known_extensions", "false"),
            ("python_enable_replacements", "false"),
            ("errors_as_json", "false"),
            ("allowed_paths", f"[{', '.join(map(literal, paths))}]"),
            ("enable_external_access", "false"),
            ("lock_configuration", "true"),
        ):
            connection.execute(f"SET {option} = {value}")
        return connection

    def _path(self, name: str, missing: str | None = "") -> str | None:
        try:
            if name in self.overrides:
                return str(self.overrides[name].resolve())
            return str(self.tree.locate(f"{FOLDER}/{self.declared[name].path}"))
        except TreeError as error:
            if missing is None:
                return None
            raise DirectoryError(UNREADABLE_DIRECTORY, f"the directory `{name}` cannot be read: {error}") from None

    def _attach_all(self, first: str) -> None:
        """Every declared directory: a `where` may look into the others. What is wrong with those is not said here."""
        for name in self.declared:
            try:
                self._attach(name)
            except DirectoryError:
                if name == first:
                    raise

    def _attach(self, name: str) -> None:
        import duckdb

        if name in self._attached:
            return
        settings, path = self.declared[name], self._path(name)
        assert path is not None
        if not Path(path).is_file():
            where = "--directory" if name in self.overrides else f"{FOLDER}/{settings.path}"
            raise DirectoryError(UNREADABLE_DIRECTORY, f"the directory `{name}` has no file: {where}")
        assert settings.kind is not None
        try:
            KINDS[settings.kind](self.connection, name, path, settings)
        except (duckdb.Error, ValueError, OSError) as error:
            raise DirectoryError(
                UNREADABLE_DIRECTORY, f"the directory `{name}` is not readable as {settings.kind}: {plain(error)}"
            ) from None
        self._attached.add(name)

    @cached_property
    def _attached(self) -> set[str]:
        return set()

    def _sql(self, query: Query) -> str:
        table = identifier(query.directory)
        for part, sql in (("where", query.where), ("order_by", query.order_by)):
            if sql is not None:
                self._check(part, sql, table)
        sql = f"SELECT * FROM {table}"
        if query.where is not None:
            sql += f"\nWHERE (\n{query.where}\n)"
        if query.order_by is not None:
            sql += f"\nORDER BY {query.order_by}\n"
        if query.limit is not None:
            sql += f"\nLIMIT {query.limit:d}"
        used = set(self.connection.extract_statements(sql)[0].named_parameters)
        if missing := sorted(used - set(query.params)):
            help = did_you_mean(missing[0], query.params) or f"add `{missing[0]}:` under `params:`"
            part = "where" if f"${missing[0]}" in (query.where or "") else "order_by"
            raise DirectoryError(INVALID_QUERY, f"`${missing[0]}` has no value", part, help, f"${missing[0]}")
        if unused := sorted(set(query.params) - used):
            raise DirectoryError(
                INVALID_QUERY, f"the SQL does not use `${unused[0]}`", "params", "remove it", unused[0]
            )
        return sql

    def _check(self, part: str, sql: str, table: str) -> None:
        """That `sql` is one expression (or an order), not the end of this clause and the start of another."""
        import duckdb

        if len(sql) > MAX_SQL or sum(map(sql.count, "([{")) > MAX_BRACKETS:
            message = f"`{part}` may hold {MAX_SQL:,} characters and {MAX_BRACKETS} brackets"
            raise DirectoryError(INVALID_QUERY, message, part)
        if not re.sub(r"--[^\n]*|/\*.*?\*/", "", sql, flags=re.DOTALL).strip():
            raise DirectoryError(INVALID_QUERY, f"`{part}` says nothing", part, "remove it")
        clause = f"WHERE (\n{sql}\n)" if part == "where" else f"ORDER BY {sql}\n"
        try:
            [(text,)] = self.connection.execute(
                "SELECT json_serialize_sql(?::VARCHAR)", [f"SELECT * FROM {table} {clause}"]
            ).fetchall()
        except duckdb.Error as error:
            raise DirectoryError(INVALID_QUERY, f"this SQL cannot be read: {plain(error)}", part) from None
        tree = json.loads(text)
        if tree.get("error"):
            message = re.sub(r"\s+", " ", str(tree.get("error_message", "syntax error")).split('Use "SET')[0])[:200]
            at = int(tree.get("position") or 0) - len(f"SELECT * FROM {table} ") - clause.index(sql)
            line = sql[: max(at, 0)].count("\n")
            words = sql.split("\n")[line].strip() if "\n" in sql.strip() else None
            raise DirectoryError(INVALID_QUERY, f"this is not SQL: {message}", part, None, words)
        statements = tree.get("statements", [])
        node = statements[0]["node"] if len(statements) == 1 else {}
        orders = [one for one in node.get("modifiers", ()) if one.get("type") == "ORDER_MODIFIER"]
        plain_select = (
            node.get("type") == "SELECT_NODE"
            and node.get("from_table", {}).get("type") == "BASE_TABLE"
            and not node.get("group_expressions")
            and not node.get("having")
            and not node.get("qualify")
            and not node.get("sample")
            and len(node.get("modifiers", ())) == len(orders) == (0 if part == "where" else 1)
        )
        if not plain_select:
            what = "one condition" if part == "where" else "what to order by"
            raise DirectoryError(INVALID_QUERY, f"`{part}` holds {what} and nothing more", part)
        if name := next(unbounded(tree), None):
            message = f"`{name}` could build a value of any size"
            help = f"write its size as a number, up to {MAX_GROWTH:,}, and none of its kind within it"
            raise DirectoryError(INVALID_QUERY, message, part, help)
        for name in sorted(set(_functions(tree)) & _UNSTEADY):
            raise DirectoryError(
                INVALID_QUERY, f"`{name}` would give another answer each time, or reach elsewhere", part,
                "for the time, bind it: `params: {now: \"{{ now }}\"}`" if name in _CLOCK else None, name,
            )  # fmt: skip

    @contextmanager
    def _bounded(self, query: Query) -> Iterator[Callable[[Callable[[], Any]], Any]]:
        """Run steps of a query, each stopped after TIME_LIMIT, with DuckDB's errors in an author's words."""
        import duckdb

        part = "where" if query.where is not None else "order_by" if query.order_by is not None else "from"

        def run(step: Callable[[], Any]) -> Any:
            timer = threading.Timer(TIME_LIMIT, self.connection.interrupt)
            timer.daemon = True
            timer.start()
            try:
                return step()
            except duckdb.InterruptException:
                raise DirectoryError(
                    INVALID_QUERY, f"the query took longer than {TIME_LIMIT:.0f} s and was stopped", part
                ) from None
            except duckdb.OutOfMemoryException:
                raise DirectoryError(
                    INVALID_QUERY, f"the query needs more than {MEMORY_LIMIT} of memory", part,
                    "narrow it with `where`, or order the file instead of the query",
                ) from None  # fmt: skip
            except duckdb.Error as error:
                if (line := _csv_line(error)) is not None:
                    raise DirectoryError(
                        UNREADABLE_DIRECTORY, f"the directory `{query.directory}` cannot be read: {line}"
                    ) from None
                raise _no_column(error, query) or DirectoryError(
                    INVALID_QUERY, f"the query failed: {plain(error)}", part
                ) from None
            finally:
                timer.cancel()
                # The thread must not be the last to hold the connection: DuckDB aborts the whole process when a
                # connection is freed by a thread that outlives the interpreter.
                timer.join()

        yield run


def _functions(tree: Any) -> Iterator[str]:
    stack = [tree]
    while stack:
        one = stack.pop()
        if isinstance(one, dict):
            if isinstance(one.get("function_name"), str):
                yield one["function_name"].lower()
            if one.get("class") == "COLUMN_REF" and str(one.get("column_names", [""])[-1]).lower().startswith(
                "current_"
            ):
                yield str(one["column_names"][-1]).lower()  # `current_date` is written without brackets
            stack.extend(one.values())
        elif isinstance(one, list):
            stack.extend(one)


def _no_column(error: Exception, query: Query) -> DirectoryError | None:
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


def _csv_line(error: Exception) -> str | None:
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
