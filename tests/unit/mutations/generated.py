"""Courses made by seed over generated repositories: many kinds of sentences, none of them written for a gate."""

from dataclasses import dataclass, field, replace
from random import Random

from shared.course.frame_gates import measure_minutes
from shared.course.model import (
    Citation,
    ConceptEntry,
    Course,
    Item,
    Module,
    Objective,
    Option,
    PathwayEntry,
    PathwayModuleEntry,
    PathwaySection,
)
from shared.course.reading import GateContext, ReadModule
from shared.docs.citations import span_sha256, split_lines
from tests.unit.quality.sample import course as sample_course


def _read(words: str) -> list[str]:
    return words.split()


NOUNS = _read("queue worker broker stream ledger cache parser router tenant bucket cursor shard buffer socket token")
ACTIONS = _read("collects forwards rejects encrypts compresses replays validates stores balances rotates")
THINGS = _read("messages records invoices pictures sessions events packets requests passwords metrics")
OPENINGS = _read("Open Fill Close Press Turn Clean")
MODULES = 5
FACTS = 8
ROWS = 4
LETTERS = "abcdefgh"


@dataclass
class Document:
    """A document with the name of its subject and the texts of its parts."""

    path: str
    subject: str
    facts: list[str]
    terms: list[str]
    rows: list[tuple[str, str]]
    steps: list[str]
    hints: list[str]
    code: list[str]
    text: str = ""

    @property
    def headings(self) -> list[str]:
        """The headings of its sections in order."""
        name = self.subject
        return [f"Part {name}", f"Options of the {name}", f"Set up the {name}", f"Run the {name}", f"Mend the {name}"]


@dataclass
class Generated:
    """A course and the files it cites."""

    course: Course
    files: dict[str, bytes]
    names: list[str] = field(default_factory=list)


def _make_fact(random: Random, subject: str, number: int) -> tuple[str, str]:
    """A sentence and the string in it that is right or wrong, in one of several shapes."""
    noun, action, thing = random.choice(NOUNS), random.choice(ACTIONS), random.choice(THINGS)
    base = f"{random.choice(NOUNS)}_{random.choice(THINGS)}{number}"
    name = base.title().replace("_", "")
    shapes = [
        (f"The {subject} {noun} {action} {thing} with `{base}`.", f"`{base}`"),
        (f"Pass --{base.replace('_', '-')} and the {noun} {action} {thing}.", f"--{base.replace('_', '-')}"),
        (f"Each {subject} {noun} {action} {number + 17} {thing} per minute.", str(number + 17)),
        (f"The file /etc/{subject}/{base}.toml names {thing} that the {noun} {action}.", f"/etc/{subject}/{base}.toml"),
        (f"Since version {number}.{number + 3}.1 the {subject} {action} {thing}.", f"{number}.{number + 3}.1"),
        (f"The {noun} answers “{thing} of {base}” when the {subject} {action} nothing.", f"“{thing} of {base}”"),
        (f"A {subject} {noun} {action} {thing} for {random.choice(NOUNS)} and {random.choice(NOUNS)}.", noun),
        (f"The class {name} of {subject} {action} {thing}.", name),
    ]
    return shapes[number % len(shapes)]


def _make_document(random: Random, index: int) -> Document:
    subject = f"{NOUNS[index]}ry"
    made = [_make_fact(random, subject, index * FACTS + i) for i in range(FACTS)]
    needs = f"The {subject} needs the {NOUNS[index - 1]}ry." if index else f"The {subject} needs nothing else."
    actions = random.sample(ACTIONS, ROWS)
    things = random.sample(THINGS, ROWS)
    rows = [
        (f"`{NOUNS[index]}_{noun}`", f"The {subject} {action} {thing} of the {noun}.")
        for noun, action, thing in zip(random.sample(NOUNS[6:], ROWS), actions, things, strict=True)
    ]
    steps = [
        f"{verb} the {random.choice(NOUNS)} of the {thing}." for verb, thing in zip(OPENINGS, things, strict=False)
    ]
    hints = [f"A {random.choice(NOUNS)} of the {subject} {a} {random.choice(THINGS)}." for a in actions]
    code = [f"{random.choice(ACTIONS)}_{n}({n + index * 10}, {random.choice(THINGS)!r})" for n in range(4)]
    facts = [needs, *(text for text, _ in made)]
    document = Document(f"docs/part{index}.md", subject, facts, [t for _, t in made], rows, steps, hints, code)
    document.text = _write(document)
    return document


def _write(made: Document) -> str:
    first, options, start, run, mend = made.headings
    lines = [f"# {first}", "", *made.facts[:3], "", f"## {options}", "", "| option | meaning |", "|---|---|"]
    lines += [f"| {name} | {meaning} |" for name, meaning in made.rows]
    lines += ["", f"## {start}", "", *(f"{i}. {step}" for i, step in enumerate(made.steps, 1))]
    lines += ["", f"## {run}", "", made.facts[3], made.facts[4], "", "```python", *made.code, "```", ""]
    lines += [*(f"- {hint}" for hint in made.hints), "", f"## {mend}", "", *made.facts[5:], ""]
    return "\n".join(lines)


class Citing:
    """Makes the citations of a module from the lines that begin with a text."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._lines = split_lines(document.text.encode())
        self.made: dict[str, Citation] = {}

    def __call__(self, first: str, last: str = "") -> str:
        """The id of a citation of the lines from the one that holds `first` to the one that holds `last`."""
        texts = [line.decode() for line in self._lines]
        start = next(i for i, line in enumerate(texts, 1) if first in line)
        end = next(i for i, line in enumerate(texts, 1) if i >= start and (last or first) in line)
        digest = span_sha256(self._lines, start, end)
        name = f"c{digest[:10]}"
        self.made[name] = Citation(
            id=name, source_id="s1", path=self._document.path, start_line=start, end_line=end, sha256=digest
        )
        return name


def _mark(texts: list[str], cite: Citing) -> list[str]:
    return [f"{text}[^{cite(text)}]" for text in texts]


def _write_lesson(made: Document, cite: Citing) -> str:
    _, options, start, run, mend = made.headings
    rows = "\n".join(f"| {name} | {meaning} [^{cite(name)}] |" for name, meaning in made.rows)
    steps = "\n".join(f"{i}. {step}" for i, step in enumerate(_mark(made.steps, cite), 1))
    hints = "\n".join(f"- {hint}" for hint in _mark(made.hints, cite))
    code = f"```python cite={cite(made.code[0], made.code[-1])}\n" + "\n".join(made.code) + "\n```"
    return "\n\n".join(
        [
            f"## {options}\n\n| option | meaning |\n|---|---|\n{rows}",
            f"## {start}\n\n{steps}",
            f"## {run}\n\n{' '.join(_mark(made.facts[3:5], cite))}\n\n{code}\n\n{hints}",
            f"## {mend}\n\n{' '.join(_mark(made.facts[5:], cite))}",
        ]
    )


def _make_items(random: Random, index: int, made: Document, cite: Citing) -> list[Item]:
    """Items of four forms, each about something else, and one that asks for a word."""
    rows = random.sample(made.rows, ROWS)
    by_length = sorted(rows, key=lambda row: (len(row[1]), row[1]))
    name, meaning = random.choice(by_length[:-1])
    effects = [Option(id=LETTERS[i], text=m, citation_ids=[cite(n)]) for i, (n, m) in enumerate(by_length)]
    steps = sorted(made.steps)
    ids = {step: LETTERS[i] for i, step in enumerate(steps)}
    halves = [Option(id=LETTERS[i], text=n, citation_ids=[cite(n)]) for i, (n, _) in enumerate(rows[:3])]
    halves += [Option(id=f"{LETTERS[i]}2", text=m, citation_ids=[cite(n)]) for i, (n, m) in enumerate(rows[:3])]
    pairs = [[LETTERS[i], f"{LETTERS[i]}2"] for i in range(3)]
    term = made.terms[5].strip("`“”")
    fact = made.facts[6]
    common = {"objective_ids": [f"o{index}"], "bloom": "understand"}
    return [
        Item(
            id=f"i{index}effect", kind="single_choice", form="what_happens", options=effects,
            stem=f"Somebody sets {name}. What happens?", key=[o.id for o in effects if o.text == meaning],
            explanation=meaning, citation_ids=[cite(name)], **common,
        ),
        Item(
            id=f"i{index}order", kind="ordering", form="order", stem=f"Put the steps of the {made.subject} in order.",
            options=[Option(id=ids[step], text=step) for step in steps], key=[[ids[step] for step in made.steps]],
            explanation=made.steps[0], citation_ids=[cite(made.steps[0], made.steps[-1])],
            objective_ids=[f"o{index}setup"], bloom="apply",
        ),
        Item(
            id=f"i{index}match", kind="matching", form="match", options=halves, key=pairs,
            stem=f"Match each option of the {made.subject} with its meaning.", explanation=rows[0][1],
            citation_ids=[cite(made.rows[0][0], made.rows[-1][0])], **common,
        ),
        Item(
            id=f"i{index}gap", kind="cloze", form="other", stem=f"Complete the sentence: {fact.replace(term, '____')}",
            options=[], key=[term], explanation=fact, citation_ids=[cite(fact)], **common,
        ),
    ]  # fmt: skip


def _make_module(random: Random, index: int, made: Document) -> Module:
    cite = Citing(made)
    lesson = _write_lesson(made, cite)
    items = _make_items(random, index, made, cite)
    module = Module(
        id=f"m{index}", order=index + 1, title=f"Part {made.subject}", description="A part of the whole.",
        estimated_minutes=5, status="complete", problems=[],
        objectives=[
            Objective(id=f"o{index}", text=f"Explain the options of the {made.subject}", bloom="understand"),
            Objective(id=f"o{index}setup", text=f"Set up the {made.subject}", bloom="apply"),
        ],
        prerequisites=[f"m{index - 1}"] if index else [], document_ids=[f"d{index}"],
        introduction=" ".join(_mark(made.facts[:3], cite)), main_content=lesson,
        conclusion=f"{made.facts[4]}[^{cite(made.facts[4])}]",
        summary="\n".join(f"- {text}" for text in _mark([made.facts[3], made.facts[7]], cite)),
        assessment=items, citations=list(cite.made.values()),
    )  # fmt: skip
    rule = measure_minutes(ReadModule(module, GateContext(raw=lambda _: made.text.encode())))
    return module.model_copy(update={"estimated_minutes": max(1, round(rule))})


def generate(seed: int) -> Generated:
    """A course of five modules, equal for equal seeds."""
    random = Random(seed)
    documents = [_make_document(random, index) for index in range(MODULES)]
    modules = [_make_module(random, index, made) for index, made in enumerate(documents)]
    base = sample_course()
    entries = [
        replace(base.documents[0], id=f"d{index}", path=made.path, title=f"Part {made.subject}")
        for index, made in enumerate(documents)
    ]
    update = {
        "documents": entries,
        "modules": modules,
        "concepts": [_make_concept(index, made, modules[index]) for index, made in enumerate(documents)],
        "pathways": _make_pathways(modules, documents),
    }
    files = {made.path: made.text.encode() for made in documents}
    return Generated(base.model_copy(update=update), files, [term for made in documents for term in made.terms])


def _make_concept(index: int, made: Document, module: Module) -> ConceptEntry:
    citation = next(c for c in module.citations if c.start_line == 3)
    return ConceptEntry(
        id=f"k{index}", name=made.subject, module_id=f"m{index}", prerequisites=[f"k{index - 1}"] if index else [],
        home=PathwaySection(document_id=f"d{index}", heading=made.headings[0]), citation=citation,
    )  # fmt: skip


def _make_pathways(modules: list[Module], documents: list[Document]) -> list[PathwayEntry]:
    base = sample_course().pathways[0]
    entries = [
        PathwayModuleEntry(
            id=module.id, title=module.title, document_ids=module.document_ids,
            sections=[PathwaySection(document_id=module.document_ids[0], heading=h) for h in made.headings],
        )
        for module, made in zip(modules, documents, strict=True)
    ]  # fmt: skip
    cuts = (("complete", entries), ("quickstart", entries[:2]), ("reference", entries[2:]))
    return [
        base.model_copy(update={"id": f"w-{kind}", "kind": kind, "modules": cut, "selected": kind == "complete"})
        for kind, cut in cuts
    ]
