"""Mermaid is drawn when the course is made, in shapes, words and classes alone, with its text behind it."""

import re
import sys
from importlib.util import find_spec

import pytest

from shared.course.export.diagram import DRAWN_ATTRIBUTES, DRAWN_ELEMENTS, draw_diagram
from shared.course.export.lesson_html import PageLinks, render_markdown

_KINDS = {
    "Flowchart": "flowchart LR\n  put[put] -->|job| take{Take?}\n  style put fill:#f00\n",
    "Sequence diagram": "sequenceDiagram\n  Client->>Server: put\n  Server-->>Client: job\n",
    "Class diagram": "classDiagram\n  Job <|-- put\n  Job : +int job\n",
    "State diagram": "stateDiagram-v2\n  [*] --> put\n  put --> job : taken\n",
    "Entity relationship diagram": "erDiagram\n  put ||--o{ job : has\n",
    "Pie chart": 'pie title Time\n  "put" : 3\n  "job" : 1\n',
}


needs_renderer = pytest.mark.skipif(find_spec("merman") is None, reason="this system has no wheel of the renderer")


@needs_renderer
@pytest.mark.parametrize("kind", _KINDS)
def test_a_diagram_is_drawn_in_shapes_words_and_classes_alone(kind: str) -> None:
    drawn = draw_diagram(_KINDS[kind], "drawing-1")
    assert drawn is not None
    assert drawn[0] == kind
    assert {"put", "job"} <= set(re.findall(r"\w+", re.sub(r"<[^>]+>", " ", drawn[1])))
    assert set(re.findall(r"<(\w+)", drawn[1])) <= DRAWN_ELEMENTS
    assert set(re.findall(r' ([\w-]+)="', drawn[1])) <= DRAWN_ATTRIBUTES
    assert not re.search(r"<(?!svg|rect)\w+[^>]* (?:width|height)=", drawn[1])
    assert all(found.startswith("drawing-1") for found in re.findall(r'id="([^"]*)"', drawn[1]))
    assert draw_diagram(_KINDS[kind], "drawing-1") == drawn


@needs_renderer
def test_a_stranger_s_words_stay_words() -> None:
    hostile = """flowchart TD
  a["<img src=x onerror=alert(1)><script>alert(2)</script>"] --> b["<b>bold</b>"]
  click a href "javascript:alert(3)" "tip"
  classDef red fill:url(https://example.org/x)
  class a red
"""
    html = render_markdown(f"```mermaid\n{hostile}```", PageLinks()).html
    drawing = html.partition("<details>")[0]
    assert "<svg" in drawing
    assert not re.search(r"<(img|script|a|b|style|foreignObject)\b|javascript:|example\.org", drawing)


@pytest.mark.parametrize("source", ["flowchart TD\n  A[unclosed --> B\n", "gantt\n  title Plan\n", "no diagram", ""])
def test_what_cannot_be_drawn_is_shown_as_it_is_written(source: str) -> None:
    assert draw_diagram(source, "drawing-1") is None
    html = render_markdown(f"```mermaid\n{source}```", PageLinks()).html
    assert "Diagram, in Mermaid" in html
    assert "<svg" not in html


def test_a_system_without_the_renderer_shows_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "merman", None)
    assert draw_diagram(_KINDS["Flowchart"], "drawing-1") is None


@needs_renderer
def test_a_page_can_have_the_same_diagram_twice() -> None:
    fence = f"```mermaid cite=c1\n{_KINDS['Flowchart']}```\n"
    html = render_markdown(f"{fence}\n{fence}", PageLinks(marks={"c1": 7})).html
    ids = re.findall(r' id="([^"]*)"', html)
    assert len(ids) == len(set(ids)) == 2
    assert html.count('<figure class="diagram">') == 2
    assert html.count("<summary>The diagram in words</summary>") == 2
    assert html.count('href="#cite-c1"') == 2
