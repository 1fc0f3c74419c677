"""Captions that are made for a test, and the head of a recording."""

RECORDING = b"\0\0\0\x18ftypmp42" + b"sound" * 400

SENTENCES = (
    "A queue keeps jobs until a worker takes them.",
    "A worker takes one job and tells the queue when the job is done.",
    "The queue gives a job to another worker when nobody tells it anything.",
)


def stamp(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes // 60):02d}:{int(minutes % 60):02d}:{rest:06.3f}"


def vtt(*cues: tuple[float, float, str]) -> bytes:
    """WebVTT of (start, end, text)."""
    shown = (f"{stamp(start)} --> {stamp(end)}\n{text}\n" for start, end, text in cues)
    return "\n".join(["WEBVTT\n", *shown]).encode()


def spoken(*sentences: str, seconds: float = 4.0, pause: float = 0.0) -> bytes:
    """One caption for each sentence, one after the other."""
    every = seconds + pause
    return vtt(*((at * every, at * every + seconds, one) for at, one in enumerate(sentences)))
