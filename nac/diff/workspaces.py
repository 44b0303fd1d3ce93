"""What two nac.yaml say of workspaces: a change that loosens a limit concerns everybody who may be sent to. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nac.diff.changes import Change, Class, FieldChanged
from nac.diff.values import text
from nac.model import Review, Workspace

_SPEED = frozenset({"rate", "connections"})
_NAMES = frozenset({"tenants", "domains"})
_WHY = {
    "redirect": "it decides whether people get what is sent, or test addresses",
    "workspace_key": "credentials of another workspace are accepted",
    "quiet_hours": "it decides when nothing is sent",
    "journal": "what was sent before is looked up there: a run that another journal knows could be sent twice",
    "unchecked": "it decides what becomes of runs that limits cannot be held against",
}


def compare_workspaces(
    old: Mapping[str, Workspace], new: Mapping[str, Workspace], files: tuple[str, ...]
) -> Iterator[Change]:
    """Every key that differs, in the order of the workspaces' names; the class `audience` where more could be sent."""
    for name in sorted({*old, *new}):
        before, after = _written(old.get(name)), _written(new.get(name))
        if name not in old or name not in new:
            reason = ("a new workspace, with limits of its own" if name not in old
                      else "the workspace is gone, and its limits with it")  # fmt: skip
            yield FieldChanged(trigger=f"workspace {name}", cls="audience", path=f"workspaces.{name}", causes=files,
                               before=_text(before or None if name in old else None),
                               after=_text(after or None if name in new else None), reason=reason)  # fmt: skip
            continue
        for key in sorted({*before, *after}):
            one, other = before.get(key), after.get(key)
            if one != other:
                cls, reason = _class(key, one, other)
                yield FieldChanged(trigger=f"workspace {name}", cls=cls, path=f"workspaces.{name}.{key}",
                                   before=_text(one), after=_text(other), reason=reason, causes=files)  # fmt: skip


def compare_limits(old: Review, new: Review, files: tuple[str, ...]) -> Iterator[Change]:
    """What a later review is held to."""
    before, after = old.max_audience_growth, new.max_audience_growth
    if before != after:
        looser = before is not None and (after is None or after > before)
        reason = "a looser limit: later changes may reach more people" if looser else "a tighter limit"
        yield FieldChanged(trigger="notifications/nac.yaml", cls="audience" if looser else "cosmetic",
                           path="review.max_audience_growth", before=_text(before), after=_text(after),
                           reason=reason, causes=files)  # fmt: skip


def _class(key: str, before: Any, after: Any) -> tuple[Class, str]:
    if key in _SPEED:
        return "cosmetic", "how fast is sent, and not what"
    if key in _WHY:
        return "audience", _WHY[key]
    if key in _NAMES:
        looser = after is None or (before is not None and not set(after) <= set(before))
        return ("audience", f"{key} are allowed that were not before") if looser else ("cosmetic", "a tighter limit")
    looser = after is None or (before is not None and after > before)
    return ("audience", "a looser limit: more people can be sent to") if looser else ("cosmetic", "a tighter limit")


def _written(workspace: Workspace | None) -> dict[str, Any]:
    if workspace is None:
        return {}
    return workspace.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _text(value: Any) -> str | None:
    return None if value is None else value if isinstance(value, str) else text(value)
