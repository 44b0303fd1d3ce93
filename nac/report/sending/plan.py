"""A plan: what would be sent, how much of it, and where to."""

from __future__ import annotations

import json

from nac.plans.manifest import ID_SHOWN, Manifest
from nac.report.terminal import PLAIN, Style, safe


def plan_text(manifest: Manifest, hub: str | None, style: Style = PLAIN) -> str:
    """The plan in a few lines."""
    where = f" for {safe(manifest.workspace)}" if manifest.workspace else ""
    lines = [style.bold(f"Plan {manifest.id[:ID_SHOWN]}{where}")]
    for name, one in sorted(manifest.triggers.items()):
        people = f", {amount(one.recipients, 'recipient')}" if one.kind != "broadcast" else ", to a list"
        lines.append(f"  {safe(name)}: {amount(one.records, 'request')}{people}")
    people = f"{amount(manifest.recipients, 'recipient')}, " if manifest.recipients else ""
    to = f" to {safe(hub)}" if hub else ""
    lines.append(f"  {people}{manifest.bytes:,} bytes in {amount(manifest.batches, 'call')}{to}")
    if manifest.redirected:
        lines.append(style.yellow("  redirected: everything goes to the test addresses of nac.yaml, to nobody else"))
    if manifest.samples:
        lines.append(style.yellow("  from samples: only for a hub on this machine"))
    if manifest.keyless:
        lines.append(style.yellow(
            f"  {amount(manifest.keyless, 'request')} without an idempotency key: nac made one, which holds for this "
            "plan alone"))  # fmt: skip
    return "\n".join(lines) + "\n"


def plan_json(manifest: Manifest) -> str:
    """The same as one JSON object on a line."""
    return json.dumps({
        "event": "plan", "plan": manifest.id, "workspace": manifest.workspace, "records": manifest.records,
        "recipients": manifest.recipients, "bytes": manifest.bytes, "calls": manifest.batches,
        "redirected": manifest.redirected, "samples": manifest.samples, "keyless": manifest.keyless,
        "triggers": {name: one.model_dump() for name, one in sorted(manifest.triggers.items())},
    })  # fmt: skip


def amount(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
