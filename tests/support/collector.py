"""A local OpenTelemetry collector: takes spans over OTLP/HTTP and keeps them."""

from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.support.local_server import LocalServer, body_of, send


@dataclass(frozen=True)
class Seen:
    """A span: who sent it, its name, and its place in the trace (hex)."""

    service: str
    name: str
    trace_id: str
    span_id: str
    parent_id: str


class Collector(LocalServer):
    """`spans` grows as processes send."""

    def __init__(self) -> None:
        super().__init__()
        self.spans: list[Seen] = []

    def respond(self, handler: BaseHTTPRequestHandler) -> None:
        self.take(body_of(handler))
        send(handler, 200, headers={"content-type": "application/x-protobuf"})

    def take(self, body: bytes) -> None:
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            names = {one.key: one.value.string_value for one in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans += [
                    Seen(
                        names["service.name"], one.name, one.trace_id.hex(), one.span_id.hex(), one.parent_span_id.hex()
                    )
                    for one in scope.spans
                ]
