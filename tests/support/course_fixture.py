"""A small course with everything in it that a course can have, over a repository held in memory."""

import hashlib
from typing import Any

from shared.course.audience import Audience
from shared.course.model import (
    Citation,
    ConceptEntry,
    Course,
    DocumentEntry,
    EngineInfo,
    Item,
    Licence,
    Module,
    NotTaught,
    Objective,
    Option,
    PathwayEntry,
    PathwayModuleEntry,
    PathwaySection,
    Source,
)
from tests.support.course_sources import FILES, SVG_NAME, cite

COMMIT = "3f2a9c1d5b7e8f60412233445566778899aabbcc"
SOURCE = Source(
    id="s1",
    url="https://github.com/example/tidepool",
    ref="main",
    commit=COMMIT,
    licence=Licence(spdx="MIT", path="LICENSE", sharing="allowed"),
)


def _options(*texts: str) -> list[Option]:
    return [Option(id=f"o{position}", text=text) for position, text in enumerate(texts, start=1)]


def _first_module() -> Module:
    return Module(
        id="mfirst",
        order=1,
        title="Your first queue",
        description="Install Tidepool, put a job into a queue, and take it out again.",
        estimated_minutes=12,
        status="complete",
        problems=[],
        objectives=[
            Objective(id="ob1", text="Explain what a *job* is", bloom="understand"),
            Objective(id="ob2", text="Use `Queue.put` and `Queue.take` to hand over work", bloom="apply"),
        ],
        prerequisites=[],
        document_ids=["d1"],
        introduction=(
            "In this module you put a first job into a queue. Tidepool is a small queue that lives in one file.[^c1] "
            "It needs no server, and it survives a crash of the process that writes to it.[^c2]\n"
        ),
        main_content=f"""## Install it

Install it with `pip install tidepool`.[^c3] Python 3.10 or later is required.[^c3]

```console cite=c4
$ pip install tidepool
$ tidepool --version
tidepool 2.4.0
```

## Put and take

A *queue* is an ordered list of jobs. A **job** is a plain dictionary.[^c5]

```python cite=c6
queue = Queue("jobs.tide")
queue.put({{"task": "resize", "width": 640}})

with queue.take() as job:
    print(job["task"])  # resize
```

![A job is put, leased, and done]({SVG_NAME})

### What the block does

- The `take` method gives the oldest job and holds a *lease* on it.[^c7]
- When the block ends, the job is removed. If the block raises, the job goes back.[^c8]

The next module, [Leases and retries](#mleases), says more. See [Put and take](#put-and-take) again, or read
[the project's page](https://example.org/tidepool).

1. First write it:

   ```python cite=c6 adapted
   queue.put({{"task": "rotate"}})
   ```
2. Then take it.
""",
        conclusion="Now you can hand work from one process to another.\n",
        summary="- **Job**: a plain dictionary.[^c5]\n- **Queue**: an ordered list of jobs.[^c5]\n",
        assessment=[
            Item(
                id="i1",
                kind="single_choice",
                stem="Which call puts a job into a queue?",
                options=[
                    Option(
                        id="o1", text="`queue.take()`", feedback="No: it gives the oldest job.", citation_ids=["c7"]
                    ),
                    Option(
                        id="o2",
                        text="`queue.put(...)`",
                        feedback="Right: the example puts a `resize` job.",
                        citation_ids=["c6"],
                    ),
                    Option(id="o3", text="`tidepool dead`"),
                ],
                key=["o2"],
                explanation="The example calls `queue.put` with the job.",
                form="fill_call",
                objective_ids=["ob2"],
                bloom="apply",
                citation_ids=["c6"],
            ),
            Item(
                id="i2",
                kind="true_false",
                stem="Tidepool needs a server.",
                options=_options("True", "False"),
                key=["o2"],
                explanation="It needs no server.",
                objective_ids=["ob1"],
                bloom="remember",
                citation_ids=["c2"],
            ),
            Item(
                id="i3",
                kind="cloze",
                stem="Complete the sentence: A job is a plain ____.",
                options=[],
                key=["dictionary", "dict"],
                explanation="A job is a plain dictionary.",
                objective_ids=["ob1"],
                bloom="remember",
                citation_ids=["c5"],
            ),
            Item(
                id="i4",
                kind="single_choice",
                stem="What does the last line of this program print?\n\n```python cite=c6\nwith queue.take() as job:\n"
                '    print(job["task"])  # resize\n```',
                options=_options("`640`", "`resize`", "`width`"),
                key=["o2"],
                form="predict_output",
                explanation="The comment says it: `resize`.",
                objective_ids=["ob2"],
                bloom="apply",
                citation_ids=["c6"],
            ),
        ],
        citations=[
            cite("c1", "docs/start.md", "lives in one file"),
            cite("c2", "docs/start.md", "It needs no server"),
            cite("c3", "docs/start.md", "Install it with"),
            cite("c4", "docs/start.md", "$ pip install", "tidepool 2.4.0"),
            cite("c5", "docs/start.md", "A *queue* is"),
            cite("c6", "docs/start.md", "from tidepool import Queue", "# resize"),
            cite("c7", "docs/start.md", "The `take` method"),
            cite("c8", "docs/start.md", "When the block ends"),
        ],
    )


def _second_module() -> Module:
    return Module(
        id="mleases",
        order=2,
        title="Leases & retries <safely>",
        description="Choose a lease that is long enough, and know what happens when it is not.",
        estimated_minutes=18,
        status="complete",
        problems=[],
        objectives=[
            Objective(id="ob3", text="Choose `lease_seconds` for the work at hand", bloom="apply"),
            Objective(id="ob4", text="Describe what happens when a lease runs out", bloom="understand"),
        ],
        prerequisites=["mfirst"],
        document_ids=["d2"],
        introduction=(
            "A worker may die in the middle of a job. "
            'A [job](#mfirst "A job is a plain dictionary.") whose lease runs out is offered again.[^c11] '
            "This builds on [Your first queue](#mfirst).\n"
        ),
        main_content="""## What a lease is

A lease is a promise that a worker makes: the job is mine for `lease_seconds`, 30 by default.[^c10]

> **Warning:** A lease that is shorter than the work makes two workers do the same job.[^c13]

> **Note:** Ein Auftrag heißt hier „Job“, 作业 ist dasselbe, и это тоже очередь.[^c15]

> A plain quotation stays a quotation.

## The options

| option | default | meaning |
|:---|---:|:---|
| `lease_seconds` | 30 | how long a worker may hold a job |
| `attempts` | 5 | how often a job is offered before it is set aside |
| `backoff` | 2.0 | the factor between two waits |

[^c12]

## Move to longer leases

1. Stop the workers.
2. Set `lease_seconds` in `tidepool.toml`.
3. Run `tidepool check`.
4. Start the workers.[^c14]

## The options

A second heading of the same name gets a number of its own.
""",
        conclusion="You know what a lease promises, and what it cannot.[^c10]\n",
        summary="- A lease is a promise.[^c10]\n- A job whose lease runs out is offered again.[^c11]\n",
        assessment=[
            Item(
                id="i5",
                kind="ordering",
                stem="Put the steps to longer leases in order.",
                options=_options(
                    "Run `tidepool check`", "Stop the workers", "Start the workers", "Set `lease_seconds`"
                ),
                key=[["o2", "o4", "o1", "o3"], ["o2", "o1", "o4", "o3"]],
                explanation="The documentation lists the four steps.",
                form="order",
                objective_ids=["ob3"],
                bloom="apply",
                citation_ids=["c14"],
            ),
            Item(
                id="i6",
                kind="multiple_choice",
                stem="Which options concern what happens after a failure?",
                options=_options("`attempts`", "`backoff`", "`width`", "`task`"),
                key=["o1", "o2"],
                explanation="`attempts` bounds the offers and `backoff` spaces them.",
                objective_ids=["ob4"],
                bloom="analyze",
                citation_ids=["c12"],
            ),
            Item(
                id="i7",
                kind="short_answer",
                stem="What is the default of `lease_seconds`?",
                options=[],
                key=["30", "30 seconds"],
                explanation="30 by default.",
                objective_ids=["ob3"],
                bloom="remember",
                citation_ids=["c10"],
            ),
            Item(
                id="i8",
                kind="matching",
                stem="Match each option with what it sets.",
                options=[
                    Option(
                        id="o1", text="`lease_seconds`", feedback="It bounds a worker's hold.", citation_ids=["c12"]
                    ),
                    Option(id="o2", text="`attempts`"),
                    Option(id="o3", text="`backoff`"),
                    Option(id="o4", text="the factor between two waits"),
                    Option(id="o5", text="how long a worker may hold a job"),
                    Option(id="o6", text="how often a job is offered"),
                ],
                key=[["o1", "o5"], ["o2", "o6"], ["o3", "o4"]],
                explanation="The table of options says it.",
                form="match",
                objective_ids=["ob4"],
                bloom="understand",
                citation_ids=["c12"],
            ),
        ],
        recall=["i1"],
        not_taught=[
            NotTaught(document_id="d3", heading="Command line", reason="for the project's makers"),
            NotTaught(document_id="d2", heading="Leases and retries > History", reason="an older version"),
            NotTaught(document_id="d2", heading="Workers", reason="told in “Start”", told_in="mfirst"),
        ],
        citations=[
            cite("c10", "docs/leases.md", "A lease is a promise"),
            cite("c11", "docs/leases.md", "A job whose lease"),
            cite("c12", "docs/leases.md", "| option", "`backoff`"),
            cite("c13", "docs/leases.md", "> A lease"),
            cite("c14", "docs/leases.md", "1. Stop", "4. Start"),
            cite("c15", "docs/leases.md", "Ein Auftrag"),
        ],
    )


def _third_module() -> Module:
    paragraphs = "\n\n".join(
        f"## Part {number}\n\nThe command `tidepool stats` prints the length of the queue.[^c20] "
        "It is the first thing to look at when work piles up."
        for number in range(1, 9)
    )
    return Module(
        id="madmin",
        order=3,
        title="作业と運用",
        description="A module whose title has no Latin letter in it.",
        estimated_minutes=95,
        status="incomplete",
        problems=["The document shows no code."],
        objectives=[],
        prerequisites=["mfirst", "mleases"],
        document_ids=["d3"],
        introduction="",
        main_content=f"{paragraphs}\n",
        conclusion="",
        summary="- `tidepool dead` lists the jobs that were set aside.[^c21]\n",
        assessment=[],
        citations=[
            cite("c20", "docs/admin.rst", "tidepool stats"),
            cite("c21", "docs/admin.rst", "tidepool dead"),
            cite("c22", "docs/admin.rst", "Command line", "===="),
        ],
    )


def _document(number: int, path: str, title: str, *, reason: str = "", problem: str = "") -> DocumentEntry:
    data = FILES.get(path, b"")
    return DocumentEntry(
        id=f"d{number}",
        source_id="s1",
        path=path,
        title=title,
        doc_type="guide",
        complexity_level="beginner",
        word_count=len(data.split()),
        sha256=hashlib.sha256(data).hexdigest(),
        used=not reason,
        reason=reason,
        problems=[problem] if problem else [],
    )


def _concept(name: str, module_id: str | None, citation: Citation, *needs: str, gloss: str = "") -> ConceptEntry:
    return ConceptEntry(
        id=f"k{name.lower()}",
        name=name,
        gloss=gloss,
        home=PathwaySection(document_id="d1", heading="Put and take") if gloss else None,
        module_id=module_id,
        prerequisites=list(needs),
        signs={need: ["named at its home", "linked from it"] for need in needs},
        citation=citation,
    )


def _pathway(kind: str, modules: list[Module], *, selected: bool) -> PathwayEntry:
    return PathwayEntry(
        id=f"p{kind}",
        kind=kind,
        title={"complete": "Everything, in order", "quickstart": "The first hour", "task": "One task"}[kind],
        description="A way through the documentation.",
        complexity_level="beginner",
        estimated_minutes=sum(module.estimated_minutes for module in modules),
        prerequisites=["A little Python"],
        selected=selected,
        modules=[
            PathwayModuleEntry(
                id=module.id,
                title=module.title,
                sections=[PathwaySection(document_id=module.document_ids[0], heading=module.title)],
                document_ids=module.document_ids,
            )
            for module in modules
        ],
    )


def _quality() -> dict[str, Any]:
    share = {"value": 0.9706, "numerator": 33, "denominator": 34, "target": ">= 85 %", "ok": True}
    return {
        "Q1": {"resolving": share | {"what": "Citations whose lines exist at the commit, unchanged", "ok": False}},
        "Q2": {
            "cited": share | {"what": "Sentences, list items and table rows with a citation"},
            "uncited_claims": {"what": "Uncited ones that are no signposts", "value": 1, "target": "few", "ok": None},
        },
    }


def build_course() -> Course:
    """The course; every call gives an equal one."""
    modules = [_first_module(), _second_module(), _third_module()]
    return Course(
        course_key="5f0c9d2e-0d1b-5f0c-9d2e-0d1b8f0c7a11",
        edition="e" * 64,
        title="Learn Tidepool",
        description="Queues that live in one file: put work in, take it out, and lose none of it.",
        language="en",
        sources=[SOURCE],
        engine=EngineInfo(name="offline", model="", version="1", prompt_version=""),
        audience=Audience(complexity_level="beginner", additional_info="Made for a team that moves off cron."),
        documents=[
            _document(1, "docs/start.md", "Tidepool"),
            _document(2, "docs/leases.md", "Leases and retries"),
            _document(3, "docs/admin.rst", "Command line", problem="line 9: the directive '<b>' was left out"),
            _document(4, "CHANGES.md", "Changes", reason="changelog"),
        ],
        concepts=[
            _concept(
                "Job", "mfirst", cite("c5", "docs/start.md", "A *queue* is"), gloss="A job is a plain dictionary."
            ),
            _concept(
                "Queue",
                "mfirst",
                cite("c5", "docs/start.md", "A *queue* is"),
                "kjob",
                gloss="A queue is an ordered list of jobs.",
            ),
            _concept("Lease", "mleases", cite("c10", "docs/leases.md", "A lease is a promise"), "kjob"),
            _concept("Dead", None, cite("c21", "docs/admin.rst", "tidepool dead")),
        ],
        pathways=[
            _pathway("complete", modules, selected=True),
            _pathway("quickstart", modules[:1], selected=False),
            _pathway("task", modules[1:2], selected=False),
        ],
        modules=modules,
        quality=_quality(),
    )
