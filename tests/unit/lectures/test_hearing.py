"""Sound becomes a spectrogram as Whisper's models know it, and the marks of time in an answer become seconds."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from shared.hearing.model import Model, hear, spectrogram, timed
from shared.hearing.port import RATE
from shared.hearing.whisper import find_whisper
from shared.workers.limits import Limits

MARK = 1000


def text(tokens: Sequence[int]) -> str:
    return " ".join(str(token) for token in tokens if token < MARK)


def mark(seconds: float) -> int:
    return MARK + round(seconds / 0.02)


def test_a_tone_stands_in_its_band() -> None:
    seconds = np.arange(RATE, dtype=np.float32) / RATE
    mel = spectrogram(np.sin(2 * np.pi * 1000 * seconds).astype(np.float32), 80)
    assert mel.shape == (80, 100)
    assert set(mel[:, 20:80].argmax(axis=0)) <= {25, 26}  # 1 kHz is 15 mel, 81 steps share 45.16
    assert mel.max() - mel.min() <= 2.0


def test_what_the_window_cut_is_heard_again() -> None:
    tokens = [mark(0), 1, 2, mark(4), mark(5), 3, mark(9), mark(9), 4]
    said, at = timed(tokens, MARK, text, 6000, 3000)
    assert [(one.start, one.end, one.text) for one in said] == [(60.0, 64.0, "1 2"), (65.0, 69.0, "3")]
    assert at == 6900


def test_a_single_mark_at_the_end_ends_the_window() -> None:
    said, at = timed([mark(0), 1, mark(2), mark(2), 2, mark(28)], MARK, text, 0, 3000)
    assert [(one.start, one.end, one.text) for one in said] == [(0.0, 2.0, "1"), (2.0, 28.0, "2")]
    assert at == 3000


def test_an_answer_without_marks_is_the_whole_window() -> None:
    said, at = timed([1, 2], MARK, text, 3000, 500)
    assert [(one.start, one.end, one.text) for one in said] == [(30.0, 35.0, "1 2")]
    assert at == 3500


def test_silence_holds_no_words() -> None:
    folder = find_whisper(None, Limits()).folder
    assert hear(str(folder), b"\0\0" * RATE * 3) == []
    assert Model(Path(folder)).is_english
