"""JSONNET, evaluated where it can do no harm: in a process of its own, without files, within a time and a memory.

with evaluator() as jsonnet:
    jsonnet('{text: "Hi " + data.name}', {"name": "Ann"}, translations, "en")

texts → child (program.py, one at a time) → JSON, or its error text → JsonnetError at a place (errors.py)
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from nac.handlebars import HelperError
from nac.jsonnet import limits
from nac.jsonnet.child import Child, ChildGone, TimeUp
from nac.jsonnet.errors import error_of
from nac.templates.jsonnet import JsonnetError
from nac.templates.translations import Translations

__all__ = ["Evaluator", "evaluator"]


def evaluator() -> Evaluator:
    """What evaluates JSONNET. Close it, or use it in a `with`; nothing is started before the first text."""
    return Evaluator()


class Evaluator:
    """A `nac.templates.jsonnet.Jsonnet`. Threads may share it, and wait for each other."""

    def __init__(self) -> None:
        self._child: Child | None = None
        self._lock = threading.Lock()

    def __call__(self, source: str, data: Mapping[str, Any], translations: Translations, locale: str) -> Any:
        """The JSON value of a text. Raises JsonnetError; whatever went wrong, the next text is evaluated."""
        request = _request(source, data)
        with self._lock:
            if self._child is None:
                self._child = Child.start()
            asked = _Translate(translations, locale)
            try:
                answer = self._child.ask(request, asked)
            except ChildGone as error:
                self._end()
                raise _exhausted(error) from None
            except BaseException:
                # Broken off in the middle, by Ctrl-C say: what comes next would read the rest of this.
                self._end()
                raise
        if "error" in answer:
            raise error_of(answer["error"], source, data, asked.failed)
        try:
            return json.loads(answer["value"])[0]
        except (ValueError, RecursionError):
            raise JsonnetError("the result nests too deeply, or holds a number that JSON does not have") from None

    def close(self) -> None:
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._child is not None:
            self._child.close()
            self._child = None

    def __enter__(self) -> Evaluator:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class _Translate:
    """Answers the function `t` of the texts; `failed` is why the last one could not be."""

    def __init__(self, translations: Translations, locale: str) -> None:
        self.translations, self.locale = translations, locale
        self.failed: HelperError | None = None

    def __call__(self, key: object, values: object) -> str | None:
        try:
            if not isinstance(key, str) or not key:
                raise HelperError("`t` needs the key of a translation, as text")
            return self.translations.message(key, self.locale, _values(values))
        except HelperError as error:
            self.failed = error
            return None


def _values(text: object) -> Mapping[str, object]:
    try:
        values = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise HelperError('the second argument of `t` is a mapping, such as {name: "Ann"}')
    return values


def _request(source: str, data: Mapping[str, Any]) -> bytes:
    if len(source) > limits.MAX_SOURCE:
        raise JsonnetError(f"this is longer than {limits.MAX_SOURCE:,} characters")
    try:
        request = json.dumps([source, data], ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        raise JsonnetError("the text or its data holds half a character (a lone surrogate)") from None
    except (TypeError, ValueError, RecursionError):
        raise JsonnetError("the data is not JSON (NaN, say), or nests too deeply") from None
    if len(request) > limits.MAX_DATA:
        raise JsonnetError(f"the data is larger than {limits.MAX_DATA // 2**20} MB")
    return request


def _exhausted(error: ChildGone) -> JsonnetError:
    if isinstance(error, TimeUp):
        message = f"evaluating this takes longer than {limits.MAX_SECONDS} seconds"
    else:
        message = f"evaluating this takes more than {limits.MAX_MEMORY // 2**20} MB of memory, or nests too deeply"
    return JsonnetError(message, help=f"a message has room for much less; {limits.MAX_RESULT // 2**20} MB at the most")
