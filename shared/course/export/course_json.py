"""The course as one JSON file: sorted, indented, ready to be compared and kept under version control."""

import json
from itertools import islice

from shared.course.model import Course

_PIECES_TOGETHER = 4096


def build_json(course: Course) -> bytes:
    """course.json as UTF-8 with sorted keys, two spaces of indentation and a final newline.

    Written bit by bit: json.dumps holds each word of the text as an object of its own until the end.
    """
    encoder = json.JSONEncoder(ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False)
    pieces = encoder.iterencode(course.model_dump(mode="json"))
    text = bytearray()
    while some := "".join(islice(pieces, _PIECES_TOGETHER)):
        text += some.encode()
    text += b"\n"
    return bytes(text)
