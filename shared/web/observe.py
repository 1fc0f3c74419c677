"""Around every request: a span, a log context, figures, and headers that keep browsers from guessing."""

import time
from datetime import UTC, datetime

import structlog
from opentelemetry.trace import SpanKind
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.kernel.tracing import current_trace_id, mark_failed, span

log = structlog.get_logger(__name__)

_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"x-frame-options": b"DENY",
    b"cache-control": b"private, no-cache",
}
_SERVER_ERROR = 500


class RequestFigures:
    """How many requests an application answers, and how fast."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.requests = Counter(
            "coursewright_http_requests_total", "Requests by route and status", ["method", "route", "status"],
            registry=registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "coursewright_http_request_seconds", "Time to the first byte of the answer", ["method", "route"],
            registry=registry, buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0),
        )  # fmt: skip


class Observe:
    """Counts by route template, never by path: a path holds ids."""

    def __init__(self, app: ASGIApp, figures: RequestFigures) -> None:
        self._app = app
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        scope.setdefault("state", {})["arrived"] = datetime.now(UTC)
        status = 0

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                headers = message["headers"]
                given = {name for name, _ in headers}
                headers += [header for header in _HEADERS.items() if header[0] not in given]
                route = _route(scope)
                self._figures.requests.labels(scope["method"], route, str(status)).inc()
                self._figures.seconds.labels(scope["method"], route).observe(time.perf_counter() - began)
            await send(message)

        parent = Headers(scope=scope).get("traceparent", "")
        with (
            span(scope["method"], parent=parent, kind=SpanKind.SERVER) as opened,
            structlog.contextvars.bound_contextvars(trace_id=current_trace_id()),
        ):
            try:
                await self._app(scope, receive, observed)
            finally:
                opened.update_name(f"{scope['method']} {_route(scope)}")
                opened.set_attributes({"http.route": _route(scope), "http.response.status_code": status})
                if status >= _SERVER_ERROR:
                    mark_failed(opened, str(status))
                if scope["method"] not in {"GET", "HEAD"} or status >= _SERVER_ERROR:
                    seconds = round(time.perf_counter() - began, 4)
                    log.info("request", method=scope["method"], route=_route(scope), status=status, seconds=seconds)


def _route(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", "unknown"))
