"""How much one template may ask for. None of these is Handlebars' own: it has no limits but memory and time."""

from __future__ import annotations

MAX_SOURCE = 1_000_000
"""Characters of one template or partial."""

MAX_NESTING = 100
"""Blocks within blocks, `else if` links and sub-expressions within sub-expressions, as written."""

MAX_BLOCK_PARAMS = 100
"""Names in `as |a b|`, of which the built-in helpers give a value to two."""

MAX_DEPTH = 101
"""Blocks and partials that are being rendered at the same time, one within the other, and the template itself.

A level takes up to six of Python's 1,000 stack frames, and the caller needs some too.
"""

MAX_STEPS = 1_000_000
"""Statements rendered, counting each turn of a loop."""

MAX_OUTPUT = 10_000_000
"""Characters printed by a template with all its partials, or made of one value by a helper."""
