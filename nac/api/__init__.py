"""The Python API: what the commands do, as functions.

```python
import nac

loaded = nac.load(".")
for payload in nac.compile(loaded.project, "new-comment", event={...}).payloads:
    print(payload.encoded)
```
What an author got wrong is in `diagnostics`, never raised. Misuse (an unknown trigger) raises `NacError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nac.api.triggers import (
    Compiled,
    NacError,
    Stream,
    an_event,
    compile,  # noqa: A004 - `nac.compile` is what it is called
    directories,
    find,
    load,
    people,
    recipients,
    samples,
    stream,
)
from nac.event import Event

if TYPE_CHECKING:
    from nac.api.checks import check
    from nac.api.diffs import diff
    from nac.api.previews import preview, preview_template
    from nac.api.templates import Templates
    from nac.diff.changes import Diff
    from nac.preview.result import Previewed

__all__ = [
    "Compiled",
    "Diff",
    "Event",
    "NacError",
    "Previewed",
    "Stream",
    "Templates",
    "an_event",
    "check",
    "compile",
    "diff",
    "directories",
    "find",
    "load",
    "people",
    "preview",
    "preview_template",
    "recipients",
    "samples",
    "stream",
]

# What shows messages is heavy: only who asks for it pays.
_LATE = {
    "check": "nac.api.checks",
    "diff": "nac.api.diffs",
    "preview": "nac.api.previews",
    "preview_template": "nac.api.previews",
    "Templates": "nac.api.templates",
    "Diff": "nac.diff.changes",
    "Previewed": "nac.preview.result",
}


def __getattr__(name: str) -> Any:
    if name in _LATE:
        from importlib import import_module

        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module 'nac.api' has no attribute {name!r}")
