"""The journal's statements: the same for both back ends."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from nac.journal.database import Cursor, Database, Row
from nac.journal.errors import JournalError, LockedError
from nac.journal.schema import MIGRATIONS
from nac.journal.states import BatchRow, Counts, Difference, RecordRow, State, Totals

SKIPPED = "settled by hand: not sent again"


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan that was sent, or begun. Times are seconds of the epoch; `finished` is None until nothing is left."""

    totals: Totals
    started: float
    finished: float | None
    counts: Counts


@dataclass(frozen=True, slots=True)
class Intent:
    """A call is about to be made: of a whole batch, or (`positions`) of some of its records."""

    number: int
    records: int
    since: float
    positions: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of the records of an intent: `state` of all but those in `different`."""

    number: int
    state: State
    since: float | None = None
    reason: str = ""
    positions: tuple[int, ...] | None = None
    different: tuple[Difference, ...] = ()


Entry = Intent | Settlement


class Journal:
    """A journal. `clock` gives seconds of the epoch; one that was set back is not believed: time never runs backwards
    in a journal, however many runs and machines write it. Raises JournalError."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._db = database
        self._clock = clock
        self.where = database.where
        self._runs: dict[str, int] = {}  # the number of this run, by plan
        try:
            self._db.prepare(_migrate)
            self.seen = float(self._db.transaction(lambda sql: sql.all("SELECT seen FROM clock"))[0][0])
        except BaseException:
            self._db.close()
            raise

    def now(self) -> float:
        """The time: the clock's, or the latest that this journal has seen, whichever is later."""
        self.seen = max(self.seen, self._clock())
        return self.seen

    @property
    def behind(self) -> float:
        """Seconds by which the clock stands before the latest time seen: more than a few, and it was set back."""
        return max(0.0, self.seen - self._clock())

    def lock(self, plan: str, *, wait: Callable[[], bool] = lambda: False) -> None:
        """Keep other runs from this plan until the journal is closed. LockedError where another has it."""
        self._db.lock(plan, wait=wait)

    def begin(self, plan: Totals, recipients: Mapping[str, int] | None = None) -> PlanRow | None:
        """Enter a plan, with its recipients by trigger; what is known of it already, None where it is new."""
        known = self.plan(plan.id)
        now = self.now()
        self._db.transaction(lambda sql: sql.run(_SEEN, now, now))
        if known is None:
            values = (plan.id, plan.workspace, plan.hub, plan.account, plan.triggers, plan.batches, plan.records,
                      plan.recipients, now)  # fmt: skip

            def work(sql: Cursor) -> None:
                sql.run("INSERT INTO plans (id, workspace, hub, account, triggers, batches, records, recipients, "
                        "started) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", *values)  # fmt: skip
                sql.many("INSERT INTO triggers (plan, name, recipients) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                         [(plan.id, name, count) for name, count in (recipients or {}).items()])  # fmt: skip

            self._db.transaction(work)
        elif not known.counts.received:  # it is begun anew, perhaps elsewhere
            self._db.transaction(lambda sql: sql.run("UPDATE plans SET hub = ?, account = ? WHERE id = ?",
                                                     plan.hub, plan.account, plan.id))  # fmt: skip
        self._runs[plan.id] = self._db.transaction(lambda sql: _taken(sql, plan.id))
        return known

    def write(self, plan: str, entries: Sequence[Entry]) -> None:
        """Enter intents and outcomes, in order, in one transaction: when it returns they are on the disk. LockedError
        where another run has taken the plan since this one began it."""
        now, run = self.now(), self._runs.get(plan)

        def work(sql: Cursor) -> None:
            # A lock ends with its connection. Who lost it for a while holds it again, and does not know what is sent.
            if run is not None and _runs(sql, plan) != run:
                raise LockedError("the journal's server went away, and another run has worked on this plan since: run "
                                  "the same again")  # fmt: skip
            for one in entries:
                if isinstance(one, Intent):
                    _intend(sql, plan, one, now)
                else:
                    _settle(sql, plan, one, now)
            sql.run(_SEEN, now, now)

        self._db.transaction(work)

    def finish(self, plan: str) -> None:
        """Nothing of the plan is left to be sent."""
        now = self.now()
        self._db.transaction(lambda sql: sql.run("UPDATE plans SET finished = ? WHERE id = ?", now, plan))

    def batches(self, plan: str, first: int, last: int) -> dict[int, BatchRow]:
        """What is known of these batches, by number; one that was never begun is not in it."""

        def work(sql: Cursor) -> dict[int, BatchRow]:
            rows = sql.all("SELECT number, records, state, since, attempts, reason FROM batches "
                           "WHERE plan = ? AND number BETWEEN ? AND ?", plan, first, last)  # fmt: skip
            different: dict[int, dict[int, Difference]] = {}
            for batch, *rest in sql.all("SELECT batch, position, state, since, status, reason, id FROM records "
                                        "WHERE plan = ? AND batch BETWEEN ? AND ?", plan, first, last):  # fmt: skip
                different.setdefault(batch, {})[rest[0]] = Difference(*rest)
            return {row[0]: _batch(row, different) for row in rows}

        return self._db.transaction(work)

    def plan(self, wanted: str) -> PlanRow | None:
        """What is known of a plan, by its id or the first digits of it. JournalError where they fit several."""
        which = "WHERE substr(id, 1, CAST(? AS INTEGER)) = ?"
        found = self._plans(which, len(wanted), wanted) if wanted else []
        if len(found) > 1:
            raise JournalError(f"{len(found)} plans begin with {wanted}: name more digits")
        return found[0] if found else None

    def plans(self) -> list[PlanRow]:
        """All plans, the newest first."""
        return self._plans("")

    def unfinished(self, workspace: str) -> list[PlanRow]:
        """The plans for a workspace of which something is left, the newest first."""
        return self._plans("WHERE finished IS NULL AND workspace = ?", workspace)

    def _plans(self, which: str, *values: object) -> list[PlanRow]:
        def work(sql: Cursor) -> list[PlanRow]:
            rows = sql.all(f"{_PLANS} {which} ORDER BY started DESC, id", *values)
            return [PlanRow(Totals(*row[:8]), row[8], row[9], _counts(sql, row[0], row[6])) for row in rows]

        return self._db.transaction(work)

    def last_recipients(self, workspace: str, trigger: str, *, but: str) -> int | None:
        """How many recipients a trigger had in the last finished plan of this workspace that it was part of."""
        rows = self._db.transaction(lambda sql: sql.all(
            "SELECT triggers.recipients FROM triggers JOIN plans ON plans.id = triggers.plan WHERE workspace = ? AND "
            "name = ? AND id <> ? AND finished IS NOT NULL ORDER BY started DESC LIMIT 1",
            workspace, trigger, but))  # fmt: skip
        return int(rows[0][0]) if rows else None

    def unknown_since(self, plan: str, before: float) -> list[tuple[int, int]]:
        """The batches with records that may have been received at `before` or earlier and had no answer, and how many
        they are."""

        def work(sql: Cursor) -> dict[int, int]:
            found = {int(number): int(count) for number, count in sql.all(
                "SELECT batch, COUNT(*) FROM records WHERE plan = ? AND state IN ('unknown', 'intended') "
                "AND since <= ? GROUP BY batch", plan, before)}  # fmt: skip
            for number, records, own in sql.all(
                "SELECT number, records, (SELECT COUNT(*) FROM records WHERE records.plan = batches.plan AND "
                "records.batch = batches.number) FROM batches WHERE plan = ? AND state IN ('unknown', 'intended') AND "
                "since <= ?", plan, before):  # fmt: skip
                if count := int(records) - int(own):
                    found[int(number)] = found.get(int(number), 0) + count
            return found

        return sorted(self._db.transaction(work).items())

    def exceptions(self, plan: str, limit: int = 1_000_000) -> list[RecordRow]:
        """The records that were begun and not accepted, in order; those of a batch that failed as a whole are told
        each."""

        def work(sql: Cursor) -> list[RecordRow]:
            found = [RecordRow(plan, *row) for row in sql.all(
                "SELECT batch, position, state, since, status, reason, id FROM records WHERE plan = ? "
                "ORDER BY batch, position LIMIT ?", plan, limit)]  # fmt: skip
            own: dict[int, set[int]] = {}
            for one in found:
                own.setdefault(one.batch, set()).add(one.position)
            for number, records, state, since, reason in sql.all(
                "SELECT number, records, state, since, reason FROM batches WHERE plan = ? AND state <> 'accepted' "
                "ORDER BY number LIMIT ?", plan, limit):  # fmt: skip
                found += [RecordRow(plan, number, position, state, since, 0, reason, "")
                          for position in range(records) if position not in own.get(number, ())]  # fmt: skip
            return sorted(found, key=lambda one: (one.batch, one.position))[:limit]

        return self._db.transaction(work)

    def retry_rejected(self, plan: str, only: Collection[tuple[int, int]] | None = None) -> int:
        """Let the next run send again what the service rejected; how many. `only` these, by batch and position."""
        return self._change(plan, lambda one: one.state == "rejected" and one.reason != SKIPPED, "planned", only)

    def settle_unknown(
        self, plan: str, before: float, *, send: bool, only: Collection[tuple[int, int]] | None = None
    ) -> int:
        """What a person decided of records that are unknown since `before` and earlier: send them again, or not."""
        return self._change(
            plan, lambda one: one.state in ("unknown", "intended") and one.since is not None and one.since <= before,
            "planned" if send else "rejected", only,
        )  # fmt: skip

    def _change(
        self, plan: str, which: Callable[[RecordRow], bool], state: State, only: Collection[tuple[int, int]] | None
    ) -> int:
        chosen = [one for one in self.exceptions(plan)
                  if which(one) and (only is None or (one.batch, one.position) in only)]  # fmt: skip
        if not chosen:
            return 0
        reason = SKIPPED if state == "rejected" else ""

        def work(sql: Cursor) -> None:
            sql.many(_PUT, [(plan, one.batch, one.position, state, None, 0, reason, one.id) for one in chosen])
            sql.run("UPDATE plans SET finished = NULL WHERE id = ?", plan)
            _taken(sql, plan)

        self._db.transaction(work)
        return len(chosen)

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _batch(row: Row, different: dict[int, dict[int, Difference]]) -> BatchRow:
    number, records, state, since, attempts, reason = row
    return BatchRow(number, records, state, since, attempts, reason, different.get(number, {}))


_PLANS = "SELECT id, workspace, hub, account, triggers, batches, records, recipients, started, finished FROM plans"
_SEEN = "UPDATE clock SET seen = ? WHERE seen < ?"
_PUT = (
    "INSERT INTO records (plan, batch, position, state, since, status, reason, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (plan, batch, position) DO UPDATE SET state = excluded.state, since = excluded.since, "
    "status = excluded.status, reason = excluded.reason, id = excluded.id"
)


def _runs(sql: Cursor, plan: str) -> int:
    return int(sql.all("SELECT runs FROM plans WHERE id = ?", plan)[0][0])


def _taken(sql: Cursor, plan: str) -> int:
    """The number of a new run of a plan: another than those before."""
    number = _runs(sql, plan) + 1
    sql.run("UPDATE plans SET runs = ? WHERE id = ?", number, plan)
    return number


def _intend(sql: Cursor, plan: str, one: Intent, now: float) -> None:
    if one.positions is None:
        sql.run("INSERT INTO batches (plan, number, records, state, since, changed, attempts, reason) "
                "VALUES (?, ?, ?, 'intended', ?, ?, 1, '') ON CONFLICT (plan, number) DO UPDATE SET "
                "state = 'intended', since = excluded.since, changed = excluded.changed, "
                "attempts = batches.attempts + 1", plan, one.number, one.records, one.since, now)  # fmt: skip
        return
    sql.many("UPDATE records SET state = 'intended', since = ? WHERE plan = ? AND batch = ? AND position = ?",
             [(one.since, plan, one.number, position) for position in one.positions])  # fmt: skip


def _settle(sql: Cursor, plan: str, one: Settlement, now: float) -> None:
    if one.positions is None:
        sql.run("UPDATE batches SET state = ?, since = ?, reason = ?, changed = ? WHERE plan = ? AND number = ?",
                one.state, one.since, one.reason, now, plan, one.number)  # fmt: skip
    else:
        different = {each.position for each in one.different}
        rest = [position for position in one.positions if position not in different]
        if one.state == "accepted":  # the batch's own state: no row is needed to tell it
            sql.many("DELETE FROM records WHERE plan = ? AND batch = ? AND position = ?",
                     [(plan, one.number, position) for position in rest])  # fmt: skip
        else:
            sql.many("UPDATE records SET state = ?, since = ?, reason = ? "
                     "WHERE plan = ? AND batch = ? AND position = ?",
                     [(one.state, one.since, one.reason, plan, one.number, position) for position in rest])  # fmt: skip
    sql.many(_PUT, [(plan, one.number, each.position, each.state, each.since, each.status, each.reason, each.id)
                    for each in one.different])  # fmt: skip


def _counts(sql: Cursor, plan: str, records: int) -> Counts:
    found: dict[str, int] = {}
    for state, count in sql.all("SELECT state, SUM(records) FROM batches WHERE plan = ? GROUP BY state", plan):
        found[state] = found.get(state, 0) + int(count)
    for own, of_batch, count in sql.all(
        "SELECT records.state, batches.state, COUNT(*) FROM records JOIN batches "
        "ON batches.plan = records.plan AND batches.number = records.batch WHERE records.plan = ? "
        "GROUP BY records.state, batches.state", plan):  # fmt: skip
        found[own] = found.get(own, 0) + int(count)
        found[of_batch] -= int(count)
    found["planned"] = found.get("planned", 0) + records - sum(found.values())
    return Counts(**{state: count for state, count in found.items() if count})


def _migrate(sql: Cursor) -> None:
    if not sql.has("version"):
        sql.run("CREATE TABLE version (number BIGINT NOT NULL)")
    rows = sql.all("SELECT MAX(number) FROM version")
    done = rows[0][0] or 0
    if done > len(MIGRATIONS):
        raise JournalError(f"the journal was written by a newer nac (format {done}, this one knows {len(MIGRATIONS)})")
    for number, steps in enumerate(MIGRATIONS[done:], done + 1):
        for step in steps:
            sql.run(step)
        sql.run("INSERT INTO version (number) VALUES (?)", number)


def is_server(where: str) -> bool:
    """Whether a journal's place is the address of a PostgreSQL server rather than a path."""
    return re.match(r"postgres(ql)?://", where) is not None


def open_journal(where: str | os.PathLike[str], clock: Callable[[], float]) -> Journal:
    """The journal at a path or a `postgresql://` address, made where there is none. Raises JournalError."""
    text = os.fspath(where)
    if is_server(text):
        from nac.journal.postgres import Postgres

        return Journal(Postgres(text), clock)
    from nac.journal.sqlite import Sqlite

    return Journal(Sqlite(Path(text)), clock)
