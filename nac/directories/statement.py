"""What an author's SQL may be: one condition, or one order, over the declared directories."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nac.diagnostics import INVALID_QUERY
from nac.directories.complaints import plain
from nac.directories.growth import MAX_GROWTH, MAX_PLUS, chained, unbounded
from nac.directory import DirectoryError

if TYPE_CHECKING:
    import duckdb

# DuckDB's parser tries every reading of a text: 5,000 open brackets take it 2.7 GB, which no limit of its own stops.
MAX_SQL = 8_192
MAX_BRACKETS = 200

# Functions whose answer depends on something other than the rows and the parameters.
_CLOCK = frozenset(
    "now today get_current_timestamp get_current_time current_date current_localtime current_localtimestamp "
    "current_timestamp transaction_timestamp".split()
)
# What tells of the machine or of DuckDB itself, or of the run.
_SYSTEM = ("duckdb_", "pragma_", "pg_", "has_", "__internal_")
_UNSTEADY = _CLOCK | frozenset(
    "error version random setseed uuid gen_random_uuid uuidv4 uuidv7 nextval currval setval write_log query "
    "query_table sleep_ms stats getvariable in_search_path txid_current vector_type json_serialize_plan "
    "current_setting current_query current_connection_id current_query_id current_transaction_id".split()
)
# Tables that functions make of their arguments alone. The others read files, or run SQL that nobody has looked at.
_TABLES = frozenset("unnest range generate_series json_each json_tree".split())


@dataclass(frozen=True)
class Clause:
    """An author's `where` or `order_by`, parsed: the condition or the orders, as DuckDB's `json_serialize_sql` gives
    them, and the tables that it reads, the directory asked first."""

    node: Any
    tables: tuple[str, ...]

    def names(self, column: str) -> bool:
        """Whether it names a column that is called so, in lower case."""
        references = (one for one in _dicts(self.node) if one.get("class") == "COLUMN_REF")
        return any(column == str(one.get("column_names", [""])[-1]).lower() for one in references)

    def columns(self, known: Collection[str], table: str) -> set[str]:
        """Those of the known columns that it may read."""
        names: set[str] = set()
        for one in _dicts(self.node):
            if one.get("class") in ("STAR", "POSITIONAL_REFERENCE", "SUBQUERY"):
                return set(known)
            if one.get("class") == "COLUMN_REF":
                names |= {str(name).casefold() for name in one.get("column_names", ())}
        return set(known) if table.casefold() in names else {name for name in known if name.casefold() in names}


def check(connection: duckdb.DuckDBPyConnection, part: str, sql: str, table: str) -> Clause:
    """An author's `where` or `order_by`. `table` is quoted.

    Raises DirectoryError when it is anything but one expression (or an order): the end of this clause and the start
    of another, a second statement, a function that may not be called.
    """
    import duckdb

    if len(sql) > MAX_SQL or sum(map(sql.count, "([{")) > MAX_BRACKETS:
        message = f"`{part}` may hold {MAX_SQL:,} characters and {MAX_BRACKETS} brackets"
        raise DirectoryError(INVALID_QUERY, message, part)
    if not re.sub(r"--[^\n]*|/\*.*?\*/", "", sql, flags=re.DOTALL).strip():
        raise DirectoryError(INVALID_QUERY, f"`{part}` says nothing", part, "remove it")
    clause = f"WHERE (\n{sql}\n)" if part == "where" else f"ORDER BY {sql}\n"
    try:
        [(text,)] = connection.execute(
            "SELECT json_serialize_sql(?::VARCHAR)", [f"SELECT * FROM {table} {clause}"]
        ).fetchall()
    except duckdb.Error as error:
        raise DirectoryError(INVALID_QUERY, f"this SQL cannot be read: {plain(error)}", part) from None
    try:
        tree = json.loads(text)
    except RecursionError:
        raise DirectoryError(INVALID_QUERY, f"`{part}` is nested too deeply", part) from None
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
    help: str | None
    if name := next(unbounded(tree), None):
        message = f"`{name}` could build a value of any size"
        help = f"write its size as a number, up to {MAX_GROWTH:,}, and none of its kind within it"
        raise DirectoryError(INVALID_QUERY, message, part, help)
    if chained(tree):
        message = f"the subqueries and lambdas of `{part}` could build a value of any size"
        help = f"join texts in them once or twice, up to {MAX_PLUS} times in all, and never in a recursion"
        raise DirectoryError(INVALID_QUERY, message, part, help)
    for name in sorted(set(_functions(tree))):
        if name in _UNSTEADY or name.startswith(_SYSTEM):
            help = 'for the time, bind it: `params: {now: "{{ now }}"}`' if name in _CLOCK else None
            raise DirectoryError(INVALID_QUERY, f"`{name}` may not be called here", part, help, name)
    if any(one.get("schema_name") for one in _dicts(tree) if one.get("type") == "BASE_TABLE") or not _TABLES.issuperset(
        str(one.get("function", {}).get("function_name")).lower()
        for one in _dicts(tree)
        if one.get("type") == "TABLE_FUNCTION"
    ):
        raise DirectoryError(INVALID_QUERY, "only the declared directories can be read", part)
    clause_node = node["where_clause"] if part == "where" else orders
    inner = [one["table_name"] for one in _dicts(clause_node) if one.get("type") == "BASE_TABLE"]
    return Clause(clause_node, (node["from_table"]["table_name"], *inner))


def is_type(connection: duckdb.DuckDBPyConnection, text: str) -> bool:
    """Whether a text is the name of a type and nothing more: no default, no constraint, no second column."""
    depth = 0
    for mark in text:
        depth += (mark == "(") - (mark == ")")
        if depth < 0:
            return False
    if len(re.findall(r"\[\s*\d", text)) > 1:  # arrays of arrays, which take their room whether it is filled or not
        return False
    [(found,)] = connection.execute(
        "SELECT json_serialize_sql(?::VARCHAR)", [f"SELECT CAST(NULL AS {text})"]
    ).fetchall()
    tree = json.loads(found)
    return not tree.get("error") and not any(one.get("class") == "FUNCTION" for one in _dicts(tree))


def _functions(tree: Any) -> Iterator[str]:
    for one in _dicts(tree):
        if isinstance(one.get("function_name"), str):
            yield one["function_name"].lower()
        if one.get("class") == "COLUMN_REF":
            name = str(one.get("column_names", [""])[-1]).lower()
            if name.startswith("current_"):  # `current_date` is written without brackets
                yield name


def _dicts(tree: Any) -> Iterator[dict[str, Any]]:
    stack = [tree]
    while stack:
        one = stack.pop()
        if isinstance(one, dict):
            yield one
            stack.extend(one.values())
        elif isinstance(one, list):
            stack.extend(one)
