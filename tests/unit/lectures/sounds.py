"""Sounds that are made for a test."""

import io
import wave

_SAMPLES = 8_000


def tone(seconds: int, silent_at: int) -> bytes:
    """A WAV file with one second of silence."""
    loud, silence = b"\x00\x20" * (_SAMPLES // 40) + b"\x00\xe0" * (_SAMPLES // 40), b"\0\0" * _SAMPLES
    with io.BytesIO() as file:
        with wave.open(file, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(_SAMPLES)
            sound.writeframes(loud * 20 * silent_at + silence + loud * 20 * (seconds - silent_at - 1))
        return file.getvalue()
