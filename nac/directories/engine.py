"""DuckDB, locked down: it reads the declared files and nothing else, and runs one SELECT at a time.

Before the first word of an author's SQL is run: the declared paths are the only files, there is no network, no
extension, no Python variable and no other setting to reach, and the configuration is locked. What a query may
cost is bounded by MEMORY_LIMIT and TIME_LIMIT.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nac.diagnostics import INVALID_QUERY, UNREADABLE_DIRECTORY, did_you_mean
from nac.directories import csv_file, json_file, parquet_file, sqlite_file, yaml_file
from nac.directories.complaints import csv_line, no_column, plain
from nac.directories.sql import identifier, literal
from nac.directories.statement import check
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

KINDS: dict[str, Callable[[duckdb.DuckDBPyConnection, str, str, DirectorySettings], None]] = {
    "csv": csv_file.attach,
    "json": json_file.attach,
    "ndjson": json_file.attach_lines,
    "parquet": parquet_file.attach,
    "sqlite": sqlite_file.attach,
    "yaml": yaml_file.attach,
}


def open_directories(settings: Settings, tree: WorkTree, overrides: Mapping[str, Path] | None = None) -> Engine:
    """The directories of a project. `overrides` puts another file in the place of a declared one."""
    return Engine(settings.directories, tree, overrides or {})


class Engine:
    """`nac.directory.Directories` over DuckDB; a table is made when it is first asked for, one engine a thread."""

    def __init__(
        self, declared: Mapping[str, DirectorySettings], tree: WorkTree, overrides: Mapping[str, Path]
    ) -> None:
        self.declared, self.tree, self.overrides = declared, tree, overrides

    def close(self) -> None:
        if "connection" in self.__dict__:
            self.connection.close()

    def rows(self, query: Query) -> Iterator[dict[str, Any]]:
        """The rows a query finds, as JSON values by column. Raises DirectoryError."""
        sql = self._sql(query)
        with self._bounded(query) as run:
            result = run(lambda: self.connection.execute(f"SELECT * FROM ({sql}\n) LIMIT 0", dict(query.params)))
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
            ("TimeZone", "'UTC'"),  # never the machine's
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
        parts = [(part, sql) for part, sql in (("where", query.where), ("order_by", query.order_by)) if sql is not None]
        read = {name.lower() for part, sql in parts for name in check(self.connection, part, sql, table)}
        self._attach(query.directory)
        for name in self.declared:
            if name.lower() in read:  # as SQL does, whatever the case
                self._attach(name)
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
                if (line := csv_line(error)) is not None:
                    raise DirectoryError(
                        UNREADABLE_DIRECTORY, f"the directory `{query.directory}` cannot be read: {line}"
                    ) from None
                raise no_column(error, query) or DirectoryError(
                    INVALID_QUERY, f"the query failed: {plain(error)}", part
                ) from None
            finally:
                timer.cancel()
                # The thread must not be the last to hold the connection: DuckDB aborts the whole process when a
                # connection is freed by a thread that outlives the interpreter.
                timer.join()

        yield run
