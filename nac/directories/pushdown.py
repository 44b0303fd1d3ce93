"""The part of an author's `where` that a database can look at first, with its indexes.

DuckDB evaluates the whole `where` again on the rows that come, so what is left to the server may find too many rows
and never too few. A condition is passed on only where both are known to agree, or the server to find more: texts are
equal wherever their bytes are, but which of two is greater depends on the server's collation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from nac.directories.sources import Column, Condition, Dialect

_COMPARISONS = {
    "COMPARE_EQUAL": "=", "COMPARE_NOTEQUAL": "<>", "COMPARE_LESSTHAN": "<", "COMPARE_GREATERTHAN": ">",
    "COMPARE_LESSTHANOREQUALTO": "<=", "COMPARE_GREATERTHANOREQUALTO": ">=",
}  # fmt: skip
_FLIPPED = {"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_ZONED = "TIMESTAMP WITH TIME ZONE"
_MISSING: Any = object()
_INT64 = 2**63

Node = Mapping[str, Any]
Moment = Callable[[str, str], str | None]


class PushDown:
    """`table` and `columns` are those of the directory; `moment(text, kind)` reads a time as DuckDB does, or not."""

    def __init__(
        self, dialect: Dialect, table: str, columns: Mapping[str, Column], params: Mapping[str, Any], moment: Moment
    ) -> None:
        self.dialect, self.table, self.params, self.moment = dialect, table.casefold(), params, moment
        self.columns = {name.casefold(): column for name, column in columns.items()}

    def condition(self, node: Node) -> Condition | None:
        """What the server can look at of a condition, as DuckDB's `json_serialize_sql` gives it."""
        kind, children = node.get("type", ""), _children(node)
        match kind:
            case "CONJUNCTION_AND":
                return self._all([self.condition(one) for one in children])
            case "CONJUNCTION_OR":
                return _any([self.condition(one) for one in children])
            case "OPERATOR_NOT":
                return _negated(self.condition(children[0]))
            case "COMPARE_NOT_IN":
                return _negated(self._in(children))
            case "COMPARE_IN":
                return self._in(children)
            case "COMPARE_BETWEEN":
                bounds = ((">=", node.get("lower", {})), ("<=", node.get("upper", {})))
                both = [self._compared(node.get("input", {}), operator, bound) for operator, bound in bounds]
                return self._all(both)
            case "OPERATOR_IS_NULL" | "OPERATOR_IS_NOT_NULL":
                column = self._column(children[0])
                found = self.dialect.is_null(column) if column else None
                return found if kind == "OPERATOR_IS_NULL" else _negated(found)
            case "COLUMN_REF":
                column = self._column(node)
                return self.dialect.compared(column, "=", True) if column and column.family == "boolean" else None
            case "FUNCTION":
                return self._function(str(node.get("function_name", "")).lower(), children)
        if kind in _COMPARISONS:
            left, right, operator = node.get("left", {}), node.get("right", {}), _COMPARISONS[kind]
            return self._compared(left, operator, right) or self._compared(right, _FLIPPED[operator], left)
        return None

    def _all(self, parts: Sequence[Condition | None]) -> Condition | None:
        known = [one for one in parts if one is not None]
        return _joined("AND", known, exact=len(known) == len(parts)) if known else None

    def _compared(self, left: Node, operator: str, right: Node) -> Condition | None:
        column = self._column(left)
        value = self._value(right, column) if column else _MISSING
        if column is None or value is _MISSING or (column.family == "text" and operator != "="):
            return None
        return self.dialect.compared(column, operator, value)

    def _in(self, children: Sequence[Node]) -> Condition | None:
        column = self._column(children[0])
        if column is None:
            return None
        values = [self._value(one, column) for one in children[1:]]
        return None if _MISSING in values else self.dialect.one_of(column, values)

    def _function(self, name: str, arguments: Sequence[Node]) -> Condition | None:
        if len(arguments) != 2:
            return None
        if name in ("list_contains", "contains", "array_contains", "list_has", "array_has"):
            column = self._column(arguments[1])
            listed = self._param(arguments[0])
            if column is None or not isinstance(listed, list):
                return None
            values = [self._fitting(one, column) for one in listed if one is not None]
            found = None if _MISSING in values else self.dialect.one_of(column, values)
            return Condition(found.sql, found.values) if found else None  # a null is another thing to a list
        if name == "~~" and (column := self._column(arguments[0])) and column.family == "text":
            pattern = self._value(arguments[1], column)
            # `_` and `\` do not mean the same everywhere.
            if isinstance(pattern, str) and not {"_", "\\"} & set(pattern):
                return self.dialect.like(column, pattern)
        return None

    def _column(self, node: Node) -> Column | None:
        names = list(node.get("column_names", ())) if node.get("class") == "COLUMN_REF" else []
        if len(names) == 2 and str(names[0]).casefold() == self.table:
            names = names[1:]
        found = self.columns.get(str(names[0]).casefold()) if len(names) == 1 else None
        return found if found is not None and found.family is not None else None

    def _param(self, node: Node) -> Any:
        is_param = node.get("class") == "PARAMETER"
        return self.params.get(str(node.get("identifier")), _MISSING) if is_param else _MISSING

    def _value(self, node: Node, column: Column) -> Any:
        """What a constant or a parameter is to a column of this family; _MISSING when that is not plain."""
        if node.get("type") == "OPERATOR_CAST":
            kind = node.get("cast_type", {}).get("id") or node.get("type_expr", {}).get("type_name", "")
            if column.kind == {"TIMESTAMPTZ": _ZONED}.get(kind, kind) and column.family == "moment":
                return self._value(node.get("child", {}), column)
            return _BOOLEANS.get(_text(node.get("child", {})), _MISSING) if _is_boolean(column, kind) else _MISSING
        return self._fitting(self._param(node) if node.get("class") == "PARAMETER" else _literal(node), column)

    def _fitting(self, value: Any, column: Column) -> Any:
        if column.family == "boolean":
            return value if isinstance(value, bool) else _MISSING
        if column.family == "integer":
            whole = isinstance(value, int) and not isinstance(value, bool) and -_INT64 <= value < _INT64
            return value if whole else _MISSING
        if not isinstance(value, str) or not value.isprintable():
            return _MISSING
        if column.family == "text":
            return value
        moment = self.moment(value, column.kind)
        return _MISSING if moment is None else moment


_BOOLEANS = {"t": True, "f": False, "true": True, "false": False}


def _is_boolean(column: Column, kind: str) -> bool:
    return column.family == "boolean" and kind == "BOOLEAN"


def _children(node: Node) -> list[Node]:
    """Arguments of an operator or a function; DuckDB 1 and 2 put them in different places."""
    found = node.get("children") or node.get("arguments") or []
    return [one["expression"] if isinstance(one, dict) and "expression" in one else one for one in found] or [{}]


def _text(node: Node) -> str:
    return str(node.get("literal", {}).get("text", node.get("value", {}).get("value")))


def _literal(node: Node) -> Any:
    if node.get("class") != "CONSTANT":
        return _MISSING
    if "literal" in node:
        kind, text = node["literal"].get("kind"), node["literal"].get("text")
        if kind == "INTEGER":
            return int(text)
        return text if kind == "STRING" else _BOOLEANS.get(text, _MISSING) if kind == "BOOLEAN" else _MISSING
    value = node.get("value", {})
    kind, plain = value.get("type", {}).get("id"), value.get("value", _MISSING)
    if value.get("is_null") or kind not in ("VARCHAR", "INTEGER", "BIGINT", "INTEGER_LITERAL", "BOOLEAN"):
        return _MISSING
    return plain if isinstance(plain, (str, int)) else _MISSING


def _joined(word: str, parts: Iterable[Condition], *, exact: bool) -> Condition:
    parts = list(parts)
    values = tuple(value for one in parts for value in one.values)
    return Condition(f" {word} ".join(f"({one.sql})" for one in parts), values, exact and all(p.exact for p in parts))


def _any(parts: Sequence[Condition | None]) -> Condition | None:
    known = [one for one in parts if one is not None]
    return _joined("OR", known, exact=True) if len(known) == len(parts) else None


def _negated(part: Condition | None) -> Condition | None:
    return Condition(f"NOT ({part.sql})", part.values, exact=True) if part is not None and part.exact else None
