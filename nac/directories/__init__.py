"""Where people are looked up: the directories that nac.yaml declares, queried through DuckDB.

A kind of source is a module with one function, `attach(engine, name, path, settings)`, that makes the table
`name`; KINDS in `nac.directories.engine` lists them.
"""

from __future__ import annotations

from nac.directories.engine import open_directories

__all__ = ["open_directories"]
