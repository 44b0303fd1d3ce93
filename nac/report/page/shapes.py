"""Any JSON, read as the shape that is hoped for: what has another one counts as empty."""

from __future__ import annotations

from typing import Any

MOST_ITEMS = 500
"""More than a card can be read with: a list is cut here, so that no message draws a page of its own."""


def mapping(found: Any) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}


def items(found: Any) -> list[Any]:
    return found[:MOST_ITEMS] if isinstance(found, list) else []


def string(found: Any) -> str:
    """Text; a number as it is written. Everything else is empty."""
    if isinstance(found, bool):
        return "true" if found else "false"
    return found if isinstance(found, str) else str(found) if isinstance(found, int | float) else ""
