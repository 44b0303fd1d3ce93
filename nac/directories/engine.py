"""DuckDB, locked down: it reads the declared files and nothing else, and runs one SELECT at a time.

Before the first word of an author's SQL is run: the declared paths are the only files, there is no network but for
the remote files that were allowed, no extension, no Python variable and no other setting to reach, and the
configuration is locked. What a query may cost is bounded by MEMORY_LIMIT and TIME_LIMIT. Rows of a database are put in
chunk by chunk (`nac.directories.stream`), so that SQL means the same over all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nac.diagnostics import INVALID_QUERY, UNREADABLE_DIRECTORY, did_you_mean
from nac.directories import csv_file, json_file, parquet_file, remote_file, sqlite_file, yaml_file
from nac.directories.access import Access, Login
from nac.directories.bounded import Run, bounded, told, unreadable
from nac.directories.complaints import csv_line, plain
from nac.directories.locked import connect
from nac.directories.places import Places
from nac.directories.sources import Source, SourceError
from nac.directories.sql import identifier
from nac.directories.statement import Clause, check
from nac.directories.stream import StreamedTable
from nac.directories.values import columns_as_json
from nac.directory import DirectoryError, Query
from nac.model import DirectorySettings, Settings
from nac.remote_url import RemoteURL
from nac.tree import WorkTree

if TYPE_CHECKING:
    import duckdb

ROWS_AT_ONCE = 4096

KINDS: dict[str, Callable[[duckdb.DuckDBPyConnection, str, str, DirectorySettings], None]] = {
    "csv": csv_file.attach,
    "json": json_file.attach,
    "ndjson": json_file.attach_lines,
    "parquet": parquet_file.attach,
    "sqlite": sqlite_file.attach,
    "yaml": yaml_file.attach,
}


def _database(url: RemoteURL, login: Login, table: str) -> Source:
    # What reads over a network takes long to import, and most projects have none of it.
    if url.scheme == "mysql":
        from nac.directories.mysql import MySQL

        return MySQL(url, login, table)
    from nac.directories.postgresql import PostgreSQL

    return PostgreSQL(url, login, table)


def open_directories(
    settings: Settings, tree: WorkTree, overrides: Mapping[str, Path] | None = None, access: Access | None = None
) -> Engine:
    """The directories of a project. `overrides` puts another file in the place of a declared one.

    Without `access` nothing but files is read: a sample stands in for a directory that is elsewhere.
    """
    return Engine(Places(settings.directories, tree, overrides or {}, access))


@dataclass(frozen=True)
class _Question:
    """A query as SQL, with its parsed parts by name, and whether they ask the same directory again."""

    query: Query
    sql: str
    clauses: Mapping[str, Clause]
    of_itself: bool


class Engine:
    """`nac.directory.Directories` over DuckDB; a table is made when it is first asked for, one engine a thread.

    `used` are the names of the directories that were read, those included that a condition looked into: a plan
    tells them.
    """

    def __init__(self, places: Places) -> None:
        self.places = places
        self.used: set[str] = set()
        self._attached: set[str] = set()
        self._unreadable: dict[str, DirectoryError] = {}
        self._remote_files: dict[str, RemoteURL] = {}
        self._streamed: dict[str, StreamedTable] = {}

    def close(self) -> None:
        for table in self._streamed.values():
            table.source.close()
        self._streamed.clear()
        self._disconnect()

    def rows(self, query: Query) -> Iterator[dict[str, Any]]:
        """The rows a query finds, as JSON values by column. Raises DirectoryError."""
        question = self._question(query)
        sql, params = question.sql, dict(query.params)
        with bounded(self.connection, query, remote=query.directory in self._remote_files) as run:
            result = run(lambda: self.connection.execute(f"SELECT * FROM ({sql}\n) LIMIT 0", params))
            names = [column[0] for column in result.description]
            # With all of them, what is said of a column that does not exist can name the one that was meant.
            all_of_them = query.columns is None or not query.columns <= set(names)
            wanted = [name for name in names if all_of_them or name in (query.columns or ())]
            shown, decode = columns_as_json(wanted, [str(c[1]) for c in result.description if c[0] in wanted])
            outer = f"SELECT {shown or 1} FROM ({sql}\n)"
            if query.directory not in self._streamed:
                result = run(lambda: self.connection.execute(outer, params))
                while batch := run(lambda: result.fetchmany(ROWS_AT_ONCE)):
                    for values in batch:
                        yield decode(values)
                return
            left = query.limit
            with closing(self._chunks(question, wanted, run)) as chunks:
                for _ in chunks:
                    found = run(lambda: self.connection.execute(outer, params).fetchall())
                    for values in found if left is None else found[:left]:
                        yield decode(values)
                    left = None if left is None else left - len(found)
                    if left is not None and left <= 0:
                        return

    def _chunks(self, question: _Question, wanted: Collection[str], run: Run) -> Generator[None, None, None]:
        """Put the rows of a database where the query finds them: a chunk at a time where each row is judged alone, and
        all that `where` holds for where they are ordered."""
        query, clauses, connection = question.query, question.clauses, self.connection
        table, where = self._streamed[query.directory], clauses.get("where")
        if query.limit == 0:
            return
        with told(query.directory):
            if question.of_itself:
                table.fill(connection, run)
                yield
                return
            needed = set(wanted).union(*(one.columns(table.columns, table.name) for one in clauses.values()))
            condition = table.condition(connection, where.node, query.params) if where else None
            if "order_by" in clauses:
                part = (query.where, self._used(query.where, query)) if query.where is not None else None
                table.fill_found(connection, sorted(needed), condition, part, run)
                yield
                return
            most = query.limit if where is None or (condition is not None and condition.exact) else None
            with closing(table.chunks(connection, sorted(needed), condition, most)) as chunks:
                while run(lambda: next(chunks, False)) is None:
                    yield

    def _used(self, where: str, query: Query) -> dict[str, Any]:
        """The parameters that a `where` uses, without those of `order_by`."""
        sql = f"SELECT * FROM {identifier(query.directory)}\nWHERE (\n{where}\n)"
        used = set(self.connection.extract_statements(sql)[0].named_parameters)
        return {name: value for name, value in query.params.items() if name in used}

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        addresses = [remote_file.address(url) for url in self._remote_files.values()]
        return connect([*self.places.files(), *addresses], self._prepare)

    def _prepare(self, connection: duckdb.DuckDBPyConnection) -> None:
        for name, url in self._remote_files.items():
            assert self.places.access is not None
            remote_file.prepare(connection, url, self.places.access.environment(name))

    def _disconnect(self) -> None:
        if "connection" in self.__dict__:
            self.connection.close()
            del self.__dict__["connection"]
        self._attached.clear()

    def _open(self, name: str) -> None:
        """Open what DuckDB does not read itself, before the connection that holds it is locked. Raises SourceError."""
        if name in self._streamed or name in self._remote_files:
            return
        settings, access = self.places.declared[name], self.places.access
        if (url := self.places.url(name)) is None:
            self._open_large(name)
            return
        if not url.is_database:
            self._disconnect()
            self._remote_files[name] = url
            try:
                self.connection  # noqa: B018 - made here, so that what keeps the file from being read is told of it
            except SourceError:
                del self._remote_files[name]
                raise
            return
        assert access is not None
        assert settings.table is not None
        self._stream(name, _database(url, access.login(name, url), settings.table), settings.types)

    def _open_large(self, name: str) -> None:
        """Open a file of SQLite that is not to be copied. Raises DirectoryError."""
        if name in self._unreadable:  # finding it out may have taken long
            raise self._unreadable[name]
        with suppress(DirectoryError, OSError):  # what is wrong with the file is told when it is read
            path, table = self.places.file(name), self.places.declared[name].table
            if self.places.kind(name, path) == "sqlite" and os.stat(path).st_size > sqlite_file.SMALL:
                try:
                    self._stream(name, sqlite_file.SQLite(path, table or ""), {})
                except SourceError as error:
                    self._unreadable[name] = unreadable(name, error)
        if name in self._unreadable:
            raise self._unreadable[name]

    def _stream(self, name: str, source: Source, types: Mapping[str, str]) -> None:
        try:
            self._streamed[name] = StreamedTable(name, source, types)
        except SourceError:
            source.close()
            raise

    def _attach(self, name: str) -> None:
        """Make the table of a directory, in the connection. Raises SourceError and DirectoryError."""
        import duckdb

        self.used.add(name)
        if name in self._streamed:
            self._streamed[name].make(self.connection)
        elif name not in self._attached:
            if name in self._unreadable:  # finding it out may have taken long
                raise self._unreadable[name]
            url, settings = self._remote_files.get(name), self.places.declared[name]
            path = self.places.file(name) if url is None else ""
            kind = self.places.kind(name, path) if url is None else self.places.remote_kind(name, url)
            if kind is None:
                raise SourceError("the ending of its name does not say what it holds")
            try:
                if url is None:
                    KINDS[kind](self.connection, name, path, settings)
                else:
                    remote_file.attach(self.connection, name, url, settings)
            except (duckdb.Error, ValueError, OSError) as error:
                if url is not None and (said := csv_line(error) or remote_file.complaint(error)):
                    raise SourceError(said) from None
                message = f"the directory `{name}` is not readable as {kind}: {plain(error)}"
                self._unreadable[name] = DirectoryError(UNREADABLE_DIRECTORY, message)
                raise self._unreadable[name] from None
            self._attached.add(name)

    def _question(self, query: Query) -> _Question:
        table = identifier(query.directory)
        parts = [(part, sql) for part, sql in (("where", query.where), ("order_by", query.order_by)) if sql is not None]
        with told(query.directory):
            self._open(query.directory)
        clauses = {part: check(self.connection, part, sql, table) for part, sql in parts}
        inner = {name.lower() for clause in clauses.values() for name in clause.tables[1:]}
        if query.directory in self._streamed and "rowid" not in map(str.lower, self._streamed[query.directory].columns):
            for part, clause in clauses.items():
                if clause.names("rowid"):  # it would be the place of a row in its chunk
                    raise DirectoryError(INVALID_QUERY, "there is no column `rowid`", part, None, "rowid")
        # As SQL does, whatever the case.
        others = [name for name in self.places.declared if name.lower() in inner and name != query.directory]
        for name in others:
            with told(name):
                self._open(name)
        for name in [query.directory, *others]:
            with told(name):
                self._attach(name)
        sql = f"SELECT * FROM {table}"
        if query.where is not None:
            sql += f"\nWHERE (\n{query.where}\n)"
        if query.order_by is not None:
            sql += f"\nORDER BY {query.order_by}\n"
        if query.limit is not None:
            sql += f"\nLIMIT {query.limit:d}"
        _check_params(query, set(self.connection.extract_statements(sql)[0].named_parameters))
        with bounded(self.connection, query, remote=False) as run:
            for table_inside in [self._streamed[name] for name in others if name in self._streamed]:
                with told(table_inside.name):
                    table_inside.fill(self.connection, run)
        return _Question(query, sql, clauses, query.directory.lower() in inner)


def _check_params(query: Query, used: Collection[str]) -> None:
    if missing := sorted(set(used) - set(query.params)):
        help = did_you_mean(missing[0], query.params) or f"add `{missing[0]}:` under `params:`"
        part = "where" if f"${missing[0]}" in (query.where or "") else "order_by"
        raise DirectoryError(INVALID_QUERY, f"`${missing[0]}` has no value", part, help, f"${missing[0]}")
    if unused := sorted(set(query.params) - set(used)):
        raise DirectoryError(INVALID_QUERY, f"the SQL does not use `${unused[0]}`", "params", "remove it", unused[0])
