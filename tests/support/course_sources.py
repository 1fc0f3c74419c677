"""The repository behind the small course, held in memory: documents, pictures, and citations of their lines."""

import hashlib

from shared.course.model import Citation
from shared.docs.citations import span_sha256, split_lines

_START = """# Tidepool

Tidepool is a small queue that lives in one file.
It needs no server, and it survives a crash of the process that writes to it.

## Install

Install it with `pip install tidepool`. Python 3.10 or later is required.

```console
$ pip install tidepool
$ tidepool --version
tidepool 2.4.0
```

## A first queue

A *queue* is an ordered list of jobs. A **job** is a plain dictionary.

```python
from tidepool import Queue

queue = Queue("jobs.tide")
queue.put({"task": "resize", "width": 640})

with queue.take() as job:
    print(job["task"])  # resize
```

The `take` method gives the oldest job and holds a *lease* on it.
When the block ends, the job is removed. If the block raises, the job goes back.
"""

_LEASES = """# Leases and retries

A lease is a promise that a worker makes: the job is mine for `lease_seconds`, 30 by default.
A job whose lease runs out is offered again.

| option | default | meaning |
|:---|---:|:---|
| `lease_seconds` | 30 | how long a worker may hold a job |
| `attempts` | 5 | how often a job is offered before it is set aside |
| `backoff` | 2.0 | the factor between two waits |

> A lease that is shorter than the work makes two workers do the same job.

To move to longer leases:

1. Stop the workers.
2. Set `lease_seconds` in `tidepool.toml`.
3. Run `tidepool check`.
4. Start the workers.

Ein Auftrag heißt hier „Job“, 作业 ist dasselbe, и это тоже очередь.
"""

_ADMIN = """Command line
============

``tidepool stats`` prints the length of the queue.

``tidepool dead`` lists the jobs that were set aside. ``tidepool dead --again`` puts them back.
"""

FILES: dict[str, bytes] = {
    "docs/start.md": _START.encode(),
    "docs/leases.md": _LEASES.encode(),
    "docs/admin.rst": _ADMIN.encode(),
}

_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763d8b061030004be01fc"
    "9a7dcd6d0000000049454e44ae426082"
)
_SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 96" width="320" height="96">'
    b"<script>alert(1)</script>"
    b'<g fill="none" stroke="#0d6b5e" stroke-width="2"><rect x="8" y="24" width="72" height="48" rx="6"/>'
    b'<rect x="124" y="24" width="72" height="48" rx="6"/><rect x="240" y="24" width="72" height="48" rx="6"/>'
    b'<path d="M80 48h44M196 48h44" onclick="alert(2)"/></g>'
    b'<g font-family="sans-serif" font-size="14" text-anchor="middle" fill="#4a5a57">'
    b'<text x="44" y="53">put</text><text x="160" y="53">lease</text><text x="276" y="53">done</text></g></svg>'
)


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
