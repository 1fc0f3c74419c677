"""From captions to the text of a lecture. For a worker process: strangers wrote the captions."""

from collections.abc import Sequence
from math import ceil

from shared.docs.captions.facts import LectureText
from shared.docs.captions.paragraphs import Section, by_chapters, by_subject, has_full_stops, sentences_of
from shared.docs.captions.words import read_cues, read_words
from shared.docs.plain_lines import as_line, escape
from shared.docs.problems import shorten


def read_lecture(captions: bytes, chapters: bytes | None, title: str) -> LectureText:
    """The text of a lecture. `chapters`: captions whose lines name its chapters. Raises UnreadableCaptions."""
    said = read_words(captions)
    problems = list(said.problems)
    sentences = sentences_of(said.words)
    if chapters is None:
        sections = by_subject(sentences)
        if len(sections) > 1:
            problems.append("the lecture has no chapter marks: its headings are made of its words")
    else:
        sections = by_chapters(sentences, read_cues(chapters)[0])
    if not has_full_stops(said.words):
        problems.append("the captions have no full stops: sentences end where the speaker is silent")
    for count, what in ((said.fillers, "sounds of thinking (um, uh)"), (said.sounds, "notes of sounds ([Music])")):
        if count:
            problems.append(f"{count} {what} stand in the captions and not in the text")
    lines, times = _write(title, sections)
    return LectureText("\n".join(lines) + "\n", tuple(times), ceil(sentences[-1].end), shorten(problems))


def _write(title: str, sections: Sequence[Section]) -> tuple[list[str], list[tuple[int, int]]]:
    """The lines of the text and their seconds: headings, and paragraphs with one sentence a line."""
    lines, times = [f"# {escape(title)}"], [_seconds(sections[0])]
    for section in sections:
        if section.heading:
            lines += ["", f"## {escape(section.heading)}"]
            times += [times[-1], _seconds(section)]
        for at, sentence in enumerate(section.sentences):
            if sentence.breaks or not at:
                lines.append("")
                times.append(times[-1])
            lines.append(as_line(escape(sentence.text)))
            times.append((int(sentence.start), ceil(sentence.end)))
    return lines, times


def _seconds(section: Section) -> tuple[int, int]:
    first = section.sentences[0]
    return int(first.start), ceil(first.end)
