"""From sound to the words that are said, with their seconds, by a Whisper model. For a worker process.

The model runs in CTranslate2 on one thread. A model opens threads, which no fork keeps, so each worker opens its own.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from shared.hearing.port import RATE, Said

Floats = NDArray[np.float32]

_HOP, _FFT = 160, 400
_WINDOW = 30 * RATE // _HOP
"""The frames of a spectrogram that a model sees at once."""
_SECONDS_A_FRAME = _HOP / RATE
_SECONDS_A_MARK = 0.02
_SHORTEST_FRAMES = 10
_BEAMS = 5
# Words that repeat like this, or that a model doubts like this, are asked for once more without repetitions.
_MOST_COMPRESSED, _LEAST_LIKELY = 2.4, -1.0
_SILENT = 0.6


class Model:
    """A Whisper model in the format of CTranslate2: a folder with `model.bin`, `config.json`, `tokenizer.json`."""

    def __init__(self, folder: Path) -> None:
        self._whisper = ctranslate2.models.Whisper(str(folder), compute_type="int8", inter_threads=1, intra_threads=1)
        self._tokens = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._first_mark = self._id("<|notimestamps|>") + 1

    def hear(self, sound: Floats) -> Iterator[Said]:
        """The words of mono sound at RATE, by time."""
        mel = spectrogram(sound, self._whisper.n_mels)
        frames = len(sound) // _HOP
        lead = self._lead(mel)
        at = 0
        while frames - at > _SHORTEST_FRAMES:
            size = min(_WINDOW, frames - at)
            tokens = self._words_of(mel[:, at : at + size], lead)
            said, next_at = timed(tokens, self._first_mark, self._text, at, size)
            yield from said
            at = next_at

    def _id(self, token: str) -> int:
        found: int | None = self._tokens.token_to_id(token)
        if found is None:
            raise ValueError(f"the tokenizer knows no {token}")
        return found

    def _lead(self, mel: Floats) -> list[int]:
        """The tokens that an answer follows. Names that may be said could come first: that doubled the errors."""
        asked = [self._id("<|startoftranscript|>")]
        if not self.is_english:
            (languages,) = self._whisper.detect_language(_view(mel[:, :_WINDOW]))
            asked += [self._id(languages[0][0]), self._id("<|transcribe|>")]
        return asked

    def _words_of(self, mel: Floats, lead: Sequence[int]) -> list[int]:
        encoded = self._whisper.encode(_view(mel))
        for limits in ({}, {"no_repeat_ngram_size": 3, "repetition_penalty": 1.1}):
            (found,) = self._whisper.generate(
                encoded, [list(lead)], beam_size=_BEAMS, max_length=448, return_scores=True,
                return_no_speech_prob=True, max_initial_timestamp_index=50, **limits,
            )  # fmt: skip
            tokens: list[int] = found.sequences_ids[0]
            likely: float = found.scores[0]
            if likely < _LEAST_LIKELY and found.no_speech_prob > _SILENT:
                return []
            if likely >= _LEAST_LIKELY and self._compressed(tokens) <= _MOST_COMPRESSED:
                break
        return tokens

    def _compressed(self, tokens: Sequence[int]) -> float:
        data = self._text(tokens).encode()
        return len(data) / len(zlib.compress(data)) if data else 0.0

    def _text(self, tokens: Sequence[int]) -> str:
        text: str = self._tokens.decode([token for token in tokens if token < self._first_mark])
        return " ".join(text.split())

    @property
    def is_english(self) -> bool:
        """Whether it knows no other language."""
        return not self._whisper.is_multilingual


def timed(
    tokens: Sequence[int], first_mark: int, text_of: Callable[[Sequence[int]], str], at: int, size: int
) -> tuple[list[Said], int]:
    """What is said between the marks of time among the tokens of a window, and the frame to go on from.

    Two marks in a row end one saying and begin the next. What follows the last such pair was cut by the window, so
    the next window begins there; unless a single mark ends it.
    """

    def second(mark: int) -> float:
        return at * _SECONDS_A_FRAME + (mark - first_mark) * _SECONDS_A_MARK

    begin, end = at * _SECONDS_A_FRAME, (at + size) * _SECONDS_A_FRAME
    marks = {index for index, token in enumerate(tokens) if token >= first_mark}
    pairs = [index + 1 for index in sorted(marks) if index + 1 in marks]
    is_whole = not pairs or (len(tokens) - 1 in marks and len(tokens) - 2 not in marks)
    cuts = [0, *pairs, *([len(tokens)] if is_whole else [])]
    said = []
    for first, last in pairwise(cuts):
        times = [second(token) for token in tokens[first:last] if token >= first_mark]
        start, stop = times[0] if times else begin, times[-1] if len(times) > 1 else end
        if (text := text_of(tokens[first:last])) and start < stop:
            said.append(Said(start, min(stop, end), text))
    heard = 0 if is_whole else round((second(tokens[cuts[-1] - 1]) - begin) / _SECONDS_A_FRAME)
    return said, at + (heard if 0 < heard <= size else size)


def hear(folder: str, pcm: bytes) -> list[Said]:
    """The words of a piece of sound: mono, 16 bits a sample, RATE samples a second."""
    sound = np.frombuffer(pcm, np.int16).astype(np.float32) / 32768.0
    return list(Model(Path(folder)).hear(sound))


def _view(mel: Floats) -> Any:
    window = np.zeros((1, mel.shape[0], _WINDOW), np.float32)
    window[0, :, : mel.shape[1]] = mel
    return ctranslate2.StorageView.from_array(window)


def spectrogram(sound: Floats, bands: int) -> Floats:
    """As Whisper's models were trained on: the logarithm of the energy in bands of the mel scale, for each 10 ms."""
    padded = np.pad(sound, (_FFT // 2, _FFT // 2 + _HOP), mode="constant")
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::_HOP][: len(sound) // _HOP]
    hann = np.hanning(_FFT + 1)[:-1].astype(np.float32)
    filters = _filters(bands)
    parts = []
    for at in range(0, len(frames), _WINDOW):
        power = np.abs(np.fft.rfft(frames[at : at + _WINDOW] * hann)) ** 2
        parts.append(filters @ power.T.astype(np.float32))
    mel = np.log10(np.maximum(np.concatenate(parts, axis=1) if parts else np.zeros((bands, 0), np.float32), 1e-10))
    mel = np.maximum(mel, mel.max(initial=-10.0) - 8.0)
    return np.asarray((mel + 4.0) / 4.0, np.float32)


@cache
def _filters(bands: int) -> Floats:
    """Slaney's mel filters: linear below 1 kHz, logarithmic above, each of the same area."""
    step = np.log(6.4) / 27.0
    mels = np.linspace(0.0, 15.0 + np.log(RATE / 2 / 1000.0) / step, bands + 2)
    edges = np.where(mels < 15.0, mels * 200.0 / 3.0, 1000.0 * np.exp(step * (mels - 15.0)))
    rise = (np.fft.rfftfreq(_FFT, 1.0 / RATE)[None, :] - edges[:-2, None]) / np.diff(edges)[:-1, None]
    fall = (edges[2:, None] - np.fft.rfftfreq(_FFT, 1.0 / RATE)[None, :]) / np.diff(edges)[1:, None]
    weights = np.maximum(0.0, np.minimum(rise, fall)) * (2.0 / (edges[2:] - edges[:-2]))[:, None]
    return np.asarray(weights, np.float32)
