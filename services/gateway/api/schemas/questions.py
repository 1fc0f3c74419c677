"""Shapes of a question to a course."""

from pydantic import Field

from services.gateway.course.shapes import Body, View


class AskBody(Body):
    """A question, in the words of whoever asks."""

    question: str = Field(min_length=1, max_length=1_000)


class CitedLinesView(View):
    """Lines of the documentation. `url` shows them where the host does; a PDF has pages, a lecture seconds."""

    source_id: str
    path: str
    start_line: int
    end_line: int
    url: str | None
    page: int | None = None
    start_second: int | None = None


class PassageView(View):
    """A passage of the course, quoted whole as Markdown."""

    module_id: str
    headings: list[str] = Field(description="of the module, and those that the passage stands under")
    text: str
    citations: list[CitedLinesView]


class AskedView(View):
    """What the course says, the best passage first; or `refused` with the reason."""

    question: str
    refused: bool
    why: str | None = None
    passages: list[PassageView]
