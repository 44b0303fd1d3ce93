"""A run as NDJSON: one event a line."""

from __future__ import annotations

import json
from dataclasses import asdict

from nac.dispatch.progress import CallEnded, Progress
from nac.report.sending.report import Report

NAMED = 1_000  # records of a cause that are named


def start_json(plan: str, hub: str, left: int) -> str:
    return json.dumps({"event": "start", "plan": plan, "hub": hub, "left": left})


def call_json(call: CallEnded, progress: Progress) -> str:
    told = {**asdict(call), "seconds": round(call.seconds, 4), "settled": progress.settled, "total": progress.total}
    return json.dumps({"event": "call", **told})


def report_json(report: Report) -> str:
    causes = [
        {
            "state": cause.state, "status": cause.status, "reason": cause.reason, "count": len(cause.records),
            "records": [{"batch": batch, "position": place, "id": name}
                        for batch, place, name in cause.records[:NAMED]],
        }
        for cause in report.causes
    ]  # fmt: skip
    return json.dumps({
        "event": "report", "plan": report.plan, "workspace": report.workspace, "hub": report.hub,
        "ended": report.ended.how, "why": report.ended.why, **asdict(report.counts), "left": report.left,
        "now": {"accepted": report.progress.accepted, "rejected": report.progress.rejected,
                "calls": report.progress.calls, "again": report.progress.again},
        "seconds": round(report.seconds, 3), "causes": causes, "resume": report.resume,
    })  # fmt: skip
