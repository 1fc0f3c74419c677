"""The repository behind the small course, in folder `tidepool`: documents, pictures, and citations of their lines."""

import hashlib
from pathlib import Path

from shared.course.model import Citation
from shared.docs.citations import span_sha256, split_lines

_FOLDER = Path(__file__).with_name("tidepool")
FILES = {name: (_FOLDER / name).read_bytes() for name in ("docs/start.md", "docs/leases.md", "docs/admin.rst")}
_PNG, _SVG = ((_FOLDER / name).read_bytes() for name in ("dot.png", "queue.svg"))


def _asset(data: bytes, extension: str) -> str:
    return f"assets/{hashlib.sha256(data).hexdigest()}.{extension}"


PNG_NAME = _asset(_PNG, "png")
SVG_NAME = _asset(_SVG, "svg")
PICTURES = {PNG_NAME: _PNG, SVG_NAME: _SVG}


def read_raw(path: str) -> bytes:
    """The raw bytes of a file of the repository."""
    return FILES[path]


def cite(citation_id: str, path: str, first: str, last: str = "") -> Citation:
    """The lines of `path` from the first that holds `first` to the first from there on that holds `last`."""
    lines = split_lines(FILES[path])
    start = next(number for number, line in enumerate(lines, 1) if first.encode() in line)
    end = next(number for number, line in enumerate(lines[start - 1 :], start) if (last or first).encode() in line)
    digest = span_sha256(lines, start, end)
    return Citation(id=citation_id, source_id="s1", path=path, start_line=start, end_line=end, sha256=digest)
