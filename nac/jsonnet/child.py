"""The process that evaluates JSONNET, seen from outside."""

from __future__ import annotations

import importlib.util
import json
import os
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from nac.jsonnet import limits
from nac.templates.jsonnet import JsonnetError

_PROGRAM = Path(__file__).with_name("program.py")
_KEPT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What a Python may need to start at all; everything else in the environment stays here."""

_GLANCE = 0.2
"""Seconds."""

_MAX_ANSWER = 2 * limits.MAX_RESULT + 2**20
"""JSON within JSON takes up to twice the room."""


class ChildGone(Exception):  # noqa: N818 - what happened, not whose mistake it is
    """The process ended: out of memory, or of stack."""


class TimeUp(ChildGone):
    """It was ended, since it took too long."""


class Child:
    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._deadline: float | None = None
        self._time_up = False
        self._closed = threading.Event()
        threading.Thread(target=self._watch, name="jsonnet-watch", daemon=True).start()

    @classmethod
    def start(cls) -> Child:
        """Raises JsonnetError where the library is missing."""
        found = importlib.util.find_spec("_jsonnet")
        if found is None or found.origin is None:
            help = 'pip install "nac[jsonnet]"'
            raise JsonnetError("this is JSONNET, and what evaluates it is not installed", help=help)
        most = {
            "seconds": limits.MAX_SECONDS,
            "memory": limits.MAX_MEMORY,
            "stack": limits.MAX_STACK,
            "result": limits.MAX_RESULT,
        }
        command = [sys.executable, "-I", "-S", str(_PROGRAM), str(Path(found.origin).parent), json.dumps(most)]
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        pipe = subprocess.PIPE
        process = subprocess.Popen(  # noqa: S603 - our own Python and program
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment
        )
        child = cls(process)
        try:
            child._within(limits.START_SECONDS, child._read)
        except ChildGone:
            child.close()
            raise JsonnetError("the process that evaluates JSONNET does not start") from None
        return child

    def ask(self, request: bytes, translate: Callable[[object, object], str | None]) -> dict[str, Any]:
        """What the process says to a request: `value` or `error`. Raises ChildGone."""

        def conversation() -> dict[str, Any]:
            self._write(request)
            while "t" in (answer := self._read()):
                self._write(json.dumps(translate(*answer["t"])).encode())
            return dict(answer)

        return cast("dict[str, Any]", self._within(limits.MAX_SECONDS, conversation))

    def _within(self, seconds: float, do: Callable[[], Any]) -> Any:
        self._deadline = time.monotonic() + seconds
        try:
            return do()
        except (OSError, EOFError, ValueError):
            raise (TimeUp if self._time_up else ChildGone) from None
        finally:
            self._deadline = None

    def _watch(self) -> None:
        # Looking now and then costs less than a timer for each text, which takes longer to start than most to evaluate.
        while not self._closed.wait(_GLANCE):
            deadline = self._deadline
            if deadline is not None and time.monotonic() > deadline:
                self._time_up = True
                self._process.kill()
                return

    def _write(self, body: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(struct.pack(">I", len(body)) + body)
        self._process.stdin.flush()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        head = self._process.stdout.read(4)
        (length,) = struct.unpack(">I", head) if len(head) == 4 else (0,)
        if not 0 < length <= _MAX_ANSWER:
            raise EOFError
        body = self._process.stdout.read(length)
        if len(body) < length:
            raise EOFError
        return json.loads(body)

    def close(self) -> None:
        self._closed.set()
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was still to be written has nowhere to go
                    continue
        self._process.wait()
