"""What must hold before the first byte of a plan is sent."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from nac.cli.output import note, style

if TYPE_CHECKING:
    from nac.journal import Journal, PlanRow
    from nac.model import Workspace
    from nac.plans import StoredPlan

LEFT_TO_ASK = 60.0  # seconds by which clocks may differ before one is said to have been set back


class Refused(click.ClickException):
    """Nothing was sent, because it would not have been safe: exit 1. `begun` False: nor was anything before."""

    begun = True

    def show(self, file: object = None) -> None:
        from nac.report.terminal import safe

        look = style(sys.stderr)
        shown = "\n".join(map(safe, self.message.split("\n")))  # a plan comes from elsewhere, and names what it likes
        click.echo(f"{look.red('refused')}: {shown}", err=True, color=look.colour)


def check_begun(
    stored: StoredPlan, known: PlanRow, journal: Journal, *, hub: str, account: str, options: str = ""
) -> None:
    """Raise Refused where going on with a plan that was begun could send something twice. `options` are those by which
    other commands find the same journal."""
    from nac.journal.states import MARGIN, WINDOW

    totals, counts = known.totals, known.counts
    if not counts.received:
        return  # nothing of it was received, so that it can be sent anywhere
    if totals.hub != hub:
        raise Refused(
            f"this plan was begun at {totals.hub}, and this is {hub}: everybody would be sent to twice. "
            "A plan with another --run NAME is another plan"
        )
    if totals.account and account and totals.account != account:
        raise Refused(
            f"this plan was begun with the workspace key {totals.account}, and these credentials are those of "
            f"{account}: use the former, or plan again for this workspace"
        )
    begun = counts.unknown + counts.intended
    now, short = journal.now(), stored.id[:12]
    what, folder = f"{short}{options}", shlex.quote(str(stored.folder))
    look = (
        f"\n  1. nac journal export {what} --keys {folder} -o unknown.ndjson\n"
        "     lists their idempotency keys: look in SuprSend's logs which of them arrived\n"
        f"  2. nac journal retry {what} --unknown-after-window skip   if they did, or\n"
        f"     nac journal retry {what} --unknown-after-window send   if they did not;\n"
        "     with --only FILE for those lines of the export alone\n"
        "  3. the same nac dispatch again sends what is left"
    )
    if begun and journal.behind > LEFT_TO_ASK:
        raise Refused(
            f"this machine's clock is {journal.behind:,.0f} s behind what the journal has seen, so that nobody can "
            f"tell whether the {begun:,} requests without an answer are still protected by their idempotency keys. "
            f"Set the clock; or, if it is right:{look}"
        )
    expired = journal.unknown_since(stored.id, now - WINDOW + MARGIN) if begun else []
    if expired:
        named = ", ".join(f"batch {number} ({count:,})" for number, count in expired[:5])
        more = f" and {len(expired) - 5:,} more batches" if len(expired) > 5 else ""
        count = sum(one for _, one in expired)
        raise Refused(
            f"{count:,} requests were sent more than 24 hours ago and had no answer: {named}{more}. SuprSend no longer "
            f"knows their idempotency keys, so that they could arrive twice: nac does not send them by itself.{look}"
        )


def check_limits(stored: StoredPlan, journal: Journal, now: Workspace | None, forced: Iterable[str]) -> None:
    """Raise Refused where the plan is over a limit of its own, or of its workspace as nac.yaml has it `now`."""
    from nac.dispatch.safety import refusals
    from nac.report.terminal import safe

    manifest = stored.manifest
    if now is not None and now.redirect is not None and not manifest.redirected:
        raise Refused(f"nac.yaml redirects what goes to `{manifest.workspace}`, and this plan was made without it: it "
                      "would reach people. Plan again")  # fmt: skip
    runs = {name: journal.last_recipients(manifest.workspace or "", name, but=stored.id) for name in manifest.triggers}
    last = {name: count for name, count in runs.items() if count is not None}
    limits = [manifest.limits] if now is None else [manifest.limits, now]
    held = not manifest.samples and any(one.max_change is not None for one in limits)
    if held and (fresh := sorted(set(manifest.triggers) - set(last))):
        which = ", ".join(fresh)
        note(f"note: max_change is not checked for {which}: the journal {journal.where} knows no earlier run of it")
    time = datetime.now(UTC)
    found = list(dict.fromkeys(one for limit in limits for one in refusals(manifest, limit, last, time)))
    forced = frozenset(forced)
    over = [one for one in found if one.limit not in forced]
    for one in found:
        if one.limit in forced:
            note(f"warning: {safe(one.message)}; sent all the same, because of --force-{one.limit}")
    if over:
        raise Refused("\n".join([
            f"over the limits of `{safe(manifest.workspace or '')}` (workspaces in nac.yaml); nothing was sent",
            *(f"  {safe(one.message)}\n    --force-{one.limit} sends all the same" for one in over),
        ]))  # fmt: skip
