"""What a journal knows of a plan, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from nac.journal import PlanRow
from nac.journal.journal import SKIPPED
from nac.report.sending.plan import amount
from nac.report.sending.report import Cause
from nac.report.terminal import PLAIN, Style, safe

SHOWN = 20  # records of a cause that are named


def plan_line(row: PlanRow) -> str:
    """One plan on one line: id, when it was begun (UTC), whether anything is left, how many, for whom, what."""
    counts = row.counts
    parts = [f"{counts.accepted:,} accepted"]
    parts += [f"{getattr(counts, name):,} {name}" for name in ("rejected", "unknown", "intended", "planned")
              if getattr(counts, name)]  # fmt: skip
    state = "done" if row.finished is not None else "open"
    begun = datetime.fromtimestamp(row.started, UTC).strftime("%Y-%m-%d %H:%M")
    whose = f"  {safe(row.totals.workspace)}" if row.totals.workspace else ""
    return (f"{row.totals.id[:12]}  {begun}  {state}  {amount(row.totals.records, 'request')}: {', '.join(parts)}"
            f"{whose}  {safe(row.totals.triggers)}")  # fmt: skip


def plan_row_text(row: PlanRow, causes: Sequence[Cause], style: Style = PLAIN) -> str:
    """One plan with the causes of what was not accepted, and what to do about it."""
    short = row.totals.id[:12]
    lines = [style.bold(f"Plan {row.totals.id}"), f"  {plan_line(row)}", f"  sent to {safe(row.totals.hub)}"]
    for cause in causes:
        lines.append(style.red(f"{len(cause.records):,} {safe(cause.text)}"))
        lines += [f"  batch {batch}, record {place}" + (f", {name}" if name else "")
                  for batch, place, name in cause.records[:SHOWN]]  # fmt: skip
        if len(cause.records) > SHOWN:
            lines.append(f"  and {len(cause.records) - SHOWN:,} more: nac journal export {short}")
    if any(one.state == "rejected" and one.reason != SKIPPED for one in causes):
        lines.append(style.yellow(f"to send the rejected ones again: nac journal retry {short} --rejected"))
    if row.finished is None:
        lines.append(style.yellow("to send what is left: the same `nac dispatch` again"))
    return "\n".join(lines)


def plan_row_json(row: PlanRow, causes: Sequence[Cause] | None = None) -> str:
    """The same as one JSON object on a line; `causes` with the batch, place and id of each record."""
    told = {**asdict(row.totals), "started": row.started, "finished": row.finished, **asdict(row.counts)}
    if causes is not None:
        told["causes"] = [
            {"state": one.state, "status": one.status, "reason": one.reason, "count": len(one.records),
             "records": [{"batch": batch, "position": place, "id": name} for batch, place, name in one.records]}
            for one in causes
        ]  # fmt: skip
    return json.dumps(told)
