"""A course of 25 modules, larger than any screen: what is wide, late or long stands in its fourth module."""

import hashlib
import struct
import zlib

from shared.course.model import Course, Module, PathwayEntry, PathwayModuleEntry
from tests.support.course_fixture import build_course
from tests.support.course_sources import PICTURES, SVG_NAME

MODULES = 25
CONCEPTS = 120
RICH = "modules/04-wide-late-and-long.html"
LAST = "modules/25-your-first-queue-25.html"


def _png(width: int, height: int) -> bytes:
    rows = b"".join(b"\0" + bytes([90, 140, 130]) * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


_PNG = _png(640, 400)
_PNG_NAME = f"assets/{hashlib.sha256(_PNG).hexdigest()}.png"
LONG_PICTURES = PICTURES | {_PNG_NAME: _PNG}

_RICH = f"""## Late

![A picture that comes late]({_PNG_NAME})

The `take` method gives the oldest job and holds a *lease* on it.[^c7]

![A drawing]({SVG_NAME})

When the block ends, the job is removed from the [queue](#mfirst "A queue is an ordered list of jobs.").[^c8]

## Wide

```python cite=c6
queue.put({{"task": "resize", "width": 640, "height": 400, "quality": 85, "format": "webp", "background": "#ffffff"}})
```

```console cite=c4
$ tidepool run --queue jobs.tide \\
    --lease-seconds 30 --attempts 5 --backoff 2.0 --log-level debug --log-format json --metrics-port 9100
a line of an answer that is far longer than any sheet of paper is wide, so that it has to be broken somewhere
```

| option | default | meaning | more |
|:---|---:|:---|:---|
| `lease_seconds` | 30 | how long a worker may hold a job | `{"x" * 90}` |

| option | default |
|:---|---:|
| `attempts` | 5 |

**Bash**[^c4]

- **Lease**: how long a worker may hold a job.[^c7]
  1. First step
     - nested

> **7.1:** A later version may do more.[^c8]

> **Tip: Be quick**[^c8]
>
> Short jobs need short leases.[^c8]

```mermaid cite=c4
graph LR
  put --> take
```

```text cite=c4
{chr(10).join(f"line {number} of an output that goes on" for number in range(1, 61))}
```

## Long

"""


def build_long_course() -> Course:
    """The small course with copies of its first two modules behind it."""
    course = build_course()
    copies = range(len(course.modules) + 1, MODULES + 1)
    modules = [*course.modules, *(_copy(course.modules[1 - number % 2], number) for number in copies)]
    long = "\n\n".join("It is the first thing to look at when work piles up.[^c5]" for _ in range(30))
    second = course.modules[1]
    recall = ["i3", "i6"]
    asked = [item for module in course.modules[:2] for item in module.assessment]
    rich = {
        "title": "Wide, late and long",
        "main_content": f"{_RICH}{long}\n",
        "assessment": [item for item in asked if item.id not in recall],
        "citations": [*course.modules[0].citations, *second.citations],
        "recall": recall,
        "not_taught": second.not_taught,
    }
    modules[3] = _copy(course.modules[0], 4).model_copy(update=rich)
    pathways = [
        _pathway(course.pathways[0], modules),
        _pathway(course.pathways[1], modules[3:5]),
        _pathway(course.pathways[2], modules[::2]),
    ]
    concepts = [
        course.concepts[0].model_copy(
            update={
                "id": f"k{number}",
                "name": f"A concept with a name {number}",
                "module_id": modules[number % MODULES].id,
                "prerequisites": [f"k{number // 2}"] if number else [],
            }
        )
        for number in range(CONCEPTS)
    ]
    return course.model_copy(update={"modules": modules, "pathways": pathways, "concepts": concepts})


def _pathway(like: PathwayEntry, modules: list[Module]) -> PathwayEntry:
    entries = [PathwayModuleEntry(id=one.id, title=one.title, sections=[], document_ids=[]) for one in modules]
    minutes = sum(module.estimated_minutes for module in modules)
    return like.model_copy(update={"modules": entries, "estimated_minutes": minutes})


def _copy(module: Module, number: int) -> Module:
    items = [item.model_copy(update={"id": f"{item.id}-{number}"}) for item in module.assessment]
    changes = {"id": f"m{number}", "order": number, "title": f"{module.title} {number}", "prerequisites": []}
    return module.model_copy(update=changes | {"assessment": items})
