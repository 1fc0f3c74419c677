"""The place of a citation in words."""

from services.classroom.blocks import cited_by
from shared.course.model import LectureCitation


def test_a_lecture_is_cited_by_its_times() -> None:
    lines = {"path": "talk.mp4.md", "start_line": 4, "end_line": 9, "sha256": "0" * 64}
    one = LectureCitation(id="c1", source_id="s", **lines, start_second=61, end_second=3725)
    assert cited_by([one], []).places == {"c1": "talk.mp4.md, 1:01–1:02:05"}
