"""A span says that it failed and by which class of error, and holds nothing of what the error quotes."""

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import BaseModel, ValidationError

from shared.kernel.tracing import span


class Row(BaseModel):
    number: int


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """The spans that would be sent to a collector."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    return exporter


def test_a_span_that_fails_names_the_class_of_the_error_and_none_of_its_words(
    recorded: InMemorySpanExporter,
) -> None:
    with pytest.raises(ValidationError) as caught, span("process Request"):
        Row.model_validate({"number": "a secret title"})
    assert "a secret title" in str(caught.value)
    (ended,) = recorded.get_finished_spans()
    assert (ended.status.status_code.name, ended.status.description) == ("ERROR", "ValidationError")
    assert dict(ended.attributes or {}) == {"error.type": "ValidationError"}
    assert "secret" not in ended.to_json()
