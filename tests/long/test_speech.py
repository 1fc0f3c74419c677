"""A lecture that a synthesiser reads aloud and a server gives: its words, the speed, and a course with its seconds.

`make long` makes the Python of the synthesiser, and names it in SPEECH_PYTHON.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from shared.hearing.model import hear
from shared.hearing.whisper import find_whisper
from shared.workers.limits import Limits
from shared.workers.messages import HEADER
from tests.support.local_server import LocalServer, send
from tests.support.processor_time import processor_seconds

pytestmark = [pytest.mark.long, pytest.mark.timeout(0)]

_ROOT = Path(__file__).parents[2]
_CHAPTERS = {
    "Architecture": "ARCHITECTURE.md", "Security": "docs/security.md",
    "The classroom": "docs/adr/0039-the-classroom.md", "Worker processes": "docs/adr/0024-worker-processes.md",
    "Reliability": "docs/reliability.md",
}  # fmt: skip
_NO_PROSE = ("```", "|", "#", "-", "*", "    ", "<", ">")
_NOT_SAID = re.compile(r"[`/_{}<>=]|\d{3}")
_MOST_ERRORS = 0.15
_LEAST_SPEED = 8.0
_SLACK_SECONDS = 1.5


@dataclass(frozen=True)
class Lecture:
    """A recording, and the sentences that are said in it with their seconds."""

    recording: Path
    spoken: list[tuple[float, float, str]]

    def words_between(self, first: float, last: float) -> set[str]:
        """The words of the sentences that are said then."""
        said = (text for start, end, text in self.spoken if start < last and end > first)
        return {word for text in said for word in _words(text)}


@pytest.fixture(scope="module")
def lecture(tmp_path_factory: pytest.TempPathFactory) -> Lecture:
    folder = tmp_path_factory.mktemp("speech")
    recording, truth = folder / "week-1.wav", folder / "spoken.json"
    script = [(title, list(_prose((_ROOT / path).read_text(encoding="utf-8")))) for title, path in _CHAPTERS.items()]
    subprocess.run(
        [os.environ["SPEECH_PYTHON"], Path(__file__).with_name("speak.py"), recording, truth],
        input=json.dumps(script), text=True, check=True,
    )  # fmt: skip
    return Lecture(recording, json.loads(truth.read_text(encoding="utf-8")))


def _prose(markdown: str) -> Iterator[str]:
    """The sentences of a page that can be read aloud."""
    for paragraph in re.split(r"\n\s*\n", markdown):
        if not paragraph.lstrip().startswith(_NO_PROSE):
            plain = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", paragraph).replace("**", "")
            for sentence in re.split(r"(?<=[.?!])\s+", " ".join(plain.split())):
                if sentence.endswith(".") and len(sentence.split()) > 5 and not _NOT_SAID.search(sentence):
                    yield sentence


def _words(text: str) -> list[str]:
    return re.sub(r"[^a-z0-9' ]", " ", text.lower().replace("-", " ").replace("’", "'")).split()


def _errors(said: list[str], heard: list[str]) -> int:
    """Words that are wrong, missing or too many."""
    row = list(range(len(heard) + 1))
    for count, word in enumerate(said, 1):
        before, row[0] = row[:], count
        for at, other in enumerate(heard, 1):
            row[at] = min(before[at] + 1, row[at - 1] + 1, before[at - 1] + (word != other))
    return row[-1]


def test_nearly_all_words_are_heard_faster_than_they_are_said(lecture: Lecture) -> None:
    folder = str(find_whisper(None, Limits()).folder)
    with lecture.recording.open("rb") as file:
        sound = subprocess.run(
            [sys.executable, "-m", "shared.hearing.sound", "1"], stdin=file, capture_output=True, check=True
        ).stdout
    heard: list[str] = []

    def work() -> None:
        at = 0
        while at < len(sound):
            (size,) = HEADER.unpack(sound[at : at + HEADER.size])
            at += HEADER.size + size
            heard.extend(word for one in hear(folder, sound[at - size : at]) for word in _words(one.text))

    seconds = processor_seconds(work)
    said = [word for _, _, text in lecture.spoken for word in _words(text)]
    errors, length = _errors(said, heard) / len(said), lecture.spoken[-1][1]
    sys.stdout.write(f"{len(said)} words, {errors:.1%} wrong; {length:.0f} s heard in {seconds:.1f} s of a processor\n")
    assert length > 600
    assert errors <= _MOST_ERRORS
    assert length / seconds >= _LEAST_SPEED


def test_a_course_cites_the_seconds_in_which_it_was_said(lecture: Lecture, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with _Served(lecture.recording.read_bytes()).running() as server:
        subprocess.run(
            [Path(sys.executable).with_name("coursewright"), "generate", "--source", f"{server.url}/week-1.wav",
             "--data-dir", tmp_path / "data", "--out", out],
            env={**os.environ, "INWARD_LECTURE_HOSTS": json.dumps([server.url.removeprefix("http://")])}, check=True,
        )  # fmt: skip
    course = json.loads((out / "course.json").read_bytes())
    texts = {one["path"]: next(out.rglob(f"assets/{one['sha256']}.md")) for one in course["documents"]}
    cited = [one for module in course["modules"] for one in module["citations"]]
    right, elsewhere = (
        sum(_is_said(lecture, texts, one, shift) for one in cited) / len(cited)
        for shift in (0.0, lecture.spoken[-1][1] / 3)
    )
    sys.stdout.write(f"{len(cited)} citations, {right:.1%} said in their seconds, {elsewhere:.1%} elsewhere\n")
    assert len(cited) > 20
    assert right > 0.95
    assert elsewhere < 0.5
    (source,) = course["sources"]
    played = next(out.glob(f"site/assets/{source['recording']['sha256']}.*"))
    assert played.read_bytes() == lecture.recording.read_bytes(), "the seconds are those of what travels"
    page = "".join(one.read_text(encoding="utf-8") for one in out.glob("site/modules/*.html"))
    for one in course["modules"][0]["citations"]:
        assert f"assets/{played.name}#t={one['start_second']},{one['end_second']}" in page


class _Served(LocalServer):
    """Gives one file."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._data = data

    def respond(self, handler: BaseHTTPRequestHandler) -> None:
        send(handler, 200, self._data)


def _is_said(lecture: Lecture, texts: dict[str, Path], citation: dict[str, Any], shift: float) -> bool:
    """Whether most words of the lines that are cited are said in the seconds that are cited."""
    first, last = citation["start_second"] + shift, citation["end_second"] + shift
    said = lecture.words_between(first - _SLACK_SECONDS, last + _SLACK_SECONDS)
    lines = texts[citation["path"]].read_text(encoding="utf-8").split("\n")
    words = _words(" ".join(lines[citation["start_line"] - 1 : citation["end_line"]]))
    return sum(word in said for word in words) > 0.7 * len(words)
