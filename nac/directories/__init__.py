"""Where people are looked up: the directories that nac.yaml declares, queried through DuckDB.

A kind of file is a module with one function, `attach(engine, name, path, settings)`, that makes the table
`name`; KINDS in `nac.directories.engine` lists them. A kind of database is a class, `nac.directories.sources.Source`.
"""

from __future__ import annotations

from nac.directories.access import Access
from nac.directories.engine import open_directories

__all__ = ["Access", "open_directories"]
