"""The child: evaluates one text after another. It is run by its path, and sees nothing of nac and no environment.

Reading the standard library takes jsonnet 25 ms, several hundred times as long as a text of ours. So it runs one
program that has no end: an array of imports, one for each text, from which a native function picks the text that is
asked for next. A mistake ends the program, and it is started again. A text is read as the body of
`function(data, t, std)`: its `std` lacks the native functions, and its imports are refused.

Every message is a length (4 bytes, big-endian) and JSON. In comes `[text, data]`, out goes `{"value": "[…]"}` or
`{"error": …}`; in between `{"t": [key, values]}` asks for a translation, and null says that there is none.
"""

from __future__ import annotations

import json
import signal
import struct
import sys
from importlib import import_module
from typing import Any

PREFIX = "function(data, t, std) "
FOLDER = "/text/"
TEXTS = 96
"""How many texts one program knows. Each takes 4 MB, since jsonnet reads its standard library with each."""

_MAIN = """
local texts = [%s];
local t(key, values={}) = std.native("t")(key, std.toString(values));
local public = std {
  native(name):: error "there are no native functions here",
  extVar(name):: error "there are no external variables here: the data is the variable `data`",
};
local serve() =
  local job = std.native("next")(0);
  std.native("answer")(std.toString([texts[job.text](job.data, t, public)]));
local loop(n) = if serve() then loop(n + 1) tailstrict else n;
loop(0)
"""


class Full(Exception):  # noqa: N818 - nothing is wrong: the next text needs a new program
    """The program knows as many texts as it can."""


class Texts:
    def __init__(self, limits: dict[str, int]) -> None:
        self.limits = limits
        self.known: list[str] = []
        self.places: dict[str, int] = {}
        self.waiting: tuple[str, Any] | None = None

    def next(self, _: float) -> dict[str, Any]:
        while self.waiting is None:
            _alarm(0)
            try:
                self.waiting = read()
            except OverflowError:
                write({"error": "RUNTIME ERROR: the data holds a number that is too large"})
            _alarm(2 * self.limits["seconds"])
        text, data = self.waiting
        if text not in self.places:
            if len(self.known) == TEXTS:
                raise Full
            self.places[text] = len(self.known)
            self.known.append(text)
        self.waiting = None
        return {"text": self.places[text], "data": data}

    def answer(self, value: str) -> bool:
        if len(value.encode()) > self.limits["result"]:
            write({"error": f"RUNTIME ERROR: the result is larger than {self.limits['result'] // 2**20} MB"})
        else:
            write({"value": value})
        return True

    def find(self, base: str, name: str) -> tuple[str, bytes]:
        if base == FOLDER or not name.isdigit():
            raise RuntimeError("no imports")
        return FOLDER + name, (PREFIX + self.known[int(name)]).encode()

    def translate(self, key: Any, values: Any) -> str:
        write({"t": [key, values]})
        found = read()
        if found is None:
            raise RuntimeError("no translation")
        return str(found)


def serve(jsonnet: Any, limits: dict[str, int]) -> None:
    main = _MAIN % ", ".join(f'import "{index}"' for index in range(TEXTS))
    texts = Texts(limits)
    while True:
        calls = {
            "next": (("_",), texts.next),
            "answer": (("value",), texts.answer),
            "t": (("k", "v"), texts.translate),
        }
        try:
            jsonnet.evaluate_snippet(
                "main", main, max_stack=limits["stack"], import_callback=texts.find, native_callbacks=calls
            )
        except RuntimeError as error:
            if texts.waiting is not None:  # there was no room for it
                texts.known, texts.places = [], {}
            else:
                write({"error": str(error)})


def read() -> Any:
    head = sys.stdin.buffer.read(4)
    if len(head) < 4:
        # The parent is gone. An exception would only end the program, not the process.
        quit_now()
    (length,) = struct.unpack(">I", head)
    # JSONNET's numbers are doubles, and its Python binding takes no larger integers.
    return json.loads(sys.stdin.buffer.read(length), parse_int=_number, parse_float=_number)


def _number(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise OverflowError
    return number


def write(message: Any) -> None:
    body = json.dumps(message).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(body)) + body)
    sys.stdout.buffer.flush()


def quit_now() -> None:
    import os

    os._exit(0)


def _alarm(seconds: float) -> None:
    """Ends the process should nobody be there to do so."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def limit(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):  # macOS limits no address space
            continue


def main() -> None:
    limits = json.loads(sys.argv[2])
    sys.path.append(sys.argv[1])
    jsonnet = import_module("_jsonnet")
    limit(limits["memory"])
    write("ready")
    serve(jsonnet, limits)


if __name__ == "__main__":
    main()
