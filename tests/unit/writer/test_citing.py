"""Citations: an id says which of equal lines is meant, in time that grows with the file."""

import pytest

from services.modules.cited.citing import Citations
from shared.engine.types import Span
from tests.support.processor_time import processor_seconds


def _cite_all(lines: list[bytes], length: int) -> list[str]:
    citations = Citations("m1", lambda _: "s1", lambda _: b"".join(lines))
    starts = range(1, len(lines) + 2 - length, length)
    return [citations.cite(Span(path="a.md", start_line=start, end_line=start + length - 1)) for start in starts]


@pytest.mark.parametrize("length", [1, 3])
def test_equal_lines_have_ids_of_their_own(length: int) -> None:
    ids = _cite_all([b"a\n", b"b\n", b"b\n"] * 40, length)
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("lines", [[b"wheel\n"], [b"```\n", b"%d\n", b"```\n"]])
def test_thousands_of_equal_lines_are_cited_in_seconds(lines: list[bytes]) -> None:
    whole = [line.replace(b"%d", b"%d" % number) for number in range(24_000 // len(lines)) for line in lines]
    assert processor_seconds(lambda: _cite_all(whole, len(lines))) < 3
