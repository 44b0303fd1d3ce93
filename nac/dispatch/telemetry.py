"""OpenTelemetry traces and metrics of a run: with the extra `nac[otel]`, nothing without it.

A span for the run and one for each call; counters of records and calls, a histogram of how long calls take. What is
exported, and where to, is said in OpenTelemetry's own variables (OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SERVICE_NAME …).
Nothing in it is about a person.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from threading import Thread
from typing import Any, Protocol

from nac._version import __version__
from nac.dispatch.progress import CallEnded

Told = Callable[[int | None], None]
FLUSH_SECONDS = 3.0  # that the end of a run waits for what was not exported yet


class Telemetry(Protocol):
    """Told what a run does."""

    def run(self, plan: str, workspace: str, records: int) -> AbstractContextManager[None]: ...

    def call(self, batch: int, kind: str, records: int, attempt: int) -> AbstractContextManager[Told]: ...

    def ended(self, call: CallEnded) -> None: ...


class _Silent:
    @contextmanager
    def run(self, plan: str, workspace: str, records: int) -> Iterator[None]:
        yield

    @contextmanager
    def call(self, batch: int, kind: str, records: int, attempt: int) -> Iterator[Told]:
        yield lambda status: None

    def ended(self, call: CallEnded) -> None:
        pass


SILENT: Telemetry = _Silent()


class OpenTelemetry:
    """Traces and metrics through OpenTelemetry's API, by the providers given, or the process's own."""

    def __init__(self, tracers: Any = None, meters: Any = None) -> None:
        from opentelemetry import metrics, trace

        self._trace = trace
        self._tracer = trace.get_tracer("nac", __version__, tracer_provider=tracers)
        meter = metrics.get_meter("nac", __version__, meter_provider=meters)
        self._records = meter.create_counter("nac.records", "{record}", "Records by what became of them")
        self._calls = meter.create_counter("nac.calls", "{call}", "Calls by their HTTP status")
        self._seconds = meter.create_histogram("nac.call.duration", "s", "How long a call took")

    @contextmanager
    def run(self, plan: str, workspace: str, records: int) -> Iterator[None]:
        known: dict[str, Any] = {"nac.plan": plan, "nac.workspace": workspace, "nac.records": records}
        with self._tracer.start_as_current_span("nac dispatch", attributes=known, record_exception=False):
            yield

    @contextmanager
    def call(self, batch: int, kind: str, records: int, attempt: int) -> Iterator[Told]:
        known: dict[str, Any] = {"nac.batch": batch, "nac.kind": kind, "nac.records": records, "nac.attempt": attempt}
        with self._tracer.start_as_current_span(
            "call", kind=self._trace.SpanKind.CLIENT, attributes=known, record_exception=False
        ) as span:

            def told(status: int | None) -> None:
                if status is not None:
                    span.set_attribute("http.response.status_code", status)
                if status is None or status >= 400:
                    span.set_status(self._trace.StatusCode.ERROR)

            yield told

    def ended(self, call: CallEnded) -> None:
        for outcome, count in (("accepted", call.accepted), ("rejected", call.rejected), ("again", call.left)):
            if count:
                self._records.add(count, {"nac.outcome": outcome})
        status = {"http.response.status_code": call.status or 0}
        self._calls.add(1, status)
        self._seconds.record(call.seconds, status)


@contextmanager
def telemetry(environ: Mapping[str, str], tell: Callable[[str], None] = lambda text: None) -> Iterator[Telemetry]:
    """Telemetry as the environment asks for it: exported where OTEL_EXPORTER_OTLP_ENDPOINT is set and the extra is
    installed, to the process's own providers where it has some, and else none. A collector that cannot
    be reached costs a run no more than FLUSH_SECONDS at its end; `tell` gets the one line that says so."""
    wanted = bool(environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"))
    with ExitStack() as stack:
        found = SILENT
        if environ.get("OTEL_SDK_DISABLED", "").lower() != "true":
            try:
                found = stack.enter_context(_exporting(environ, tell)) if wanted else _of_process()
            except ImportError:
                if wanted:
                    tell('no telemetry: OTEL_EXPORTER_OTLP_ENDPOINT needs the extra: pip install "nac[otel]"')
            except Exception as error:  # a variable of OpenTelemetry's that it cannot read
                tell(f"no telemetry: OpenTelemetry cannot be set up ({type(error).__name__})")
        yield found


def _of_process() -> Telemetry:
    """What tells the process's own providers; where nobody listens, no call has to pay for telling."""
    from opentelemetry import trace

    return SILENT if isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider) else OpenTelemetry()


@contextmanager
def _exporting(environ: Mapping[str, str], tell: Callable[[str], None]) -> Iterator[Telemetry]:
    # An extra: whoever checks types may not have it.
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import (  # type: ignore[import-not-found,unused-ignore]
        OTLPMetricExporter,
    )
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # type: ignore[import-not-found,unused-ignore]
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    with _heard("opentelemetry", "urllib3") as heard:
        named = environ.get("OTEL_SERVICE_NAME") or "service.name" in environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
        resource = Resource.create({} if named else {"service.name": "nac", "service.version": __version__})
        tracers = TracerProvider(resource=resource, shutdown_on_exit=False)
        tracers.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        meters = MeterProvider(
            [PeriodicExportingMetricReader(OTLPMetricExporter())], resource=resource, shutdown_on_exit=False
        )
        try:
            yield OpenTelemetry(tracers, meters)
        finally:
            # Not waited for longer: what cannot be exported must neither fail nor hold up a run that was fine.
            flushing = [Thread(target=_shut_down, args=(one,), daemon=True) for one in (tracers, meters)]
            for thread in flushing:
                thread.start()
            until = time.monotonic() + FLUSH_SECONDS
            for thread in flushing:
                thread.join(max(0.0, until - time.monotonic()))
            if heard or any(thread.is_alive() for thread in flushing):
                tell("telemetry could not be exported, at least not all of it; nothing else depends on that")


def _shut_down(provider: Any) -> None:
    with suppress(Exception):
        provider.shutdown()


@contextmanager
def _heard(*names: str) -> Iterator[list[str]]:
    """The warnings that these loggers would have printed, with tracebacks and addresses in them."""
    found: list[str] = []

    class Listening(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.levelno >= logging.WARNING and len(found) < 100:
                found.append(record.name)

    listening = Listening()
    for name in names:
        logging.getLogger(name).addHandler(listening)
        logging.getLogger(name).propagate = False
    yield found  # and they are not let speak again: their threads may outlive this
