"""OpenTelemetry traces and metrics of a run: with the extra `nac[otel]`, nothing without it.

A span for the run and one for each call; counters of records and calls, a histogram of how long calls take. What is
exported, and where to, is said in OpenTelemetry's own variables (OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SERVICE_NAME …).
Nothing in it is about a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from typing import Any, Protocol

from nac._version import __version__
from nac.dispatch.progress import CallEnded

Told = Callable[[int | None], None]


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
        with self._tracer.start_as_current_span("nac dispatch", attributes=known):
            yield

    @contextmanager
    def call(self, batch: int, kind: str, records: int, attempt: int) -> Iterator[Told]:
        known: dict[str, Any] = {"nac.batch": batch, "nac.kind": kind, "nac.records": records, "nac.attempt": attempt}
        with self._tracer.start_as_current_span("call", kind=self._trace.SpanKind.CLIENT, attributes=known) as span:

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
def telemetry(environ: Mapping[str, str]) -> Iterator[Telemetry]:
    """Telemetry as the environment asks for it: exported where OTEL_EXPORTER_OTLP_ENDPOINT is set and the extra is
    installed, to the process's own providers where only OpenTelemetry's API is, and else none."""
    with ExitStack() as stack:
        found = SILENT
        if environ.get("OTEL_SDK_DISABLED", "").lower() != "true":
            with suppress(ImportError):
                found = stack.enter_context(_exporting(environ))
        yield found


@contextmanager
def _exporting(environ: Mapping[str, str]) -> Iterator[Telemetry]:
    import opentelemetry.metrics  # noqa: F401 - is it there?

    if not environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        yield OpenTelemetry()
        return
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import (  # type: ignore[import-not-found,unused-ignore]
        OTLPMetricExporter,
    )
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # type: ignore[import-not-found,unused-ignore]
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    tracers = TracerProvider()
    tracers.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    meters = MeterProvider([PeriodicExportingMetricReader(OTLPMetricExporter())])
    try:
        yield OpenTelemetry(tracers, meters)
    finally:
        for provider in (tracers, meters):
            with suppress(Exception):  # what cannot be exported must not fail a run that was fine
                provider.shutdown()
