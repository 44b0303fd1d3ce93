"""What is kept of a part of a project: see `nac.check.parts`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """`triggers` and `files` are paths, `files` with those of the triggers. `same`: a digest of what the rules about
    all triggers take from it. `signs`: digests of what no two triggers should share. An `entangled` part is never
    checked alone."""

    triggers: tuple[str, ...]
    files: tuple[str, ...]
    same: str
    signs: tuple[str, ...]
    entangled: bool = False
