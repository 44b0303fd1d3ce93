"""Nothing an expression can hold reaches Python, runs on, or takes the memory of the machine."""

import re
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from nac.expressions import ExpressionError, compile_text, compile_value

TIME = 10.0  # seconds of one core
MEMORY = 30_000_000  # bytes

EVENT: dict[str, Any] = {
    "one": 1,
    "text": "text",
    "many": ["a"] * 10_000,
    "lists": [list(range(100)) for _ in range(10_000)],
    "long": "a" * 100_000,
}


def hostile() -> list[str]:
    """The lines of hostile_expressions.txt, `×N(text)` written out."""
    lines = (Path(__file__).parent / "hostile_expressions.txt").read_text("utf-8").splitlines()
    return [
        re.sub(r"×(\d+)\((.*?|[()])\)(?!\))", lambda found: int(found[1]) * found[2], line)
        for line in lines
        if line and not line.startswith("# ")
    ]


HOSTILE = hostile()


def refusal(text: str) -> ExpressionError:
    """The error for an expression in the field of a trigger; compiled anew, as in a new process."""
    compile_text.cache_clear()
    with pytest.raises(ExpressionError) as refused:
        compile_value({"field": [text]})({"event": EVENT, "env": {}, "now": "2026-01-01T00:00:00Z"})
    return refused.value


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:60])
def test_refused(text: str) -> None:
    start = time.process_time()
    error = refusal(text)
    took = time.process_time() - start
    assert took < TIME
    assert error.path == ("field", 0)
    assert error.message
    assert "object at 0x" not in error.message
    assert EVENT["one"] == 1, "it changed the event"
    assert len(EVENT["many"]) == 10_000, "it changed the event"


@pytest.mark.parametrize("text", [one for one in HOSTILE if "event.long" in one], ids=lambda text: text[:60])
def test_no_memory_taken(text: str) -> None:
    tracemalloc.start()
    try:
        refusal(text)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < MEMORY


def test_there_are_many() -> None:
    assert len(HOSTILE) > 150
    assert len(set(HOSTILE)) == len(HOSTILE)
