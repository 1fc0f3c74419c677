"""Which addresses of pictures a body may have."""

import pytest
from pydantic import TypeAdapter, ValidationError

from services.classroom.api.course_shapes import Blocks

BLOCKS: TypeAdapter[Blocks] = TypeAdapter(Blocks)


def picture(url: str) -> list[dict[str, object]]:
    return [{"type": "paragraph", "children": [{"type": "image", "props": {"url": url}}]}]


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/b.png",
        "http://a.example/b.png",
        "/files/1?at=10:30",
        "files/a.png",
        "",
        "data:image/png;base64,iVBO",
    ],
)
def test_a_picture_of_the_web_of_this_server_or_in_itself(url: str) -> None:
    assert BLOCKS.validate_python(picture(url))


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:x", "java\nscript:x", "data:text/html,<b>",
        "vbscript:x", "data:image/svg+xml;base64,PHN2", "file:///etc/passwd", "//elsewhere.example/b.png",
        "\\\\elsewhere\\b.png",
    ],
)  # fmt: skip
def test_another_address_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="address of a picture"):
        BLOCKS.validate_python(picture(url))
