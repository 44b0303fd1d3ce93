"""Notifications as code for SuprSend.

```
read → resolve → compile → preview | dispatch
```
`nac.load` reads a project, `nac.compile`, `nac.recipients` and `nac.preview` say what a trigger does, `nac.dispatch`
sends it. Everything is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nac._version import __version__

if TYPE_CHECKING:
    from nac.api import (
        Compiled,
        NacError,
        Previewed,
        Stream,
        compile,  # noqa: A004 - `nac.compile` is what it is called
        directories,
        load,
        preview,
        recipients,
        samples,
        stream,
    )


__all__ = [
    "Compiled",
    "NacError",
    "Previewed",
    "Stream",
    "__version__",
    "compile",
    "directories",
    "load",
    "preview",
    "recipients",
    "samples",
    "stream",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from nac import api

        return getattr(api, name)
    raise AttributeError(f"module 'nac' has no attribute {name!r}")
