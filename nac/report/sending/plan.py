"""A plan: what would be sent, how much of it, where to, and what its limits cannot tell."""

from __future__ import annotations

import json
from collections.abc import Sequence

from nac.dispatch.safety import unchecked
from nac.plans.manifest import ID_SHOWN, Manifest
from nac.report.terminal import PLAIN, Style, safe


def plan_text(manifest: Manifest, hub: str | None, style: Style = PLAIN, directories: Sequence[object] = ()) -> str:
    """The plan in a few lines. `directories`: those that people were looked up in, as the manifest tells them."""
    where = f" for {safe(manifest.workspace)}" if manifest.workspace else ""
    lines = [style.bold(f"Plan {manifest.id[:ID_SHOWN]}{where}")]
    for name, one in sorted(manifest.triggers.items()):
        people = f", {amount(one.recipients, 'recipient')}" if one.kind != "broadcast" else ", to a list"
        lines.append(f"  {safe(name)}: {amount(one.records, 'request')}{people}")
    people = f"{amount(manifest.recipients, 'recipient')}, " if manifest.recipients else ""
    to = f" to {safe(hub)}" if hub else ""
    lines.append(f"  {people}{manifest.bytes:,} bytes in {amount(manifest.batches, 'call')}{to}")
    lines += [f"  {read}" for told in directories if (read := _directory(told))]
    if manifest.redirected:
        lines.append(style.yellow("  redirected: everything goes to the test addresses of nac.yaml, to nobody else"))
    if manifest.samples:
        lines.append(style.yellow("  from samples: only for a hub on this machine"))
    if manifest.keyless:
        lines.append(style.yellow(
            f"  {amount(manifest.keyless, 'request')} without an idempotency key: nac made one, which holds for this "
            "plan alone"))  # fmt: skip
    lines += [style.yellow(f"  {safe(what)}") for what in unchecked(manifest, manifest.limits)]
    return "\n".join(lines) + "\n"


def plan_json(manifest: Manifest, directories: Sequence[object] = ()) -> str:
    """The same as one JSON object on a line."""
    return json.dumps({
        "event": "plan", "plan": manifest.id, "workspace": manifest.workspace, "records": manifest.records,
        "recipients": manifest.recipients, "bytes": manifest.bytes, "calls": manifest.batches,
        "redirected": manifest.redirected, "samples": manifest.samples, "keyless": manifest.keyless,
        "unchecked": unchecked(manifest, manifest.limits), "directories": list(directories),
        "triggers": {name: one.model_dump() for name, one in sorted(manifest.triggers.items())},
    })  # fmt: skip


def _directory(told: object) -> str | None:
    """One that is read elsewhere, so that nothing here tells whether it has changed since."""
    match told:
        case {"sha256": _}:
            return None
        case {"name": str(name), "rows": int(rows), "read": str(at)}:
            return f"{amount(rows, 'row')} of `{safe(name)}`, read at {safe(at)}"
    return None


def amount(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
