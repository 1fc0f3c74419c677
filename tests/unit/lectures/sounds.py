"""Sounds that are made for a test."""

import io
import struct
import wave

_SAMPLES, _BLOCK = 8_000, 65_535


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


def silent_flac(seconds: int) -> bytes:
    """A FLAC file of silence, of which a frame of 65,535 samples takes a dozen bytes."""
    frames = -(-seconds * _SAMPLES // _BLOCK)
    about = struct.pack(">HH6xQ16x", _BLOCK, _BLOCK, _SAMPLES << 44 | 15 << 36 | frames * _BLOCK)
    return b"fLaC\x80\x00\x00\x22" + about + b"".join(map(_frame, range(frames)))


def _frame(number: int) -> bytes:
    head = b"\xff\xf8\x70\x08" + chr(number).encode("utf-8", "surrogatepass") + struct.pack(">H", _BLOCK - 1)
    frame = head + bytes([_crc(head, 8, 0x07)]) + b"\0\0\0"
    return frame + struct.pack(">H", _crc(frame, 16, 0x8005))


def _crc(data: bytes, bits: int, polynomial: int) -> int:
    rest, top = 0, 1 << (bits - 1)
    for byte in data:
        rest ^= byte << (bits - 8)
        for _ in range(8):
            rest = (rest << 1 ^ polynomial if rest & top else rest << 1) & ((1 << bits) - 1)
    return rest
