"""Whether a plan is still that of the project as it is now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nac.cli.output import note

if TYPE_CHECKING:
    from nac.model import Workspace
    from nac.plans import StoredPlan
    from nac.project import Project


def fresh(stored: StoredPlan, root: str, *, allow: bool) -> dict[str, Workspace] | None:
    """nac.yaml's workspaces now; None where there is no project here. Raises Refused where what the plan was made from
    has changed, or is not here to compare with; `allow`: it is told, and sent all the same."""
    from nac import api
    from nac.cli.safeguards import Refused
    from nac.plans import stale
    from nac.plans.sources import stale_directories
    from nac.report.terminal import safe

    changed: list[str] = []
    unknown: list[str] = []
    workspaces: dict[str, Workspace] | None = None
    try:
        project = api.load(root).project
    except api.NacError:
        changed = ["the project is not here to be compared with (name its directory with --project)"]
    else:
        workspaces = dict(project.settings.workspaces)
        directories, unknown = stale_directories(project, stored.made.get("directories"))
        event, lost = _event(stored, project)
        changed = [*stale(project.tree, stored.manifest.sources), *directories, *event]
        unknown += lost
    for one in unknown:
        note(f"note: {safe(one)}")
    if changed and not allow:
        shown = "; ".join(map(safe, changed[:5])) + (f"; and {len(changed) - 5} more" if len(changed) > 5 else "")
        raise Refused(f"{stored.folder} is stale: {shown}. Plan again, or send it as it is with --allow-stale")
    for one in changed:
        note(f"WARNING: stale plan: {safe(one)}; sent as it was planned, because of --allow-stale")
    return workspaces


def _event(stored: StoredPlan, project: Project) -> tuple[list[str], list[str]]:
    """Whether the event's file has changed, and whether it is not there to tell."""
    from nac.event import EventError, parse_event
    from nac.plans.sources import event_digest, full_path

    shown = stored.made.get("event_file")
    if not isinstance(shown, str):
        return [], []
    path: Path = full_path(shown, project)
    if not path.is_file():
        return [], [f"the event cannot be compared: {shown} is not here"]
    try:
        digest = event_digest(parse_event(path.read_bytes()))
    except OSError:
        return [], [f"the event cannot be compared: {shown} cannot be read"]
    except EventError:
        digest = ""
    return ([] if digest in stored.manifest.events.values() else [f"{shown} has changed"]), []
