"""A table of a database, chunk by chunk as a table of DuckDB, in which an author's SQL means what it means anywhere."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from nac.directories.bounded import Run
from nac.directories.pushdown import PushDown
from nac.directories.sources import Column, Condition, Source, SourceError, Texts
from nac.directories.sql import identifier, literal
from nac.directories.statement import is_type

if TYPE_CHECKING:
    import duckdb

_SHAPE = literal('[["VARCHAR"]]')


class StreamedTable:
    """The table `name` of DuckDB, which holds what was last put into it. Raises SourceError."""

    def __init__(self, name: str, source: Source, types: Mapping[str, str]) -> None:
        self.name, self.source, self.types = name, source, types
        self.columns = {name: self._as_asked(column) for name, column in source.columns.items()}
        seen: dict[str, str] = {}
        for column in self.columns:
            if seen.setdefault(column.casefold(), column) != column:
                raise SourceError(f"the columns `{seen[column.casefold()]}` and `{column}` differ in letter case alone")
        if not self.columns:
            raise SourceError("its table has no columns")
        if unknown := [column for column in types if column not in self.columns]:
            raise SourceError(f"it has no column `{unknown[0]}`, which `types` names")

    def _as_asked(self, column: Column) -> Column:
        if column.name not in self.types:
            return column
        return Column(column.name, column.raw or column.shown, self.types[column.name], None, column.is_json)

    def make(self, connection: duckdb.DuckDBPyConnection) -> None:
        """The table, without a row."""
        import duckdb

        for name, kind in self.types.items():
            if not is_type(connection, kind):
                raise SourceError(f"what `types` gives `{name}` is no type of DuckDB")
        columns = ", ".join(f"{identifier(one.name)} {one.kind}" for one in self.columns.values())
        try:
            connection.execute(f"CREATE OR REPLACE TABLE {identifier(self.name)} ({columns})")
        except duckdb.Error:
            raise SourceError("what `types` says is no type of DuckDB, or none that a column can have") from None

    def condition(
        self, connection: duckdb.DuckDBPyConnection, node: Mapping[str, Any], params: Mapping[str, Any]
    ) -> Condition | None:
        """What of a `where` the server can look at first."""
        import duckdb

        def moment(text: str, kind: str) -> str | None:
            try:
                row = connection.execute(f"SELECT CAST(CAST(? AS {kind}) AS VARCHAR)", [text]).fetchone()
            except duckdb.Error:
                return None
            found = row[0] if row else None
            return found if isinstance(found, str) and "BC" not in found and "inf" not in found else None

        try:
            return PushDown(self.source.dialect, self.name, self.columns, params, moment).condition(node)
        except RecursionError:
            return None  # the whole `where` is evaluated here all the same

    def chunks(
        self,
        connection: duckdb.DuckDBPyConnection,
        names: Sequence[str],
        condition: Condition | None = None,
        limit: int | None = None,
        *,
        keep: bool = False,
    ) -> Generator[None, None, None]:
        """Put the rows in, a chunk after the other in the place of the last, or with `keep` one below the other."""
        names = [name for name in self.columns if name in names] or list(self.columns)[:1]
        quoted, insert = identifier(self.name), self._insert(names)
        with closing(self.source.chunks([self.columns[name] for name in names], condition, limit)) as chunks:
            for rows in chunks:
                if not keep:
                    connection.execute(f"TRUNCATE {quoted}")
                self._put(connection, insert, names, rows)
                yield

    def fill(self, connection: duckdb.DuckDBPyConnection, run: Run) -> None:
        """Put in all there is, for SQL that asks for it within another question."""
        run(lambda: self.make(connection))
        with closing(self.chunks(connection, list(self.columns), keep=True)) as chunks:
            while run(lambda: next(chunks, False)) is None:
                pass

    def fill_found(
        self,
        connection: duckdb.DuckDBPyConnection,
        names: Sequence[str],
        condition: Condition | None,
        where: tuple[str, Mapping[str, Any]] | None,
        run: Run,
    ) -> None:
        """Put in all that the SQL of `where` holds for."""
        quoted, kept = identifier(self.name), identifier(f"{self.name} kept")
        sql, params = where or ("TRUE", {})
        insert = f"INSERT INTO {kept} SELECT * FROM {quoted}\nWHERE (\n{sql}\n)"
        run(lambda: connection.execute(f"CREATE OR REPLACE TABLE {kept} AS SELECT * FROM {quoted} LIMIT 0"))
        with closing(self.chunks(connection, names, condition)) as chunks:
            while run(lambda: next(chunks, False)) is None:
                run(lambda: connection.execute(insert, dict(params)))
        run(lambda: connection.execute(f"DROP TABLE {quoted}; ALTER TABLE {kept} RENAME TO {quoted}"))

    def _insert(self, names: Sequence[str]) -> str:
        shown = ", ".join(self._typed(f"r[{place}]", self.columns[name]) for place, name in enumerate(names, 1))
        into = f"{identifier(self.name)} ({', '.join(map(identifier, names))})"
        return f"INSERT INTO {into} SELECT {shown} FROM (SELECT unnest(from_json(?::JSON, {_SHAPE})) AS r)"

    def _typed(self, text: str, column: Column) -> str:
        if column.kind == "VARCHAR":
            return text
        if column.is_json:
            return f"CAST(CAST({text} AS JSON) AS {column.kind})"
        return f"{'TRY_CAST' if column.may_fail else 'CAST'}({text} AS {column.kind})"

    def _put(
        self, connection: duckdb.DuckDBPyConnection, insert: str, names: Sequence[str], rows: Sequence[Texts]
    ) -> None:
        import duckdb

        try:
            connection.execute(insert, [json.dumps(rows, ensure_ascii=False)])
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error:
            raise SourceError(self._misfit(connection, names, rows)) from None

    def _misfit(self, connection: duckdb.DuckDBPyConnection, names: Sequence[str], rows: Sequence[Texts]) -> str:
        """Which column's values are not of its type."""
        import duckdb

        for place, name in enumerate(names):
            column = self.columns[name]
            values = json.dumps([[row[place]] for row in rows], ensure_ascii=False)
            check = (
                f"SELECT count({self._typed('r[1]', column)}) FROM (SELECT unnest(from_json(?::JSON, {_SHAPE})) AS r)"
            )
            try:
                connection.execute(check, [values]).fetchall()
            except duckdb.Error:
                return f"a value of `{name}` cannot become {column.kind}"
        return "a value is not what its column can hold"
