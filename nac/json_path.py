"""JSONPath (RFC 9535), by the library python-jsonpath, which is loaded when the first path is met.

`match` and `search` are left out: they would run a regular expression of anybody's on text of anybody's, without an
end in sight. So is a path with more than two `..`, the number of whose matches grows with every further one.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonpath import JSONPath, JSONPathEnvironment

MAX_PATH = 500
MAX_DESCENTS = 2
MAX_MATCHES = 1000


class JsonPathError(ValueError):
    """A text that is no JSONPath; the message says why, in one line."""


@cache
def _environment() -> JSONPathEnvironment:
    from jsonpath import JSONPathEnvironment

    environment = JSONPathEnvironment(strict=True)
    for name in ("match", "search"):
        environment.function_extensions.pop(name, None)
    return environment


@cache
def compile_path(text: str) -> JSONPath:
    """Raises JsonPathError."""
    from jsonpath.exceptions import JSONPathError

    if len(text) > MAX_PATH:
        raise JsonPathError(f"it has more than {MAX_PATH} characters")
    if text.count("..") > MAX_DESCENTS:
        raise JsonPathError(f"it has more than {MAX_DESCENTS} `..`")
    try:
        return _environment().compile(text)  # type: ignore[return-value]
    except JSONPathError as error:
        raise JsonPathError(str(error).split("\n")[0].strip()) from None
    except RecursionError:
        raise JsonPathError("it is nested too deeply") from None


def find(text: str, value: Any) -> tuple[bool, list[Any]]:
    """Whether the path leads to one place at most, and what stands where it leads, up to MAX_MATCHES values.

    Raises JsonPathError.
    """
    from jsonpath.exceptions import JSONPathError

    path = compile_path(text)
    found: list[Any] = []
    try:
        for match in path.finditer(value):
            found.append(match.obj)
            if len(found) >= MAX_MATCHES:
                break
    except (JSONPathError, RecursionError) as error:
        raise JsonPathError(str(error).split("\n")[0].strip()) from None
    return path.singular_query(), found
