"""Notifications as code for SuprSend.

```
read → resolve → compile → preview | dispatch
```
`nac.load` reads a project, `nac.compile`, `nac.recipients` and `nac.preview` say what a trigger does, `nac.dispatch`
sends it. Everything is imported when it is first used.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from nac._version import __version__

if TYPE_CHECKING:
    from nac.api import (
        Compiled,
        Diff,
        NacError,
        Previewed,
        Stream,
        Templates,
        check,
        compile,  # noqa: A004 - `nac.compile` is what it is called
        diff,
        directories,
        load,
        preview,
        preview_template,
        recipients,
        samples,
        stream,
    )
    from nac.event import Event


__all__ = [
    "Compiled",
    "Diff",
    "Event",
    "NacError",
    "Previewed",
    "Stream",
    "Templates",
    "__version__",
    "check",
    "compile",
    "diff",
    "directories",
    "load",
    "preview",
    "preview_template",
    "recipients",
    "samples",
    "stream",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from nac import api

        return getattr(api, name)
    raise AttributeError(f"module 'nac' has no attribute {name!r}")


class _Package(ModuleType):
    def __setattr__(self, name: str, value: object) -> None:
        # Python sets a module as an attribute of its package when it is imported: without this, `nac.load` would
        # be the function the first time, and the module nac/load.py from then on.
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
