"""The journal on both back ends: what is entered, what is read back, and who may write."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from pathlib import Path

import pytest

from nac.journal import Journal, JournalError, LockedError, Totals, open_journal, postgres
from nac.journal import journal as journal_module
from nac.journal.journal import Intent, Settlement
from nac.journal.schema import MIGRATIONS
from nac.journal.states import WINDOW, Difference

PLAN = "a" * 64
TOTALS = Totals(PLAN, "production", "https://hub.example/", "key", "news", 3, 250, 250)


class Clock:
    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(place: str, clock: Clock) -> Journal:
    return open_journal(place, clock)


def begun(journal: Journal) -> Journal:
    journal.begin(TOTALS, {"news": 250})
    return journal


def counts(journal: Journal) -> dict[str, int]:
    row = journal.plan(PLAN)
    assert row is not None
    found = row.counts
    return {
        name: getattr(found, name)
        for name in ("planned", "intended", "accepted", "rejected", "unknown")
        if getattr(found, name)
    }


def test_every_record_has_a_state_at_every_moment(journal: Journal) -> None:
    with begun(journal):
        assert counts(journal) == {"planned": 250}
        journal.write(PLAN, [Intent(1, 100, 5.0), Intent(2, 100, 6.0)])
        assert counts(journal) == {"planned": 50, "intended": 200}
        rejected = Difference(7, "rejected", None, 400, "no such workflow", "id7")
        waiting = Difference(9, "planned", None, 429, "slow down", "id9")
        lost = Difference(8, "unknown", 5.0, 500, "oops", "id8")
        journal.write(PLAN, [Settlement(1, "accepted", different=(rejected, lost, waiting))])
        journal.write(PLAN, [Settlement(2, "unknown", 6.0, "no answer")])
        assert counts(journal) == {"planned": 51, "accepted": 97, "rejected": 1, "unknown": 101}
        journal.write(PLAN, [Intent(1, 2, 5.0, (8, 9)), Intent(2, 100, 6.0)])
        assert counts(journal) == {"planned": 50, "accepted": 97, "rejected": 1, "intended": 102}
        journal.write(PLAN, [Settlement(1, "accepted", positions=(8, 9), different=(lost,)), Settlement(2, "accepted")])
        assert counts(journal) == {"planned": 50, "accepted": 198, "rejected": 1, "unknown": 1}
        rows = journal.batches(PLAN, 1, 3)
        assert set(rows) == {1, 2}
        assert rows[1].of(7) == rejected
        assert rows[1].of(8) == lost
        assert rows[1].of(9).state == "accepted"
        assert rows[2].attempts == 2
        assert [(one.batch, one.position, one.state) for one in journal.exceptions(PLAN)] == [
            (1, 7, "rejected"), (1, 8, "unknown"),
        ]  # fmt: skip


def test_what_is_written_is_there_for_the_next_run(place: str, clock: Clock) -> None:
    with begun(open_journal(place, clock)) as journal:
        journal.write(PLAN, [Intent(1, 100, 5.0)])
    with open_journal(place, clock) as journal:
        assert counts(journal) == {"planned": 150, "intended": 100}
        row = journal.begin(TOTALS)
        assert row is not None
        assert row.totals == TOTALS
        assert journal.plan("a" * 6) == row
        assert journal.plan("b") is None
        assert journal.plan("") is None


def test_two_runs_of_a_plan_exclude_each_other_and_two_plans_do_not(place: str, clock: Clock) -> None:
    with open_journal(place, clock) as first, open_journal(place, clock) as second:
        first.lock(PLAN)
        second.lock("other")
        with pytest.raises(LockedError, match=r"another run is sending this plan.*: wait for it\Z"):
            second.lock(PLAN)
        asked: list[int] = []

        def wait() -> bool:
            asked.append(1)
            if len(asked) == 2:
                first.close()
            time.sleep(0.01)
            return True

        second.lock(PLAN, wait=wait)
        assert len(asked) >= 2


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_who_lost_the_lock_does_not_go_on_after_another_run(
    place: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "PAUSE_SECONDS", 0.01)
    entered = [Intent(1, 100, 5.0), Settlement(1, "accepted")]
    with open_journal(place, clock) as first:
        first.lock(PLAN)
        begun(first).write(PLAN, entered)
        _cut(place)
        first.write(PLAN, [Intent(2, 100, 6.0)])  # nobody came in between
        _cut(place)
        with open_journal(place, clock) as second:
            second.lock(PLAN)
            begun(second).write(PLAN, [Settlement(2, "accepted")])
        for _ in range(2):
            with pytest.raises(LockedError, match="another run has worked on this plan"):
                first.write(PLAN, [Intent(2, 100, 7.0)])
        assert counts(first) == {"planned": 50, "accepted": 200}
        begun(first).write(PLAN, [Intent(3, 50, 8.0)])
        _cut(place)
        with open_journal(place, clock) as third:
            third.settle_unknown(PLAN, 9.0, send=False)
        with pytest.raises(LockedError):
            first.write(PLAN, [Settlement(3, "planned")])


def _cut(place: str) -> None:
    import psycopg

    with psycopg.connect(place, autocommit=True) as db:
        db.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name LIKE 'nac %'")


def test_time_never_runs_backwards(place: str, clock: Clock) -> None:
    with begun(open_journal(place, clock)) as journal:
        journal.write(PLAN, [Intent(1, 100, journal.now())])
    clock.now -= 3600
    with open_journal(place, clock) as journal:
        assert journal.behind == 3600
        assert journal.now() == 1_000_000
    clock.now += 7200
    with open_journal(place, clock) as journal:
        assert journal.behind == 0
        assert journal.now() == 1_003_600


def test_what_is_older_than_the_window_is_found_and_decided_by_hand(journal: Journal, clock: Clock) -> None:
    with begun(journal):
        journal.write(PLAN, [Intent(1, 100, clock.now), Intent(2, 100, clock.now)])
        lost = Difference(3, "unknown", clock.now, 500, "", "id3")
        journal.write(PLAN, [Settlement(1, "accepted", different=(lost,))])
        assert journal.unknown_since(PLAN, clock.now - 1) == []
        clock.now += WINDOW
        before = clock.now - WINDOW
        assert journal.unknown_since(PLAN, before) == [(1, 1), (2, 100)]
        assert journal.settle_unknown(PLAN, before, send=True) == 101
        assert journal.unknown_since(PLAN, before) == []
        assert counts(journal) == {"planned": 151, "accepted": 99}
        assert journal.batches(PLAN, 1, 1)[1].of(3).since is None


def test_rejected_records_can_be_let_through_again_and_skipped_ones_not(journal: Journal, clock: Clock) -> None:
    with begun(journal):
        journal.write(PLAN, [Intent(1, 100, clock.now), Intent(2, 100, clock.now)])
        journal.write(PLAN, [Settlement(1, "accepted", different=(Difference(0, "rejected", None, 400, "no", "id"),))])
        journal.write(PLAN, [Settlement(2, "unknown", clock.now)])
        assert journal.settle_unknown(PLAN, clock.now, send=False) == 100
        journal.finish(PLAN)
        assert journal.retry_rejected(PLAN) == 1
        assert counts(journal) == {"planned": 51, "accepted": 99, "rejected": 100}
        row = journal.plan(PLAN)
        assert row is not None
        assert row.finished is None


def test_the_last_run_of_the_same_triggers(journal: Journal, clock: Clock) -> None:
    with begun(journal):
        assert journal.last_recipients("production", "news", but="new") is None
        journal.finish(PLAN)
        assert journal.last_recipients("production", "news", but="new") == 250
        assert journal.last_recipients("production", "news", but=PLAN) is None
        assert journal.last_recipients("staging", "news", but="new") is None
        assert journal.last_recipients("production", "other", but="new") is None


def test_a_journal_of_a_newer_nac_is_left_alone(place: str, clock: Clock) -> None:
    with open_journal(place, clock) as journal:
        number = len(MIGRATIONS) + 1
        journal._db.transaction(lambda sql: sql.run("INSERT INTO version (number) VALUES (?)", number))
    with pytest.raises(JournalError, match="written by a newer nac"):
        open_journal(place, clock)


@pytest.mark.parametrize("known", range(1, len(MIGRATIONS)))
def test_a_journal_of_an_older_nac_goes_on(
    place: str, clock: Clock, monkeypatch: pytest.MonkeyPatch, known: int
) -> None:
    with monkeypatch.context() as older:
        older.setattr(journal_module, "MIGRATIONS", MIGRATIONS[:known])
        with open_journal(place, clock) as journal:
            journal._db.transaction(lambda sql: sql.run(
                "INSERT INTO plans (id, workspace, hub, account, triggers, batches, records, recipients, started) "
                "VALUES (?, 'w', 'h', 'a', 't', 3, 250, 250, 1)", PLAN))  # fmt: skip
            journal.write(PLAN, [Intent(1, 100, 5.0), Settlement(1, "accepted")])
    for _ in range(2):  # a second run goes on as well
        with begun(open_journal(place, clock)) as journal:
            journal.write(PLAN, [Intent(2, 100, 6.0), Settlement(2, "accepted")])
            assert counts(journal) == {"planned": 50, "accepted": 200}


def test_a_file_is_for_its_owner_alone_and_synced_at_every_commit(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "below" / "journal.sqlite"
    previous = os.umask(0)
    try:
        with begun(open_journal(path, clock)) as journal:
            journal.lock(PLAN)
            for file in path.parent.iterdir():
                assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
            assert journal._db._db.execute("PRAGMA synchronous").fetchone() == (2,)  # type: ignore[attr-defined]
            assert journal._db._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)  # type: ignore[attr-defined]
    finally:
        os.umask(previous)


def test_what_is_no_journal_is_said_so(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "text").write_text("no database " * 100)
    with pytest.raises(JournalError, match="cannot be written: file is not a database"):
        open_journal(tmp_path / "text", clock)
    with pytest.raises(JournalError, match="is a directory"):
        open_journal(tmp_path, clock)
    (tmp_path / "empty").touch()
    open_journal(tmp_path / "empty", clock).close()
    with sqlite3.connect(tmp_path / "empty") as db:
        assert db.execute("SELECT MAX(number) FROM version").fetchone() == (len(MIGRATIONS),)
    db.close()


def test_a_server_that_is_not_there_is_said_without_its_password(clock: Clock) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(JournalError) as caught:
        open_journal("postgresql://nac:s3cret@127.0.0.1:9/journal", clock)
    assert "postgresql://127.0.0.1/journal" in str(caught.value)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_is_taken_away_stops_the_run(tmp_path: Path, clock: Clock, replaced: bool) -> None:
    """Else what is sent from here on would be known to nobody."""
    path = tmp_path / "journal.sqlite"
    with begun(open_journal(path, clock)) as journal:
        journal.write(PLAN, [Intent(1, 100, 5.0)])
        path.unlink()
        if replaced:
            path.write_bytes(b"")
        with pytest.raises(JournalError, match="removed or replaced while in use"):
            journal.write(PLAN, [Intent(2, 100, 6.0)])
