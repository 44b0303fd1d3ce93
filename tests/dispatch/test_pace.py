"""How fast, and when again: with time, chance and waiting of the test's own."""

from __future__ import annotations

import asyncio
from random import Random
from types import SimpleNamespace
from typing import Any

from nac.dispatch.backoff import MOST_ASKED, AgainError, FullJitter
from nac.dispatch.pace import Bucket, Pace
from nac.dispatch.progress import CallEnded
from nac.dispatch.telemetry import OpenTelemetry, telemetry


class Time:
    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_calls_at_once_are_doubled_then_halved_then_grow_by_one_a_round() -> None:
    time = Time()
    pace = Pace(time, time.sleep, start=8, most=20)

    async def rounds() -> list[int]:
        limits = []
        for slow in (False, False, True, True, False):
            room = int(pace.limit)
            for _ in range(room):
                await pace.enter()
            for _ in range(room):
                pace.leave(slow_down=slow)
            limits.append(round(pace.limit))
            time.now += 2.0 if slow else 0.0
        return limits

    assert asyncio.run(rounds()) == [16, 20, 10, 5, 6]
    assert pace.in_flight == 0


def test_no_more_calls_are_made_at_once_while_they_wait_for_each_other() -> None:
    time = Time()
    pace = Pace(time, time.sleep, start=8, most=64)

    async def limits(*rounds: float) -> list[int]:
        found = []
        for seconds in rounds:
            for _ in range(8):
                await pace.enter()
                pace.leave(slow_down=False, seconds=seconds)
            found.append(int(pace.limit))
        return found

    # One that is slow, or that failed at once, says nothing; all of them being slow does.
    assert asyncio.run(limits(0.02, 0.03, 0.05, 0.05, 0.03)) == [16, 24, 31, 31, 39]
    pace.leave(slow_down=True, seconds=0.0001)
    assert asyncio.run(limits(0.03)) == [19]


def test_a_call_that_was_much_quicker_than_all_others_does_not_keep_it_slow_for_good() -> None:
    time = Time()
    pace = Pace(time, time.sleep, start=16, most=64)
    pace.leave(slow_down=False, seconds=0.001)
    for _ in range(5):
        pace.leave(slow_down=True)
        time.now += 2.0
    assert pace.limit == 1
    for _ in range(200):
        pace.leave(slow_down=False, seconds=0.1)
    assert int(pace.limit) == 16


def test_at_the_end_everybody_who_waits_is_let_in_whatever_they_wait_for() -> None:
    time = Time()
    pace = Pace(time, time.sleep, start=1)

    async def work() -> int:
        await pace.enter()
        others = [asyncio.create_task(pace.enter()) for _ in range(5)]
        await asyncio.sleep(0)
        pace.pause(60.0)
        pace.end()
        await asyncio.wait_for(asyncio.gather(*others), 5)
        return pace.in_flight

    assert asyncio.run(work()) == 6
    assert time.slept == []


def test_who_waits_is_let_in_when_a_call_ends() -> None:
    time = Time()
    pace = Pace(time, time.sleep, start=1)

    async def work() -> int:
        await pace.enter()
        others = [asyncio.create_task(pace.enter()) for _ in range(2)]
        await asyncio.sleep(0)
        assert not any(one.done() for one in others)
        pace.leave(slow_down=False)
        await asyncio.gather(*others)
        return pace.in_flight

    assert asyncio.run(work()) == 2


def test_a_pause_holds_for_every_call() -> None:
    time = Time()
    pace = Pace(time, time.sleep)
    pace.pause(7.0)
    pace.pause(3.0)
    asyncio.run(pace.enter())
    assert time.slept == [7.0]


def test_a_rate_allows_a_burst_and_then_so_many_a_second() -> None:
    time = Time()
    bucket = Bucket(50.0, time, time.sleep)

    async def take() -> None:
        for _ in range(5):
            await bucket.take(100)

    asyncio.run(take())
    assert time.now == 8.0


def test_back_off_is_jittered_doubled_and_capped_and_retry_after_wins() -> None:
    wait = FullJitter(Random(1), first=0.5, most=30.0)

    def after(attempt: int, error: Exception) -> float:
        state: Any = SimpleNamespace(attempt_number=attempt, outcome=SimpleNamespace(exception=lambda: error))
        return wait(state)

    for attempt in range(1, 40):
        drawn = [after(attempt, AgainError()) for _ in range(50)]
        most = min(30.0, 0.5 * 2 ** (attempt - 1))
        assert min(drawn) >= 0
        assert most / 2 < max(drawn) <= most
    assert 7.0 <= after(1, AgainError(7.0)) <= 8.0
    assert after(1, AgainError(1e9)) <= MOST_ASKED + 1


def test_traces_and_metrics_tell_of_calls_and_of_nobody() -> None:
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    spans, reader = InMemorySpanExporter(), InMemoryMetricReader()
    tracers = TracerProvider()
    tracers.add_span_processor(SimpleSpanProcessor(spans))
    told = OpenTelemetry(tracers, MeterProvider([reader]))
    with told.run("id", "production", 100):
        with told.call(1, "workflow", 100, 1) as status:
            status(202)
        told.ended(CallEnded(1, 1, 100, 97, 1, 2, 202, 0.02))
    call, run = spans.get_finished_spans()
    assert run.attributes == {"nac.plan": "id", "nac.workspace": "production", "nac.records": 100}
    assert call.parent is not None
    assert dict(call.attributes or {})["http.response.status_code"] == 202
    data: Any = reader.get_metrics_data()
    metrics = {one.name: one for one in data.resource_metrics[0].scope_metrics[0].metrics}
    points = {point.attributes["nac.outcome"]: point.value for point in metrics["nac.records"].data.data_points}
    assert points == {"accepted": 97, "rejected": 1, "again": 2}
    assert set(metrics) == {"nac.records", "nac.calls", "nac.call.duration"}


def test_telemetry_can_be_turned_off_and_needs_nothing() -> None:
    endpoint = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
    for environ in ({"OTEL_SDK_DISABLED": "true"}, {}, {**endpoint, "OTEL_SDK_DISABLED": "true"}):
        with telemetry(environ) as told, told.run("id", "", 1), told.call(1, "workflow", 1, 1) as status:
            status(500)
