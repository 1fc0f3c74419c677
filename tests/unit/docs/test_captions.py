"""Captions become sentences whose lines know their seconds, under the chapters' headings or those of their words."""

import pytest

from shared.docs.captions.facts import READER, LectureText, UnreadableCaptions
from shared.docs.captions.first_bytes import is_recording
from shared.docs.captions.reader import read_lecture
from tests.unit.docs.pages import blocks, headings
from tests.unit.docs.pages import read as parse
from tests.unit.lectures.captions import RECORDING, SENTENCES, spoken, vtt


def read(captions: bytes, chapters: bytes | None = None) -> LectureText:
    found = read_lecture(captions, chapters, "Jobs")
    assert len(found.times) == len(found.text.split("\n")) - 1
    return found


def said(captions: bytes) -> list[str]:
    return [line for line in read(captions).text.split("\n") if line and not line.startswith("#")]


def headings_of(found: LectureText) -> list[str]:
    return [heading for heading, level, _ in headings(parse(found.text)) if level == 2]


def seconds_of(found: LectureText, sentence: str) -> tuple[int, int]:
    return found.times[found.text.split("\n").index(sentence)]


def test_a_sentence_over_several_captions_is_one_line_with_its_seconds() -> None:
    found = read(vtt((10.2, 12, "A queue keeps"), (12, 14.5, "jobs. A worker"), (14.5, 16, "takes them.")))
    assert seconds_of(found, "A queue keeps jobs.") == (10, 13)
    assert seconds_of(found, "A worker takes them.") == (13, 16)
    assert found.seconds == 16


def test_srt_is_read_like_webvtt() -> None:
    srt = "\n".join(f"{at}\n00:00:0{at},500 --> 00:00:0{at + 1},500\n{one}\n" for at, one in enumerate(SENTENCES, 1))
    assert said(srt.encode()) == said(spoken(*SENTENCES)) == list(SENTENCES)
    assert said(b"\xef\xbb\xbf" + srt.replace("\n", "\r\n").encode()) == list(SENTENCES)


def test_sounds_that_are_no_words_are_left_out_and_counted() -> None:
    found = read(vtt((0, 4, "Um, a queue, uh, keeps jobs."), (4, 6, "[Music]"), (6, 9, "I err on the safe side.")))
    assert "A queue, keeps jobs." in found.text
    assert "I err on the safe side." in found.text
    assert "Music" not in found.text
    assert [one.split(" ")[0] for one in found.problems] == ["2", "1"]


def test_a_pause_or_another_speaker_begins_a_paragraph() -> None:
    paused = vtt((0, 2, "One is said."), (2, 4, "Two is said."), (7, 9, "Three is said."))
    assert "One is said.\nTwo is said.\n\nThree is said." in read(paused).text
    spoke = vtt((0, 2, "<v Ann>One is said."), (2, 4, "<v Ann>Two is said."), (4, 6, "<v Bob>Is it?"))
    assert "One is said.\nTwo is said.\n\nIs it?" in read(spoke).text
    marked = vtt((0, 2, ">> One is said."), (2, 4, "Two is said."), (4, 6, ">> Is it?"))
    assert "One is said.\nTwo is said.\n\nIs it?" in read(marked).text


def test_lines_that_roll_up_the_screen_are_said_once() -> None:
    rolling = vtt((0, 2, "a queue keeps"), (2, 4, "a queue keeps\njobs until a"), (4, 6, "jobs until a\nworker comes."))
    assert said(rolling) == ["A queue keeps jobs until a worker comes."]
    assert said(vtt((0, 2, "Yes."), (2, 4, "Yes."), (4, 9, "A queue is full."), (9, 12, "It waits."))) == [
        "Yes.", "Yes.", "A queue is full.", "It waits.",
    ]  # fmt: skip


def test_captions_without_full_stops_are_cut_where_the_speaker_is_silent() -> None:
    words = "queue keeps jobs until some worker takes one"
    found = read(vtt(*((at * 5.0, at * 5.0 + 4, f"a{at} {words}") for at in range(20))))
    lines = [line for line in found.text.split("\n") if line.startswith("A")]
    assert len(lines) == 20
    assert lines[0] == f"A0 {words}."
    assert any("full stops" in one for one in found.problems)


def test_chapters_are_the_headings() -> None:
    chapters = vtt((0, 4, "The *queue*"), (4, 12, "1. Workers"))
    found = read(spoken(*SENTENCES), chapters)
    assert headings_of(found) == ["The *queue*", "1. Workers"]


def test_without_chapters_a_change_of_subject_is_a_heading_of_its_words() -> None:
    kettles = [f"The kettle heats water in its vessel, and the element of kettle {n} gets hot." for n in range(40)]
    birds = [f"A sparrow builds its nest on a branch, and sparrow {n} feeds its chicks." for n in range(40)]
    found = read(spoken(*kettles, *birds, seconds=5.0))
    first, second = headings_of(found)
    assert "kettle" in first.lower()
    assert "sparrow" in second.lower()
    at = found.text.split("\n").index(f"## {second}")
    assert 190 <= found.times[at][0] <= 210
    assert any("no chapter marks" in one for one in found.problems)


@pytest.mark.parametrize(
    "text", ["# not a heading", "1. not a list", "- 3 is less", "a <b> and *stars* & `ticks`", "=== x"]
)
def test_what_is_said_is_never_markup(text: str) -> None:
    found = read(vtt((0, 4, f"{text.replace('<', '&lt;')} is said.")))
    assert [block.kind for block in blocks(parse(found.text))] == ["paragraph"]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "captions_damaged"), (b"A text of its own.", "captions_damaged"), (b"\0" * 400, "captions_not_text"),
        (b"WEBVTT\n\n00:02.000 --> 00:01.000\nback\n", "captions_empty"),
        (vtt((0, 1, "[Music]")), "captions_empty"), (vtt((0, 1, "um")), "captions_empty"),
        (vtt((90_000, 90_001, "After a day.")), "captions_empty"),
    ],
)  # fmt: skip
def test_what_holds_no_words_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(UnreadableCaptions) as refused:
        read(raw)
    assert refused.value.code == code


def test_captions_with_too_many_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.docs.captions.words.MAX_CUES", 2)
    with pytest.raises(UnreadableCaptions) as refused:
        read(spoken(*SENTENCES))
    assert refused.value.code == "captions_too_large"


def test_the_reader_names_the_library_that_it_reads_with() -> None:
    from importlib.metadata import version

    assert READER.endswith(f"webvtt-py-{version('webvtt-py')}")


@pytest.mark.parametrize(
    ("name", "head", "is_one"),
    [
        ("a.mp4", RECORDING, True), ("a.mp4", b"WEBVTT", False), ("a.mp3", b"ID3\4", True),
        ("a.mp3", b"\xff\xfb", True), ("a.mp3", b"", False), ("a.txt", RECORDING, False),
        ("a.webm", b"\x1aE\xdf\xa3", True),
    ],
)  # fmt: skip
def test_a_recording_begins_like_what_its_name_says(name: str, head: bytes, is_one: bool) -> None:
    assert is_recording(name, head) is is_one


def test_what_goes_on_without_a_full_stop_is_cut_where_the_speaker_is_silent() -> None:
    endless = ((20 + 6.0 * at, 24 + 6.0 * at, f"and a{at} queue keeps all of its jobs") for at in range(20))
    lines = said(vtt(*((2.0 * at, 2.0 * at + 2, "It is so. It is.") for at in range(10)), *endless))
    assert lines[-20:] == [f"And a{at} queue keeps all of its jobs." for at in range(20)]


def test_two_long_sentences_part_where_one_ends_and_not_where_a_caption_does() -> None:
    one = " and ".join(f"the part with number {number}" for number in range(11))
    two = " and ".join(f"all that we said of number {number}" for number in range(8))
    long = f"So it is. We take {one}, etc. I hold {two}."
    words = long.split()
    cues = [(at, at + 1.0, " ".join(words[3 * at : 3 * at + 3])) for at in range(len(words) // 3 + 1)]
    assert len(words) > 100
    assert " ".join(said(vtt(*cues))) == long
    assert len(said(vtt(*cues))) == 3
