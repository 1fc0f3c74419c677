"""Courses made by seed over generated repositories: many kinds of sentences, none of them written for a gate."""

from dataclasses import dataclass, field, replace
from random import Random

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
from shared.docs.citations import span_sha256, split_lines
from tests.unit.quality.sample import course as sample_course


def _read(words: str) -> list[str]:
    return words.split()


NOUNS = _read("queue worker broker stream ledger cache parser router tenant bucket cursor shard buffer socket token")
ACTIONS = _read("collects forwards rejects encrypts compresses replays validates stores balances rotates")
THINGS = _read("messages records invoices pictures sessions events packets requests passwords metrics")
MODULES = 4
SENTENCES = 9


@dataclass
class Fact:
    """A sentence of a document with its citation and the string in it that is right or wrong."""

    text: str
    term: str
    citation: Citation


@dataclass
class Generated:
    """A course and the files it cites."""

    course: Course
    files: dict[str, bytes]
    names: list[str] = field(default_factory=list)


def _make_sentence(random: Random, subject: str, number: int, names: list[str]) -> tuple[str, str]:
    """A sentence and its term, in one of several shapes."""
    noun, action, thing = random.choice(NOUNS), random.choice(ACTIONS), random.choice(THINGS)
    base = f"{random.choice(NOUNS)}_{random.choice(THINGS)}{number}"
    shapes = [
        (f"The {subject} {noun} {action} {thing} with `{base}`.", f"`{base}`"),
        (f"Pass --{base.replace('_', '-')} and the {noun} {action} {thing}.", f"--{base.replace('_', '-')}"),
        (f"Each {subject} {noun} {action} {number + 17} {thing} per minute.", str(number + 17)),
        (f"The file /etc/{subject}/{base}.toml names {thing} that the {noun} {action}.", f"/etc/{subject}/{base}.toml"),
        (
            f"Since version {number}.{number + 3}.1 the {noun} of {subject} {action} {thing}.",
            f"{number}.{number + 3}.1",
        ),
        (f"The {noun} answers “{thing} of {base}” when the {subject} {action} nothing.", f"“{thing} of {base}”"),
        (f"A {subject} {noun} {action} {thing} for {random.choice(NOUNS)} and {random.choice(NOUNS)}.", noun),
        (f"The class {base.title().replace('_', '')} of {subject} {action} {thing}.", base.title().replace("_", "")),
    ]
    text, term = shapes[number % len(shapes)]
    names.append(term)
    return text, term


def _make_document(random: Random, index: int, names: list[str]) -> tuple[str, list[tuple[str, str]], str]:
    subject = f"{NOUNS[index]}ry"
    facts = [_make_sentence(random, subject, index * SENTENCES + i, names) for i in range(SENTENCES)]
    code = "\n".join(f"{random.choice(ACTIONS)}_{n}({n + index * 10}, {random.choice(THINGS)!r})" for n in range(4))
    lines = [f"# Part {subject}", ""]
    for i, (text, _) in enumerate(facts):
        if i % 3 == 0:
            lines += ["", f"## About {subject} in {['starting', 'working', 'mending'][i // 3]}", ""]
        lines += [text, ""] if i % 2 else [text]
    lines += ["", "```python", *code.split("\n"), "```", ""]
    return "\n".join(lines), facts, code


def _cite(path: str, data: bytes, first: str, last: str) -> Citation:
    lines = split_lines(data)
    texts = [line.decode() for line in lines]
    start, end = texts.index(first) + 1, texts.index(last) + 1
    digest = span_sha256(lines, start, end)
    name = f"c{digest[:10]}"
    return Citation(id=name, source_id="s1", path=path, start_line=start, end_line=end, sha256=digest)


def _make_items(random: Random, index: int, facts: list[Fact], names: list[str]) -> list[Item]:
    """A choice, a cloze, a true/false item and a short answer, each about a fact of its own."""
    items: list[Item] = []
    for kind, fact in zip(("single_choice", "cloze", "true_false", "short_answer"), facts, strict=False):
        gapped = fact.text.replace(fact.term, "____")
        options: list[Option] = []
        key = [fact.term.strip("`")]
        stem = f"Complete the sentence: {gapped}"
        if kind == "single_choice":
            others = random.sample([n for n in names if n not in fact.text], 3)
            texts = sorted([*others, fact.term], key=lambda text: (len(text), text))
            options = [Option(id="abcd"[i], text=text) for i, text in enumerate(texts)]
            key = ["abcd"[texts.index(fact.term)]]
            stem = f"What fits the gap of part {index}? {gapped}"
        elif kind == "true_false":
            options = [Option(id="t", text="True"), Option(id="f", text="False")]
            key = ["t"] if index % 2 else ["f"]
            other = next(n for n in names if (n not in fact.text and n[0] == fact.term[0]) or n[0] not in fact.text)
            stem = f"True or false: {fact.text if index % 2 else fact.text.replace(fact.term, other)}"
        items.append(
            Item(
                id=f"i{index}{kind}", kind=kind, stem=stem, options=options, key=key,
                explanation=fact.text, objective_ids=[f"o{index}"], bloom="understand", citation_ids=[fact.citation.id],
            )
        )  # fmt: skip
    return items


def _make_module(random: Random, index: int, facts: list[Fact], code: Citation, text: str, names: list[str]) -> Module:
    marked = [f"{fact.text}[^{fact.citation.id}]" for fact in facts]
    return Module(
        id=f"m{index}", order=index + 1, title=f"Part {NOUNS[index]}", description="A part of the whole.",
        estimated_minutes=5, status="complete", problems=[],
        objectives=[Objective(id=f"o{index}", text="Explain what the part does", bloom="understand")],
        prerequisites=[f"m{index - 1}"] if index else [], document_ids=[f"d{index}"],
        introduction=" ".join(marked[:3]),
        main_content=f"## Working\n\n{marked[3]}\n\n- {marked[4]}\n- {marked[5]}\n\n"
        f"## Mending\n\n{' '.join(marked[6:])}\n\n```python cite={code.id}\n{text}\n```",
        conclusion=marked[7], summary=f"- {marked[8]}", assessment=_make_items(random, index, facts, names),
        citations=[*(fact.citation for fact in facts), code],
    )  # fmt: skip


def generate(seed: int) -> Generated:
    """A course of four modules, equal for equal seeds."""
    random = Random(seed)
    names: list[str] = []
    drafts = [_make_document(random, index, names) for index in range(MODULES)]
    files = {f"docs/part{index}.md": text.encode() for index, (text, _, _) in enumerate(drafts)}
    modules, concepts = [], []
    for index, (path, data) in enumerate(files.items()):
        _, sentences, code = drafts[index]
        facts = [Fact(text, term, _cite(path, data, text, text)) for text, term in sentences]
        lines = code.split("\n")
        modules.append(_make_module(random, index, facts, _cite(path, data, lines[0], lines[-1]), code, names))
        needs = [f"k{index - 1}"] if index else []
        concepts.append(
            ConceptEntry(
                id=f"k{index}", name=f"{NOUNS[index]}ry", module_id=f"m{index}", prerequisites=needs,
                citation=facts[0].citation,
            )
        )  # fmt: skip
    base = sample_course()
    documents = [replace(base.documents[0], id=f"d{index}", path=path) for index, path in enumerate(files)]
    update = {"documents": documents, "modules": modules, "concepts": concepts, "pathways": _make_pathways(modules)}
    return Generated(base.model_copy(update=update), files, names)


def _make_pathways(modules: list[Module]) -> list[PathwayEntry]:
    base = sample_course().pathways[0]
    entries = [
        PathwayModuleEntry(
            id=module.id, title=module.title, document_ids=module.document_ids,
            sections=[PathwaySection(document_id=module.document_ids[0], heading=h) for h in ("Working", "Mending")],
        )
        for module in modules
    ]  # fmt: skip
    cuts = (entries, entries[:2], entries[2:])
    return [base.model_copy(update={"id": f"w{i}", "modules": cut, "selected": i == 0}) for i, cut in enumerate(cuts)]
