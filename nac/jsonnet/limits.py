"""How much a text in JSONNET may take."""

MAX_SECONDS = 5
MAX_MEMORY = 1024 * 2**20
"""Of address space, in bytes, where the system can limit it (not on Windows)."""

MAX_STACK = 300
"""Calls within calls."""

MAX_SOURCE = 2**20
"""In characters."""

MAX_DATA = 64 * 2**20
MAX_RESULT = 4 * 2**20
"""In bytes of JSON. SuprSend takes blocks of 13,200 characters."""

START_SECONDS = 60
"""How long the child may take to begin, on a machine that is busy with other things."""
