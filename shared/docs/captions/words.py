"""From captions to the words that were said, each with its time. A library parses the captions."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import pairwise

import webvtt

from shared.docs.captions.facts import MAX_CUES, MAX_SECONDS, UnreadableCaptions
from shared.docs.encoding import decode
from shared.kernel.errors import UnreadableText

# Sounds of thinking and nothing else: "like" and "you know" can be meant.
_FILLER = re.compile(r"(?i)^(?:u+[hm]+|e+r|erm+|h+m+|m+hm+|a+h+)[,.…-]*$")
_STYLE = re.compile(r"\{\\[^{}]{0,200}\}")
_SOUND = re.compile(r"\[[^\[\]]{1,80}\]|^\s*\([^()]{1,80}\)\s*$|[♪♫]+", re.MULTILINE)
_SPEAKER = re.compile(r"^\s*(?:>>+|[-–—](?=\s))\s*")
_ROLLING = 0.3
"""Of the captions repeat the line before, where lines roll up the screen."""


@dataclass(frozen=True)
class Cue:
    """What is shown at one time: seconds, lines, and the speaker if the captions name one."""

    start: float
    end: float
    lines: tuple[str, ...]
    speaker: str = ""


@dataclass(frozen=True)
class Word:
    """A word as it is shown, with its seconds. `begins_cue`: a caption begins so; `begins_turn`: a speaker."""

    text: str
    start: float
    end: float
    begins_cue: bool = False
    begins_turn: bool = False


@dataclass(frozen=True)
class Said:
    """The words of a lecture in order. `fillers` and `sounds` count what is in the captions and not among them."""

    words: tuple[Word, ...]
    fillers: int
    sounds: int
    problems: tuple[str, ...]


def read_cues(data: bytes) -> tuple[list[Cue], list[str]]:
    """The captions of a file, by time, and what of it could not be read. Raises UnreadableCaptions."""
    try:
        text, encoding = decode(data)
        kind = "vtt" if text.lstrip().startswith("WEBVTT") else "srt"
        found = webvtt.from_buffer(StringIO(text), format=kind).captions
    except UnreadableText as error:
        raise UnreadableCaptions(error.message, code="captions_not_text") from error
    except (webvtt.errors.MalformedFileError, webvtt.errors.MalformedCaptionError, ValueError) as error:
        raise UnreadableCaptions("The captions are neither WebVTT nor SubRip (SRT)") from error
    if len(found) > MAX_CUES:
        message = f"The captions have {len(found):,} parts; {MAX_CUES:,} are read"
        raise UnreadableCaptions(message, code="captions_too_large")
    cues: list[Cue] = []
    for one in found:
        start, end = (time.in_milliseconds() / 1000 for time in (one.start_time, one.end_time))
        text = _STYLE.sub("", html.unescape(one.text))
        lines = tuple(line for line in (" ".join(line.split()) for line in text.split("\n")) if line)
        if lines and start < end <= MAX_SECONDS:
            cues.append(Cue(start, end, lines, one.voice or ""))
    problems = [] if encoding.startswith("utf") else [f"the captions are not UTF-8: read as {encoding}"]
    if len(cues) < len(found):
        problems.append(f"{len(found) - len(cues)} captions without words, or with times that cannot be, are left out")
    return sorted(cues, key=lambda cue: cue.start), problems


def read_words(data: bytes) -> Said:
    """The words that captions hold, without sounds of thinking and without what is not said ("[Music]")."""
    cues, problems = read_cues(data)
    cues = list(_once(cues))
    words: list[Word] = []
    sounds = fillers = 0
    speaker = ""
    for cue in cues:
        begins_turn = bool(cue.speaker) and cue.speaker != speaker
        speaker = cue.speaker or speaker
        shown: list[str] = []
        turns = {0} if begins_turn else set()
        for line in cue.lines:
            plain, count = _SOUND.subn(" ", line)
            spoken, marked = _SPEAKER.subn("", plain)
            sounds += count
            turns |= {len(shown)} if marked else set()
            shown += spoken.split()
        for at, (word, start, end) in enumerate(_timed(cue, shown)):
            if _FILLER.match(word):
                fillers += 1
                turns |= {at + 1} if at in turns else set()
            else:
                words.append(Word(word, start, end, at == 0, at in turns))
    if not words:
        raise UnreadableCaptions("The captions hold no words with times", code="captions_empty")
    return Said(tuple(words), fillers, sounds, tuple(problems))


def _once(cues: Sequence[Cue]) -> Iterator[Cue]:
    """The captions without the lines that stay on the screen while the next one comes."""
    again = sum(one.lines[0] == before.lines[-1] for before, one in pairwise(cues))
    if again < _ROLLING * len(cues):
        yield from cues
        return
    last = ""
    for cue in cues:
        new = cue.lines[1:] if cue.lines[0] == last else cue.lines
        last = cue.lines[-1]
        if new:
            yield Cue(cue.start, cue.end, new, cue.speaker)


def _timed(cue: Cue, words: Sequence[str]) -> Iterator[tuple[str, float, float]]:
    """The words of a caption, with its time shared out by their lengths."""
    total = sum(len(word) + 1 for word in words)
    at = cue.start
    for word in words:
        end = at + (cue.end - cue.start) * (len(word) + 1) / total
        yield word, at, end
        at = end
