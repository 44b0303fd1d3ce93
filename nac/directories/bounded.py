"""Steps of a query, each stopped after a while, with what goes wrong in an author's words."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from nac.diagnostics import INVALID_QUERY, UNREADABLE_DIRECTORY
from nac.directories.complaints import csv_line, no_column, plain
from nac.directories.locked import MEMORY_LIMIT
from nac.directories.remote_file import complaint
from nac.directories.sources import SourceError
from nac.directory import DirectoryError, Query

if TYPE_CHECKING:
    import duckdb

TIME_LIMIT = 60.0

Run = Callable[[Callable[[], Any]], Any]


@contextmanager
def bounded(connection: duckdb.DuckDBPyConnection, query: Query, *, remote: bool) -> Iterator[Run]:
    """Runs steps, each stopped after TIME_LIMIT. `remote`: what is read is a file on a server."""
    import duckdb

    part = "where" if query.where is not None else "order_by" if query.order_by is not None else "from"

    def run(step: Callable[[], Any]) -> Any:
        timer = threading.Timer(TIME_LIMIT, connection.interrupt)
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
                raise unreadable(query.directory, SourceError(line)) from None
            if remote and (said := complaint(error)) is not None:
                raise unreadable(query.directory, SourceError(said)) from None
            raise no_column(error, query) or DirectoryError(
                INVALID_QUERY, f"the query failed: {plain(error)}", part
            ) from None
        finally:
            timer.cancel()
            # The thread must not be the last to hold the connection: DuckDB aborts the whole process when a
            # connection is freed by a thread that outlives the interpreter.
            timer.join()

    yield run


@contextmanager
def told(name: str) -> Iterator[None]:
    """What keeps a directory from being read, as the finding that tells of it."""
    try:
        yield
    except SourceError as error:
        raise unreadable(name, error) from None


def unreadable(name: str, error: SourceError) -> DirectoryError:
    message = f"the directory `{name}` cannot be read: {error.message}"
    return DirectoryError(UNREADABLE_DIRECTORY, message, help=error.help)
