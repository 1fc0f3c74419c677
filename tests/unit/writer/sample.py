"""A small repository of documentation, and briefs made from it."""

from collections.abc import Mapping

from services.modules.cited.brief import ModuleBrief
from services.modules.cited.crossings import Crossings
from services.modules.offline.writer import write_module
from shared.course.audience import Audience
from shared.course.findings import GateReport
from shared.course.gates import check_module
from shared.course.model import Module
from shared.course.reading import GateContext
from shared.docs.reader import read_document
from shared.engine import types
from shared.engine.port import ProjectFacts
from shared.events.base import Level
from shared.kernel.ids import content_id
from tests.support.whole_course import list_said

GUIDE = """# Working with streams

A stream is a log of messages that the server keeps on disk. It lets you read old messages again, which makes a service
easy to repair.

## Creating a stream

A stream needs a name and at least one subject. Use `add_stream` to create it:

```python
import relay

client = relay.connect()
client.add_stream(name="orders", subjects=["orders.*"])
```

The `add_stream` method returns the settings that the server has stored. The `name` parameter identifies the stream on
the server.

```python
subjects = ["orders.new", "orders.paid", "orders.sent", "orders.back"]
print(subjects[1:3])  # ["orders.paid", "orders.sent"]
```

See [the reference](reference.md) for more information.

## Publishing messages

Follow these steps to publish a message for the first time:

1. Connect the client to the server.
2. Choose a subject that the stream listens to.
3. Call `publish` with the subject and the payload.

The `publish` method sends one message and waits for the acknowledgement of the server. This protects against lost
messages.

| Option | Meaning |
| --- | --- |
| `patience` | seconds to wait for the acknowledgement of a message |
| `headers` | names and values that travel beside the payload |
| `stamp` | text by which the server recognises a repeated message |
| `expiry` | hours after which an unread entry goes away |

> **Warning**
> A payload of more than 1 MiB is refused by the server.

## Reading messages

A consumer is a cursor that remembers which messages a service has read. The `subscribe` method creates a consumer and
calls a function for each message. The `fetch` method takes a number of messages at once and returns them as a list.

- `ack_wait`: seconds until the server delivers an unanswered message again.
- `max_deliver`: number of deliveries after which the server gives a message up.
"""

REFERENCE = """# Reference

## Limits

The `max_age` setting removes messages that are older than a number of seconds. The `max_bytes` setting limits the disk
space that a stream takes.

## Storage

The `storage` setting selects the place where the server keeps messages. File storage survives a restart of the machine.
"""

FILES = {"docs/guide.md": GUIDE, "docs/reference.md": REFERENCE}


def make_brief(
    files: dict[str, str] | None = None,
    *,
    level: Level = "intermediate",
    position: int = 0,
    concepts: tuple[types.GraphConcept, ...] = (),
    included: Mapping[str, str] | None = None,
) -> ModuleBrief:
    """The brief of the module at `position`; each file is a module of its own, and may include what is `included`."""
    texts = files or FILES
    parts = {path: text.encode() for path, text in (included or {}).items()}
    ids = {path: content_id("d", "s1", path) for path in texts}
    documents = {ids[path]: read_document(path, text.encode(), parts) for path, text in texts.items()}
    modules = tuple(_plan(document_id, documents[document_id]) for document_id in ids.values())
    pathway = types.Pathway(
        id="p1",
        kind="complete",
        title="All",
        description="",
        complexity_level=level,
        estimated_minutes=1,
        modules=modules,
    )
    module = modules[position]
    by_path = {path: modules[i] for i, path in enumerate(texts)}
    return ModuleBrief(
        audience=Audience(level),
        project=ProjectFacts("Relay"),
        source_id=lambda _: "s1",
        pathway=pathway,
        module=module,
        position=position,
        documents={i: documents[i] for i in module.document_ids},
        analyses={i: _analyse(i, documents[i].title, documents[i].path, level) for i in documents},
        graph=types.ConceptGraph(concepts=concepts),
        raw=lambda path: parts[path] if path in parts else texts[path].encode(),
        find=Crossings(documents, frozenset(texts)).find,
        link=lambda place: f"#{by_path[place.path].id}",
        picture=lambda path: None,
    )


def write(brief: ModuleBrief) -> Module:
    """The module of a brief, in a course that teaches nothing else."""
    return write_module(brief, list_said([brief]))


def _plan(document_id: str, document) -> types.PathwayModule:  # type: ignore[no-untyped-def]
    refs = tuple(
        types.SectionRef(document_id=document_id, section_id=s.id, heading=s.heading) for s in document.sections
    )
    verbs = {"creating": "Create", "publishing": "Publish", "reading": "Handle", "limits": "Set", "storage": "Choose"}
    aims = []
    for section in document.sections:
        first, _, rest = section.heading.lower().partition(" ")
        if section.level == 2:
            aims.append(
                types.LearningObjective(
                    text=f"{verbs.get(first, 'Use')} {rest or first}", bloom="apply", section_id=section.id
                )
            )
    return types.PathwayModule(
        id=content_id("m", *(s.id for s in document.sections)),
        title=document.title,
        description="This module shows how it is done.",
        estimated_minutes=10,
        learning_objectives=tuple(aims),
        sections=refs,
        document_ids=(document_id,),
    )


def _analyse(document_id: str, title: str, path: str, level: Level) -> types.DocumentAnalysis:
    return types.DocumentAnalysis(
        document_id=document_id, source_id="s1", path=path, sha256="", title=title, doc_type="guide",
        complexity_level=level, word_count=100, minutes=1,
    )  # fmt: skip


def make_concept(brief: ModuleBrief, name: str, sentence: str, line: int, heading: str) -> types.GraphConcept:
    """A concept that the guide defines on one line."""
    document_id, document = next(iter(brief.documents.items()))
    section = next(s for s in document.sections if s.heading == heading)
    span = types.Span(path=document.path, start_line=line, end_line=line)
    return types.GraphConcept(
        id=content_id("k", name), name=name, document_id=document_id, section_id=section.id,
        definition=types.CitedSentence(text=sentence, span=span),
    )  # fmt: skip


def check(brief: ModuleBrief, module: Module) -> GateReport:
    """The findings of the gates about a module of the sample."""
    return check_module(
        module, GateContext(raw=brief.raw, known_modules=frozenset(planned.id for planned in brief.pathway.modules))
    )
