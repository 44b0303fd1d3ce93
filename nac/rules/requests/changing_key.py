"""NAC510: an idempotency key that is another one each time the same event is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from nac.diagnostics import Diagnostic, Rule
from nac.expressions import is_template
from nac.rules.check import Check
from nac.rules.requests.keys import pieces, read_paths, value_of

if TYPE_CHECKING:
    from nac.project import Trigger
    from nac.rules.view import View

RULE = Rule("NAC510", "changing-idempotency-key")
_NOON = datetime(2026, 3, 4, 12, 34, 56, 123456, UTC)
# A key may name the day, or the hour: then it says that one message a day is enough.
_STEPS = ((timedelta(microseconds=1), "moment"), (timedelta(seconds=1), "second"), (timedelta(minutes=1), "minute"))
_RUN = re.compile(
    r"(^|_)(BUILD|COMMIT|SHA|RUN|PIPELINE|DEPLOY|DEPLOYMENT|HOSTNAME|PID|POD|RANDOM|NONCE|TIMESTAMP|NOW|DATE)"
    r"(_(ID|NUMBER|NO|SHA|NAME|TIME))?$"
)
_RANDOM = frozenset(
    "random rand nonce salt attempt attempts attempt_number retry retries retry_count request_id requestId trace_id "
    "traceId span_id correlation_id correlationId now sent_at sentAt current_time".split()
)


def find(view: View) -> Iterator[Diagnostic]:
    for trigger in view.triggers:
        key = trigger.model.idempotency_key
        if key is None or not is_template(key):
            continue
        for piece in pieces(key):
            if found := _finding(view, trigger, piece):
                yield found
                break


def _finding(view: View, trigger: Trigger, piece: str) -> Diagnostic | None:
    paths = read_paths(piece)
    label = trigger.at("idempotency_key").label(piece.strip())
    twice = "sending the same event again would reach everybody twice"
    help = "build it from an id of the event, such as `{{ event.id }}`"
    if ("now",) in paths and (unit := _unit(view, trigger, piece)):
        help += "; for one message a day, `{{ now | truncate(10, true, '') }}`"
        return Diagnostic(RULE, f"this makes another key every {unit}: {twice}", label, help=help)
    for steps in paths:
        if steps[0] == "env" and len(steps) > 1 and _RUN.search(steps[1]):
            message = f"`env.{steps[1][:80]}` is another one in each run: {twice}"
            return Diagnostic(RULE, message, label, help=help, level="warning")
        if steps[0] == "event" and len(steps) > 1 and steps[-1] in _RANDOM:
            message = f"`{'.'.join(steps)[:80]}` is made anew each time: {twice}"
            return Diagnostic(RULE, message, label, help=help, level="warning")
    return None


def _unit(view: View, trigger: Trigger, piece: str) -> str | None:
    """How soon a piece that reads the time gives something else; None for an hour or longer, or when unknown."""
    from nac.event import iso

    scopes: list[dict[str, Any]] = [one.event.scope for one in view.samples(trigger)]
    for scope in [*scopes[:3], {"event": {}, "env": {}}]:
        before = value_of(piece, {**scope, "now": iso(_NOON)})
        if before is None:
            continue
        for step, unit in _STEPS:
            if value_of(piece, {**scope, "now": iso(_NOON + step)}) != before:
                return unit
        return None
    return None


CHECK = Check(RULE, find)
