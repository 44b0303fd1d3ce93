"""Requests as text: to read (pretty), or the exact bytes (json, ndjson), written as they are made."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from types import TracebackType

from nac.event import Event
from nac.payload import PEOPLE, Payload
from nac.project import Trigger
from nac.report.terminal import PLAIN, Style, safe

Write = Callable[[bytes], object]
MAX_SHOWN = 5  # requests of one event that pretty shows whole
_ENDPOINT = {
    "workflow": "POST /trigger/",
    "dynamic": "POST /{workspace}/trigger/",
    "broadcast": "POST /{workspace}/broadcast/",
}
_BUFFER = 256 * 1024


def writer(form: str, write: Write, style: Style = PLAIN) -> _Writer:
    """The writer of a format: `pretty`, `json` or `ndjson`; a context manager."""
    return {"pretty": _Pretty, "json": _Json, "ndjson": _Ndjson}[form](write, style)


class _Writer:
    def __init__(self, write: Write, style: Style) -> None:
        self.write, self.style = write, style

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        pass

    def event(self, trigger: Trigger, event: Event, payloads: Iterable[Payload]) -> None:
        raise NotImplementedError


class _Ndjson(_Writer):
    def event(self, trigger: Trigger, event: Event, payloads: Iterable[Payload]) -> None:
        lines: list[bytes] = []
        size = 0
        for payload in payloads:
            lines.append(payload.encoded)
            size += len(payload.encoded)
            if size > _BUFFER:
                self.write(b"\n".join(lines) + b"\n")
                lines, size = [], 0
        if lines:
            self.write(b"\n".join(lines) + b"\n")


class _Json(_Writer):
    def __enter__(self) -> _Writer:
        self.write(b"[")
        self.between = b"\n"
        return self

    def event(self, trigger: Trigger, event: Event, payloads: Iterable[Payload]) -> None:
        for payload in payloads:
            self.write(self.between + payload.encoded)
            self.between = b",\n"

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.write(b"\n]\n")


class _Pretty(_Writer):
    def event(self, trigger: Trigger, event: Event, payloads: Iterable[Payload]) -> None:
        style = self.style
        count = people = 0
        for count, payload in enumerate(payloads, 1):
            people += len(payload.people)
            if count == 1:
                title = f"{style.bold(safe(trigger.name))} · {safe(event.name)}"
                self.write(f"{title} {style.dim(f'→ {_ENDPOINT[payload.kind]}')}\n".encode())
            if count <= MAX_SHOWN:
                body = json.dumps(payload.body, indent=2, ensure_ascii=False)
                self.write(f"{safe(_short(body))}\n".encode())
                who = f"{len(payload.people)} recipient{'s' if len(payload.people) != 1 else ''}, "
                who = who if payload.kind in PEOPLE else ""
                self.write(f"{style.dim(f'# {who}{len(payload.encoded):,} bytes')}\n".encode())
        if count > MAX_SHOWN:
            more = (
                f"# and {count - MAX_SHOWN:,} more requests, {people:,} recipients in all; --format ndjson shows them"
            )
            self.write(f"{style.yellow(more)}\n".encode())
        if count:
            self.write(b"\n")


def _short(body: str) -> str:
    """Long base64 of an attachment is nothing to read."""
    lines = body.split("\n")
    return "\n".join(line if len(line) <= 400 else f"{line[:200]}… ({len(line):,} characters)" for line in lines)
