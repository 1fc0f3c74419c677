"""Traces that follow a request over NATS to its last event, as W3C trace context.

The context travels whether or not spans are recorded: every event carries a `traceparent`. Spans are recorded and sent
only when `OTEL_EXPORTER_OTLP_ENDPOINT` (or the one for traces) is set; the SDK is imported only then.
"""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, SpanKind, StatusCode, TraceFlags
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_W3C = TraceContextTextMapPropagator()
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")

Attribute = str | int | float | bool


def configure_tracing(service: str) -> None:
    """Send this process's spans to the configured collector, if there is one. Call once per process."""
    if not any(os.environ.get(name) for name in _ENDPOINTS):
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": f"coursewright-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


def flush_traces() -> None:
    """Send what is still held back; for the end of a process that does not end by itself."""
    flush = getattr(trace.get_tracer_provider(), "force_flush", None)
    if flush is not None:
        flush()


@contextmanager
def span(
    name: str,
    *,
    parent: str | None = None,
    kind: SpanKind = SpanKind.INTERNAL,
    attributes: Mapping[str, Attribute] | None = None,
) -> Iterator[Span]:
    """A span around what is done inside. `parent` is a traceparent: empty or unreadable begins a new trace; None takes
    the span that is open. An exception marks the span as failed, by its class, and goes on.
    """
    context = None if parent is None else _context_of(parent)
    # Left to itself the SDK would send the text of an exception, and its traceback: both may quote users' contents.
    with trace.get_tracer("coursewright").start_as_current_span(
        name, context=context, kind=kind, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as opened:
        try:
            yield opened
        except Exception as error:
            kind_of_error = type(error).__name__
            opened.set_attribute("error.type", kind_of_error)
            mark_failed(opened, kind_of_error)
            raise


def mark_failed(opened: Span, reason: str) -> None:
    """Say that what the span stands for failed although nothing was raised."""
    opened.set_status(StatusCode.ERROR, reason)


def current_traceparent() -> str:
    """The open span's context as a header value; empty outside of any span."""
    carrier: dict[str, str] = {}
    _W3C.inject(carrier)
    return carrier.get("traceparent", "")


def current_trace_id() -> str:
    """32 hex digits, for log lines; empty outside of any span."""
    context = trace.get_current_span().get_span_context()
    return trace.format_trace_id(context.trace_id) if context.is_valid else ""


def _context_of(parent: str) -> Context:
    context = _W3C.extract({"traceparent": parent}, context=Context()) if parent else Context()
    is_recorded = not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)
    if is_recorded or trace.get_current_span(context).get_span_context().is_valid:
        return context
    # Nobody records here, but others may: the trace gets its id where the request came in.
    root = SpanContext(
        int.from_bytes(secrets.token_bytes(16), "big"), int.from_bytes(secrets.token_bytes(8), "big"),
        is_remote=False, trace_flags=TraceFlags(TraceFlags.DEFAULT),
    )  # fmt: skip
    return trace.set_span_in_context(NonRecordingSpan(root), context)
