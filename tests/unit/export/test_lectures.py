"""A course of a lecture: citations name seconds, exports play the recording there, and hashes can be computed."""

import hashlib

import pytest

from services.modules.assembly.places import with_places
from shared.course.export.course_json import build_json
from shared.course.export.registry import build_folder
from shared.course.model import Course, LectureCitation, LectureSource, Recording
from shared.docs.citations import span_sha256, split_lines
from tests.support.course_fixture import build_course
from tests.support.course_sources import PICTURES, read_raw

CAPTIONS, SOUND = b"WEBVTT\n", b"sound"
RECORDING = Recording(sha256=hashlib.sha256(SOUND).hexdigest(), format="mp4")


@pytest.fixture(scope="module")
def course() -> Course:
    """The small course, as if its files were the text of a lecture whose line n is said from second 60n to 60n + 9."""
    before = build_course()
    source = LectureSource(
        id=before.sources[0].id, title="Jobs", file_name="jobs.mp4", sha256=hashlib.sha256(CAPTIONS).hexdigest(),
        format="vtt", recording=RECORDING, seconds=24_000, times=[(60 * n, 60 * n + 9) for n in range(1, 400)],
        reader="r",
    )  # fmt: skip
    modules = with_places(before.modules, [source], {})
    return before.model_copy(update={"sources": [source], "modules": modules})


def folder(course: Course, kind: str, **carried: bytes) -> dict[str, bytes]:
    files = {f"assets/{hashlib.sha256(data).hexdigest()}.{ending}": data for ending, data in carried.items()}
    return build_folder(kind, build_json(course), read_raw, PICTURES | files)


def test_a_citation_names_the_seconds_of_its_lines(course: Course) -> None:
    cited = [one for module in course.modules for one in module.citations]
    assert cited
    for one in cited:
        assert isinstance(one, LectureCitation)
        assert (one.start_second, one.end_second) == (60 * one.start_line, 60 * one.end_line + 9)
    read_back = Course.model_validate_json(build_json(course))
    assert read_back.modules[0].citations == course.modules[0].citations


@pytest.mark.parametrize(
    ("kind", "said"), [("site", "Play the recording from {start}:00"), ("markdown", "{start}:00–")]
)
def test_an_export_plays_the_recording_at_the_seconds(course: Course, kind: str, said: str) -> None:
    files = folder(course, kind, vtt=CAPTIONS, mp4=SOUND)
    page = next(data for name, data in sorted(files.items()) if name.startswith("modules/")).decode()
    first = course.modules[0].citations[0]
    assert f"../{RECORDING.asset}#t={60 * first.start_line},{60 * first.end_line + 9}" in page
    assert said.format(start=first.start_line) in page
    assert files[RECORDING.asset] == SOUND


def test_without_a_recording_the_seconds_are_words(course: Course) -> None:
    page = next(data for name, data in folder(course, "site", vtt=CAPTIONS).items() if name.startswith("modules/"))
    first = course.modules[0].citations[0]
    assert f"{first.start_line}:00–{first.end_line}:09" in page.decode()
    assert "#t=" not in page.decode()


def test_the_hash_of_a_citation_is_that_of_lines_of_the_text_that_is_carried(course: Course) -> None:
    files = folder(course, "site", vtt=CAPTIONS, mp4=SOUND)
    texts = {one.path: one.sha256 for one in course.documents if one.used}
    for name, data in files.items():
        if name.startswith("assets/") and not name.endswith((".png", ".svg")):
            assert hashlib.sha256(data).hexdigest() in name
    for one in course.modules[0].citations:
        text = files[f"assets/{texts[one.path]}.md"]
        assert span_sha256(split_lines(text), one.start_line, one.end_line) == one.sha256
