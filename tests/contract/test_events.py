"""The event contract: every type has a sample, travels through the codec unchanged, and stays readable for ever."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.event_log.codec import decode, encode
from shared.event_log.port import NewEvent, Recorded, Unreadable
from shared.events import Event, event_type_name, subject_of
from shared.events.base import SharedStageEvent
from shared.events.gateway import CourseCreated, DocsAnalysisRequested, ModulesRequested, RepoCloneRequested
from shared.events.registry import EVENT_TYPES, REGISTRY, parse_event
from shared.pipeline import PIPELINE
from shared.schemas.samples import EXAMPLES, SAMPLES, read_stored

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2026, 1, 1, 12, 30, 15, 123456, tzinfo=UTC)


def wrap(event: Event, source: str = "test") -> NewEvent:
    return NewEvent(event, "6f1c9f1e-52a5-5f0c-9d2e-0d1b8f0c7a11", source, "c", "d", "00-ab-cd-01")


def test_every_type_has_exactly_one_sample() -> None:
    assert {path.stem for path in EXAMPLES.iterdir()} == {f"{n}.v{c.version}" for n, c in EVENT_TYPES.items()}
    assert [type(sample) for sample in SAMPLES] == [*EVENT_TYPES.values()]
    before = {f"{name}.v{version}" for name, cls in EVENT_TYPES.items() for version in range(1, cls.version)}
    assert before <= {path.stem for path in GOLDEN.iterdir()}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: type(s).__name__)
def test_an_event_comes_back_as_it_went(sample: Event) -> None:
    subject, headers, body = encode(wrap(sample), NOW)
    back = decode(subject, headers, body, 7, REGISTRY)
    assert isinstance(back, Recorded)
    assert (back.event, back.seq, back.time, back.traceparent) == (sample, 7, NOW, "00-ab-cd-01")
    assert headers["ce-type"] == event_type_name(sample)


SHARED = [sample for sample in SAMPLES if isinstance(sample, SharedStageEvent)]


def test_a_stage_is_part_of_the_subject_of_what_every_stage_writes() -> None:
    assert {subject_of(sample) for sample in SHARED} == {
        f"course.61.{sample.course_id}.{type(sample).__name__}.{sample.stage}" for sample in SHARED
    }
    assert {type(sample).__name__ for sample in SHARED} == {"StageDead", "StageCanceled", "StageRetryScheduled"}
    assert all(subject_of(other).count(".") == 3 for other in SAMPLES if other not in SHARED)


@pytest.mark.parametrize("sample", SHARED, ids=lambda s: type(s).__name__)
def test_what_lies_about_its_stage_is_unreadable_and_what_was_stored_without_one_is_read(
    sample: SharedStageEvent,
) -> None:
    subject, headers, body = encode(wrap(sample), NOW)
    before, _, stage = subject.rpartition(".")
    assert isinstance(decode(before, headers, body, 1, REGISTRY), Recorded), (
        "as stored before the subject named the stage"
    )
    others = {row.name for row in PIPELINE} - {stage}
    for lie in (*(f"{before}.{other}" for other in others), f"{subject}.x", f"{before}.", f"{subject}x"):
        back = decode(lie, headers, body, 1, REGISTRY)
        assert isinstance(back, Unreadable)
        assert "stage" in back.reason


# Fields that were written once, and that no reader ever had a use for.
READ_BY_NOBODY: dict[type[Event], set[str]] = {
    DocsAnalysisRequested: {"revisions"}, RepoCloneRequested: {"source_id"},
    ModulesRequested: {"source", "licence", "listing"},  # lifted, see below
}  # fmt: skip


@pytest.mark.parametrize(
    "path", sorted((*GOLDEN.iterdir(), *EXAMPLES.iterdir())), ids=lambda p: f"{p.parent.stem}-{p.stem}"
)
def test_what_was_ever_written_still_reads(path: Path) -> None:
    stored, event = json.loads(path.read_text(encoding="utf-8")), read_stored(path)
    kept = event.model_dump(mode="json")
    told = {name: value for name, value in stored["data"].items() if name not in READ_BY_NOBODY.get(type(event), ())}
    assert holds(kept, told)


@pytest.mark.parametrize(("event", "fields"), READ_BY_NOBODY.items(), ids=lambda one: getattr(one, "__name__", ""))
def test_a_field_that_nobody_read_is_a_field_no_more(event: type[Event], fields: set[str]) -> None:
    assert fields & event.model_fields.keys() == set()


def holds(kept: Any, told: Any) -> bool:
    """Whether what is kept is what was told, fields aside that came later."""
    match told:
        case dict():
            return all(name in kept and holds(kept[name], value) for name, value in told.items())
        case list():
            return len(kept) == len(told) and all(map(holds, kept, told))
        case _:
            return bool(kept == told)


def test_the_one_source_of_before_is_a_list_of_one() -> None:
    path = GOLDEN / "ModulesRequested.v1.json"
    stored, event = json.loads(path.read_text(encoding="utf-8")), read_stored(path)
    assert isinstance(event, ModulesRequested)
    (one,), before = event.sources, stored["data"]["source"]
    assert (one.kind, one.name, one.url, one.ref, one.commit) == (
        "git", before["repo_name"], before["url"], before["ref"], before["commit"],
    )  # fmt: skip
    assert (one.licence and one.licence.model_dump()) == stored["data"].get("licence")
    assert event.listings[one.source_id].model_dump() == stored["data"]["listing"]


@given(st.text(min_size=0, max_size=60))
def test_header_values_survive_any_text(source: str) -> None:
    source = source.encode("utf-8", "ignore").decode()
    subject, headers, body = encode(wrap(SAMPLES[0], source), NOW)
    assert all(0x20 < ord(c) < 0x7F for c in headers["ce-source"])
    back = decode(subject, headers, body, 1, REGISTRY)
    assert isinstance(back, Recorded)
    assert back.source == source


@pytest.mark.parametrize(
    ("subject", "change", "body", "reason"),
    [
        ("course.25.c1.CourseCreated", {"ce-type": "coursewright.course.Unheard.v1"}, b"{}", "unknown event type"),
        (
            "course.25.c1.CourseCreated",
            {"ce-type": "coursewright.course.CourseCreated.v9"},
            b"{}",
            "unknown event type",
        ),
        ("course.25.c1.CourseCreated", {}, b"not json", "does not fit"),
        ("course.25.c1.CourseCreated", {}, b'{"course_id": "c1"}', "does not fit"),
        ("course.32.c2.CourseCreated", {}, None, "subject does not match"),
        ("course.25.c1.CourseDeleted", {}, None, "subject does not match"),
        ("course.25.c1.CourseCreated.modules", {}, None, "subject does not match"),
        ("course.25.c1.CourseCreated", {"ce-time": "yesterday"}, None, "ce-time"),
    ],
)
def test_a_message_that_does_not_fit_is_unreadable_with_a_reason(
    subject: str, change: dict[str, str], body: bytes | None, reason: str
) -> None:
    _, headers, good = encode(wrap(CourseCreated(course_id="c1", owner="o", title="t")), NOW)
    back = decode(subject, headers | change, good if body is None else body, 1, REGISTRY)
    assert isinstance(back, Unreadable)
    assert reason in back.reason


def test_readers_ignore_fields_they_do_not_know() -> None:
    body = b'{"course_id": "c1", "owner": "o", "title": "t", "description": "", "later": 1}'
    assert parse_event("coursewright.course.CourseCreated.v1", body) == CourseCreated(
        course_id="c1", owner="o", title="t"
    )


@pytest.mark.parametrize("course_id", ["a.b", "a*", "a>", "", "a b", "x" * 65])
def test_a_course_id_that_is_no_subject_token_is_refused(course_id: str) -> None:
    with pytest.raises(ValueError, match="course_id"):
        CourseCreated(course_id=course_id, owner="o", title="t")


def test_the_pipeline_names_its_stages_in_order() -> None:
    assert [row.number for row in PIPELINE] == [1, 2, 3, 4, 5, 6]
    assert [row.number for row in PIPELINE.unattended] == [1, 2, 3, 4]
    assert len({row.filter_subject for row in PIPELINE}) == 6
