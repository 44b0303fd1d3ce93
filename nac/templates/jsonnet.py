"""JSONNET as the templates see it: a text and its data → JSON. Who evaluates it is handed in (see `nac.jsonnet`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol

from nac.templates.translations import Translations

_STEP = re.compile(r"""\s*(?:\.\s*(\w+)|\[\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*\])""")


class JsonnetError(Exception):
    """A text that could not be evaluated. Lines and columns count from 1, in the text; the end is exclusive.

    `missing` is the name of the field that the data lacks, where that is the reason: SuprSend drops the message.
    `help` is what to do about it.
    """

    def __init__(
        self,
        message: str,
        line: int = 1,
        column: int = 1,
        end_line: int | None = None,
        end_column: int | None = None,
        missing: str | None = None,
        help: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message, self.missing, self.help = message, missing, help
        self.line, self.column = line, column
        self.end_line = line if end_line is None else end_line
        self.end_column = column + 1 if end_column is None else end_column

    def asked(self, source: str) -> str:
        """What is written at its place, on one line."""
        lines = source.split("\n")[self.line - 1 : self.end_line] or [""]
        lines[-1] = lines[-1][: self.end_column - 1]
        lines[0] = lines[0][self.column - 1 :]
        return " ".join(one.strip() for one in lines)


class Jsonnet(Protocol):
    """Evaluates JSONNET with the variable `data` and the function `t(key, {…})`; no imports, no files, bounded."""

    def __call__(self, source: str, data: Mapping[str, Any], translations: Translations, locale: str) -> Any:
        """The JSON value. Raises JsonnetError."""
        ...


def data_path(written: str) -> list[str] | None:
    """`data.order["$id"]` → order, $id; None for what is not such a path."""
    begins = re.match(r"\s*data\b", written)
    if begins is None:
        return None
    steps, at = [], begins.end()
    while at < len(written.rstrip()):
        step = _STEP.match(written, at)
        if step is None:
            return None
        steps.append(next(one for one in step.groups() if one is not None))
        at = step.end()
    return steps or None
