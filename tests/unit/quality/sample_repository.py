"""The sample's repository: three documents in folder `kettle`, and citations of their lines."""

from collections.abc import Mapping
from pathlib import Path

from shared.course.model import Citation
from shared.docs.citations import span_sha256, split_lines
from shared.kernel.errors import NotFound

_FOLDER = Path(__file__).with_name("kettle")
FILES = {name: (_FOLDER / name).read_bytes() for name in ("docs/start.md", "docs/plans.md", "docs/errors.md")}
COMMIT = "1" * 40


def read_raw(path: str, files: Mapping[str, bytes] = FILES) -> bytes:
    """Bytes of a file of the sample repository."""
    if path not in files:
        raise NotFound(f"No file {path}")
    return files[path]


def cite(name: str, path: str, first: str, last: str | None = None) -> Citation:
    """A citation of the lines from the one that begins with `first` to the one that begins with `last`."""
    lines = split_lines(FILES[path])
    texts = [line.decode() for line in lines]
    start = next(i for i, line in enumerate(texts, 1) if line.startswith(first))
    end = next(i for i, line in enumerate(texts, 1) if i >= start and line.startswith(last or first))
    return Citation(
        id=name, source_id="s1", path=path, start_line=start, end_line=end, sha256=span_sha256(lines, start, end)
    )
