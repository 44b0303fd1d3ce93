"""The engine over real HTTP: what is sent again, what is not, and that nobody is forgotten."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from plans_made import people, stored

from nac.dispatch import Bearer, Hmac
from nac.dispatch.async_client import AsyncClient
from nac.dispatch.engine import Engine, Options
from nac.dispatch.progress import CallEnded, Ended, Progress
from nac.journal import Counts, Journal, Totals, open_journal
from nac.journal.states import WINDOW
from nac.plans import StoredPlan
from nac.sandbox import Faults, Sandbox, required_keys

PAIR = Hmac("sandbox", "sandbox-secret")
QUICK = Options(backoff=0.02, attempts=30, random=Random(1))


class Clock:
    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


class Run:
    """Sends a plan, and keeps what was told."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.clock = Clock()
        self.calls: list[CallEnded] = []
        self.progress = Progress(0)

    def journal(self) -> Journal:
        return open_journal(self._folder / "journal.sqlite", self.clock)

    def __call__(
        self, plan: StoredPlan, url: str, options: Options = QUICK, *, auth: Bearer | Hmac = PAIR,
        during: Callable[[Engine], object] = lambda engine: None, timeout: float = 5.0,
    ) -> tuple[Ended, Counts]:  # fmt: skip
        manifest = plan.manifest
        with self.journal() as journal:
            journal.lock(plan.id)
            journal.begin(Totals(plan.id, "", url, "", "news", manifest.batches, manifest.records, manifest.recipients))
            self.progress = Progress(manifest.records)

            async def send() -> Ended:
                client = AsyncClient(auth, base_url=url, workspace_key="sandbox", timeout=timeout)
                engine = Engine(plan, client, journal, self.progress, options, lambda call, _: self.calls.append(call))
                during(engine)
                try:
                    return await engine.run()
                finally:
                    await client.close()

            ended = asyncio.run(send())
            row = journal.plan(plan.id)
            assert row is not None
            return ended, row.counts


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


def delivered(sandbox: Sandbox) -> list[Any]:
    return sorted(str(one.recipient) for one in sandbox.deliveries)


def everybody(count: int) -> list[str]:
    return sorted(f"user-{n}" for n in range(count))


@pytest.mark.parametrize("auth", [PAIR, Bearer("sandbox-key")])
def test_every_kind_reaches_its_address(tmp_path: Path, run: Run, auth: Bearer | Hmac) -> None:
    records = [one for kind in ("workflow", "dynamic", "broadcast") for one in people(3, kind, kind=kind)]  # type: ignore[arg-type]
    plan = stored(tmp_path / "plan", records)
    with Sandbox(validate=required_keys) as sandbox:
        ended, counts = run(plan, sandbox.url, auth=auth)
        assert ended == Ended("done")
        assert counts == Counts(accepted=9)
        assert sorted(one.path for one in sandbox.requests) == sorted(
            ["/trigger/"] * 3 + ["/sandbox/trigger/"] * 3 + ["/sandbox/broadcast/"] * 3
        )


def test_a_plan_is_sent_once_however_often_it_is_run(tmp_path: Path, run: Run) -> None:
    plan = stored(tmp_path / "plan", people(950))
    with Sandbox(validate=required_keys) as sandbox:
        assert run(plan, sandbox.url) == (Ended("done"), Counts(accepted=950))
        assert run(plan, sandbox.url) == (Ended("done"), Counts(accepted=950))
        assert sandbox.count.calls == 10
        assert delivered(sandbox) == everybody(950)
        assert sandbox.count.duplicates == 0


@pytest.mark.parametrize(
    "fault", ["too_many", "error", "error_after", "cut", "cut_after", "slow", "partial", "partial_after"]
)
def test_each_fault_by_itself_loses_nobody_and_doubles_nobody(tmp_path: Path, run: Run, fault: str) -> None:
    plan = stored(tmp_path / "plan", people(1_000))
    faults = Faults(seed=7, **{fault: 0.3})  # type: ignore[arg-type]
    with Sandbox(validate=required_keys, faults=faults) as sandbox:
        assert run(plan, sandbox.url) == (Ended("done"), Counts(accepted=1_000))
        assert delivered(sandbox) == everybody(1_000)
        assert (sandbox.count.duplicates > 0) == fault.endswith("after")


def test_all_faults_together(tmp_path: Path, run: Run) -> None:
    plan = stored(tmp_path / "plan", people(2_000))
    with Sandbox(validate=required_keys, faults=Faults.every(0.05, seed=3)) as sandbox:
        assert run(plan, sandbox.url) == (Ended("done"), Counts(accepted=2_000))
        assert delivered(sandbox) == everybody(2_000)


def test_rejected_records_are_told_with_the_services_words_and_not_sent_again(tmp_path: Path, run: Run) -> None:
    plan = stored(tmp_path / "plan", people(150))

    def validate(kind: str, body: object) -> list[str]:
        assert isinstance(body, dict)
        bad = body["recipients"] in (["user-7"], ["user-120"])
        return ["ana@example.com at +12025550143 is on no list"] if bad else []

    with Sandbox(validate=validate) as sandbox:
        assert run(plan, sandbox.url) == (Ended("done"), Counts(accepted=148, rejected=2))
        assert run(plan, sandbox.url) == (Ended("done"), Counts(accepted=148, rejected=2))
        assert sandbox.count.calls == 2
    with run.journal() as journal:
        rows = journal.exceptions(plan.id)
    assert [(one.batch, one.position, one.status) for one in rows] == [(1, 7, 400), (2, 20, 400)]
    assert {one.reason for one in rows} == {"(e-mail address) at (phone number) is on no list"}
    assert all(len(one.id) == 16 for one in rows)


def test_a_call_that_is_refused_for_one_record_is_taken_apart(tmp_path: Path, run: Run) -> None:
    plan = stored(tmp_path / "plan", people(100))
    from nac.sandbox import hub

    def judge(self: object, path: str, target: str, headers: object, body: bytes) -> object:
        if b'"user-63"' in body:
            return hub.failure(422, "one of them is not good")
        return post(self, path, target, headers, body)  # type: ignore[arg-type]

    post = hub.Hub._post
    with pytest.MonkeyPatch.context() as patch, Sandbox(validate=required_keys) as sandbox:
        patch.setattr(hub.Hub, "_post", judge)
        assert run(plan, sandbox.url) == (Ended("done"), Counts(accepted=99, rejected=1))
        assert delivered(sandbox) == [one for one in everybody(100) if one != "user-63"]


def test_a_wrong_secret_stops_the_run_at_once_and_leaves_all_to_be_sent(tmp_path: Path, run: Run) -> None:
    plan = stored(tmp_path / "plan", people(5_000))
    with Sandbox(validate=required_keys) as sandbox:
        ended, counts = run(plan, sandbox.url, auth=Hmac("sandbox", "wrong-secret"))
        assert ended.how == "stopped"
        assert ended.why is not None
        assert "401" in ended.why
        assert "check the secret" in ended.why
        assert counts == Counts(planned=5_000)
        assert sandbox.count.calls < 50
        assert run(plan, sandbox.url) == (Ended("done"), Counts(accepted=5_000))


def test_a_service_that_is_down_stops_the_run_and_it_goes_on_later(tmp_path: Path, run: Run) -> None:
    plan = stored(tmp_path / "plan", people(2_000))
    few = Options(backoff=0.01, attempts=3, random=Random(1))
    with Sandbox(validate=required_keys, faults=Faults(error_after=1.0)) as sandbox:
        ended, counts = run(plan, sandbox.url, few)
        assert ended.how == "stopped"
        assert ended.why == "given up after 3 attempts: a fault on purpose"
        assert counts.accepted == 0
        assert counts.unknown >= 100
        assert counts.unknown + counts.planned == 2_000
        sandbox._hub.faults = Faults()
        sandbox._hub._chance.faults = Faults()
        assert run(plan, sandbox.url) == (Ended("done"), Counts(accepted=2_000))
        assert delivered(sandbox) == everybody(2_000)


def test_a_record_that_the_service_cannot_take_does_not_hold_up_the_others(tmp_path: Path, run: Run) -> None:
    plan = stored(tmp_path / "plan", people(1_000))
    from nac.sandbox import hub

    def judge(self: object, kind: object, record: object) -> object:
        assert isinstance(record, dict)
        return hub.Rejected(503, "not today") if record["recipients"] == ["user-5"] else None

    with pytest.MonkeyPatch.context() as patch, Sandbox(validate=required_keys) as sandbox:
        patch.setattr(hub.Hub, "_judge", judge)
        _, counts = run(plan, sandbox.url, Options(backoff=0.2, attempts=3, random=Random(1), connections=2))
        assert counts == Counts(accepted=999, unknown=1)


def test_what_is_unknown_is_not_sent_again_when_its_key_no_longer_holds(tmp_path: Path, run: Run) -> None:
    plan = stored(tmp_path / "plan", people(100))
    one = Options(backoff=0.01, attempts=1, random=Random(1))
    with Sandbox(validate=required_keys, faults=Faults(cut_after=1.0)) as sandbox:
        assert run(plan, sandbox.url, one)[1] == Counts(unknown=100)
        sandbox._hub._chance.faults = Faults()
        run.clock.now += WINDOW - 600
        ended, counts = run(plan, sandbox.url)
        assert (ended.how, counts) == ("stopped", Counts(unknown=100))
        run.clock.now -= 1200  # the journal has seen a later time, and believes that
        assert run(plan, sandbox.url)[1] == Counts(unknown=100)
        assert sandbox.count.calls == 1


def test_an_interrupted_run_finishes_what_is_in_flight_and_goes_on_later(tmp_path: Path, run: Run) -> None:
    plan = stored(tmp_path / "plan", people(5_000))
    with Sandbox(validate=required_keys, faults=Faults(latency=0.1)) as sandbox:

        def during(engine: Engine) -> None:
            asyncio.get_running_loop().call_later(0.25, engine.stop, Ended("interrupted", "by SIGINT", 2))

        ended, counts = run(plan, sandbox.url, Options(connections=2), during=during)
        assert ended == Ended("interrupted", "by SIGINT", 2)
        assert 0 < counts.accepted < 5_000
        assert counts == Counts(accepted=counts.accepted, planned=5_000 - counts.accepted)
        assert sandbox.count.delivered == counts.accepted
        assert run(plan, sandbox.url) == (Ended("done"), Counts(accepted=5_000))
        assert sandbox.count.duplicates == 0


def test_a_rate_is_kept_to(tmp_path: Path, run: Run) -> None:
    plan = stored(tmp_path / "plan", people(600))
    with Sandbox(validate=required_keys) as sandbox:
        run(plan, sandbox.url, Options(rate=1_000.0, random=Random(1)))
    # 100 at once, and the others at a thousand a second.
    assert sum(call.records for call in run.calls) == 600
    times = [one.time for one in sandbox.requests]
    assert (max(times) - min(times)).total_seconds() > 0.3


def test_quiet_hours_that_begin_stop_the_run(tmp_path: Path, run: Run) -> None:
    plan = stored(tmp_path / "plan", people(3_000))
    asked: list[float] = []

    def halt(now: float) -> str | None:
        asked.append(now)
        return "it is 22:00" if len(asked) > 5 else None

    with Sandbox(validate=required_keys) as sandbox:
        ended, counts = run(plan, sandbox.url, Options(halt=halt, random=Random(1)))
        assert ended == Ended("stopped", "it is 22:00")
        assert counts == Counts(accepted=counts.accepted, planned=3_000 - counts.accepted)
        assert counts.accepted <= 500


def test_a_timeout_is_sent_again_under_the_same_key(tmp_path: Path, run: Run) -> None:
    plan = stored(tmp_path / "plan", people(10))
    with Sandbox(validate=required_keys, faults=Faults(latency=1.5)) as sandbox:
        ended, counts = run(plan, sandbox.url, Options(backoff=0.01, attempts=2, random=Random(1)), timeout=0.5)
        assert ended.how == "stopped"
        assert counts == Counts(unknown=10)
    keys = {json.dumps(one.body) for one in sandbox.requests}
    assert len(keys) == 10
