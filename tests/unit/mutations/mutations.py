"""Seeded mutations of a course: each makes it untrue in one place; None means that there was nothing to mutate."""

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random

from shared.course.anchors import find_anchors
from shared.course.basis import Basis, with_label
from shared.course.field_text import read_module
from shared.course.model import Course, Item, Module
from shared.course.plain_text import show_plain
from shared.course.statements import Statement
from shared.docs.citations import span_sha256, split_lines

from .generated import Generated

ADDED: tuple[Basis, ...] = ("scene", "worked", "language")
Mutation = Callable[[Generated, Random], Course | None]


def replace_module(course: Course, module: Module) -> Course:
    """The course with a module changed."""
    return course.model_copy(update={"modules": [module if m.id == module.id else m for m in course.modules]})


def _replace_text(course: Course, module: Module, statement: Statement, text: str) -> Course:
    before = getattr(module, statement.where)
    after = before.replace(statement.source, text, 1)
    assert after != before
    return replace_module(course, module.model_copy(update={statement.where: after}))


def _pick_statement(made: Generated, random: Random, kinds: set[str]) -> tuple[Module, Statement, str] | None:
    found = [
        (module, statement, anchor.text)
        for module in made.course.modules
        for text in read_module(module)
        for statement in text.statements
        if statement.kind != "table_row"
        for anchor in find_anchors(statement.text)
        if anchor.kind in kinds and statement.citation_ids
    ]
    return random.choice(found) if found else None


def change_number(made: Generated, random: Random) -> Course | None:
    """Another number in a cited sentence."""
    picked = _pick_statement(made, random, {"number"})
    if picked is None:
        return None
    module, statement, number = picked
    digits = re.findall(r"\d+", number)
    old = random.choice(digits)
    new = str(int(old) + random.choice([1, 2, 3, 10, 100]))
    wrong = re.sub(rf"(?<!\d){old}(?!\d)", new, number, count=1)
    return _replace_text(made.course, module, statement, statement.source.replace(number, wrong, 1))


def swap_identifier(made: Generated, random: Random) -> Course | None:
    """A name of the repository where another one belongs."""
    picked = _pick_statement(made, random, {"code", "identifier", "flag", "path"})
    if picked is None:
        return None
    module, statement, name = picked
    plain = [n.strip("`“”") for n in made.names if find_anchors(n)]
    other = random.choice([n for n in plain if n != name and n not in statement.text])
    return _replace_text(made.course, module, statement, statement.source.replace(name, other, 1))


def shift_lines(made: Generated, random: Random) -> Course | None:
    """A citation a few lines off, its hash as it was."""
    module = random.choice(made.course.modules)
    index = random.randrange(len(module.citations))
    by = random.choice([-2, -1, 1, 2, 3, 7])
    moved = module.citations[index]
    moved = moved.model_copy(update={"start_line": moved.start_line + by, "end_line": moved.end_line + by})
    citations = [moved if i == index else citation for i, citation in enumerate(module.citations)]
    return replace_module(made.course, module.model_copy(update={"citations": citations}))


def shift_lines_and_hash(made: Generated, random: Random) -> Course | None:
    """A citation in another place of its file, the hash made to fit."""
    module = random.choice(made.course.modules)
    index = random.randrange(len(module.citations))
    moved = module.citations[index]
    lines = split_lines(made.files[moved.path])
    size = moved.end_line - moved.start_line
    starts = [
        start
        for start in range(1, len(lines) - size + 1)
        if abs(start - moved.start_line) > size + 4 and b"".join(lines[start - 1 : start + size]).strip()
    ]
    start = random.choice(starts)
    digest = span_sha256(lines, start, start + size)
    moved = moved.model_copy(update={"start_line": start, "end_line": start + size, "sha256": digest})
    citations = [moved if i == index else citation for i, citation in enumerate(module.citations)]
    return replace_module(made.course, module.model_copy(update={"citations": citations}))


def swap_key(made: Generated, random: Random) -> Course | None:
    """Another option, or another word, as the key of an item."""
    module = random.choice(made.course.modules)
    index = random.randrange(len(module.assessment))
    item: Item = module.assessment[index]
    return _replace_item(made.course, module, item.model_copy(update={"key": _swap(item, made, random)}))


def _swap(item: Item, made: Generated, random: Random) -> list[str] | list[list[str]]:
    """A wrong key: another option, another order, the texts of two pairs exchanged, another word."""
    if item.kind == "ordering":
        order = list(item.groups[0])
        first, second = random.sample(range(len(order)), 2)
        order[first], order[second] = order[second], order[first]
        return [order]
    if item.kind == "matching":
        (one, a), (two, b), *rest = random.sample(item.groups, len(item.groups))
        return [[one, b], [two, a], *rest]
    if item.options:
        return [random.choice([option.id for option in item.options if option.id not in item.right])]
    return [random.choice([name.strip("`") for name in made.names if name.strip("`“”") not in item.explanation])]


def _replace_item(course: Course, module: Module, item: Item) -> Course:
    items = [item if kept.id == item.id else kept for kept in module.assessment]
    return replace_module(course, module.model_copy(update={"assessment": items}))


def reverse_modules(made: Generated, random: Random) -> Course | None:
    """The modules the other way round, numbered anew, in the chosen pathway too."""
    turned = [m.model_copy(update={"order": i}) for i, m in enumerate(reversed(made.course.modules), 1)]
    pathways = [
        p.model_copy(update={"modules": list(reversed(p.modules))}) if p.selected else p for p in made.course.pathways
    ]
    return made.course.model_copy(update={"modules": turned, "pathways": pathways})


def add_uncited_claim(made: Generated, random: Random) -> Course | None:
    """A sentence of another module without its mark, as a paragraph of its own."""
    module, other = random.sample(made.course.modules, 2)
    said = [s for text in read_module(other) for s in text.statements]
    name = random.choice(["introduction", "main_content", "conclusion", "summary"])
    text = f"{getattr(module, name)}\n\n{random.choice(said).text}"
    return replace_module(made.course, module.model_copy(update={name: text}))


def drop_marks(made: Generated, random: Random) -> Course | None:
    """The marks of a statement taken away."""
    picked = _pick_statement(made, random, {"code", "identifier", "flag", "path", "number"})
    if picked is None or len(picked[1].own) == 0:
        return None
    module, statement, _ = picked
    return _replace_text(made.course, module, statement, statement.text)


def hide_behind_label(made: Generated, random: Random) -> Course | None:
    """A statement that names something loses its mark and gets the label of what needs none."""
    picked = _pick_statement(made, random, {"code", "identifier", "flag", "path"})
    if picked is None or len(picked[1].own) == 0:
        return None
    module, statement, _ = picked
    return _replace_text(made.course, module, statement, with_label(statement.text, random.choice(ADDED)))


def swap_behind_label(made: Generated, random: Random) -> Course | None:
    """A statement with a label keeps its mark and names something else."""
    picked = _pick_statement(made, random, {"code", "identifier", "flag", "path"})
    if picked is None:
        return None
    module, statement, name = picked
    names = [n.strip("`“”") for n in made.names]
    other = random.choice([n for n in names if n.isidentifier() and find_anchors(n) and n not in statement.text])
    wrong = with_label(statement.source.replace(name, other, 1), random.choice(ADDED))
    return _replace_text(made.course, module, statement, wrong)


def swap_worked_key(made: Generated, random: Random) -> Course | None:
    """The key of a question is not the option that its worked-out explanation comes to."""
    module = random.choice(made.course.modules)
    item = random.choice([item for item in module.assessment if item.kind == "single_choice"])
    wrong = random.choice([option.id for option in item.options if option.id not in item.right])
    said = with_label(item.explanation, "worked")
    return _replace_item(made.course, module, item.model_copy(update={"key": [wrong], "explanation": said}))


def invent_code(made: Generated, random: Random) -> Course | None:
    """A line more, a line changed, or a citation less in a code block."""
    module = random.choice(made.course.modules)
    block = next(text.code[0] for text in read_module(module) if text.code)
    lines = block.text.split("\n")
    place = random.randrange(len(lines))
    changed = random.choice(
        [
            [*lines[:place], f"invented_{random.randrange(99)}()", *lines[place:]],
            [*lines[:place], lines[place].replace("(", "(1, "), *lines[place + 1 :]],
            [*lines[:place], lines[place] + "  # see below", *lines[place + 1 :]],
            list(reversed(lines)),
        ]
    )
    main = module.main_content.replace(block.text, "\n".join(changed))
    if random.random() < 0.2:
        main = module.main_content.replace(f" cite={block.citation_id}", "")
    return replace_module(made.course, module.model_copy(update={"main_content": main}))


def _replace_main(course: Course, module: Module, before: str, after: str) -> Course:
    main = module.main_content.replace(before, after, 1)
    assert main != module.main_content
    return replace_module(course, module.model_copy(update={"main_content": main}))


def drop_item(made: Generated, random: Random) -> Course | None:
    """An item of a list taken out; the numbers of the others stay or close up."""
    module = random.choice(made.course.modules)
    line = random.choice(re.findall(r"^(?:- |\d+\. ).*\n?", module.main_content, re.MULTILINE))
    return _replace_main(made.course, module, line, "")


def drop_row(made: Generated, random: Random) -> Course | None:
    """A row of a table taken out."""
    module = random.choice(made.course.modules)
    rows = re.findall(r"^\| `.*\n?", module.main_content, re.MULTILINE)
    return _replace_main(made.course, module, random.choice(rows), "")


def cut_code(made: Generated, random: Random) -> Course | None:
    """Lines taken from the end, the beginning or the middle of a code block."""
    module = random.choice(made.course.modules)
    block = next(text.code[0] for text in read_module(module) if text.code)
    lines = block.text.split("\n")
    left = random.choice([lines[:-1], lines[1:], lines[:1], [*lines[:1], *lines[2:]]])
    return _replace_main(made.course, module, block.text, "\n".join(left))


def cut_section(made: Generated, random: Random) -> Course | None:
    """A section taken out with its heading, or a sentence of it."""
    module = random.choice(made.course.modules)
    parts = re.split(r"(?=^## )", module.main_content, flags=re.MULTILINE)
    part = random.choice(parts[1:])
    sentences = re.findall(r"[A-Z][^.\n|]*\.\[\^\w+\] ?", part)
    lost = random.choice(sentences) if sentences and random.random() < 0.5 else part
    return _replace_main(made.course, module, lost, "")


def say_more_in_summary(made: Generated, random: Random) -> Course | None:
    """A sentence of another module, with its citation, as a line of the summary."""
    module, other = random.sample(made.course.modules, 2)
    said = [s for text in read_module(other) for s in text.statements if s.kind == "sentence" and s.citation_ids]
    statement = random.choice(said)
    cited = [citation for citation in other.citations if citation.id in statement.citation_ids]
    update = {"summary": f"{module.summary}\n- {statement.source}", "citations": [*module.citations, *cited]}
    return replace_module(made.course, module.model_copy(update=update))


def ask_for_a_sentence(made: Generated, random: Random) -> Course | None:
    """An item in place of another one that hands a sentence over and asks for a word of it, or the other way round."""
    module = random.choice(made.course.modules)
    item = random.choice([item for item in module.assessment if item.form != "other"])
    said = [s for text in read_module(module) for s in text.statements if s.kind == "sentence" and s.own]
    statement = random.choice(said)
    word = random.choice([word for word in re.findall(r"[a-z]{4,}", statement.text) if word])
    gapped = statement.text.replace(word, "____", 1)
    stems = [f"Complete the sentence: {gapped}", f"Which word is missing in “{gapped}”?", f"Fill the gap: {gapped}"]
    update = {
        "kind": "short_answer", "form": random.choice(["other", "choose", "what_happens"]), "options": [],
        "key": [word], "stem": random.choice(stems), "explanation": statement.text,
        "citation_ids": list(statement.own),
    }  # fmt: skip
    return _replace_item(made.course, module, item.model_copy(update=update))


def ask_where(made: Generated, random: Random) -> Course | None:
    """A stem that asks where something stands."""
    module = random.choice(made.course.modules)
    item = random.choice([item for item in module.assessment if item.kind == "single_choice"])
    said = item.explanation
    stems = [
        f"Under which of these topics does the documentation say: “{said}”?",
        f"In which section do you find this: {said}",
        f"Which heading covers this: {said}",
        f"Where in the documentation does this stand: {said}",
        f"Which page explains this: {said}",
        f"Under what heading is it described that {said}",
        f"Which chapter of the documentation mentions this: {said}",
    ]
    return _replace_item(made.course, module, item.model_copy(update={"stem": random.choice(stems)}))


def name_section(made: Generated, random: Random, lost: str = "") -> Course:
    """A word of a statement as a link to a section of another module; what is `lost` of its name makes it wrong."""
    module, other = random.sample(made.course.modules, 2)
    headings = [heading.text for text in read_module(other) for heading in text.headings]
    said = [s for text in read_module(module) for s in text.statements if s.kind == "sentence" and s.own]
    statement = random.choice(said)
    word = re.search(r"[A-Za-z]{4,}", statement.source)
    assert word is not None
    title = show_plain(random.choice(headings)).replace(lost, "x", 1) if lost else show_plain(random.choice(headings))
    linked = f'{statement.source[: word.start()]}[{word[0]}](#{other.id} "{title}"){statement.source[word.end() :]}'
    return _replace_text(made.course, module, statement, linked)


def name_no_section(made: Generated, random: Random) -> Course | None:
    """A link to a section that its module does not have."""
    return name_section(made, random, lost=" ")


SYNONYMS = {"stores": "saves", "validates": "verifies", "rejects": "refuses"}


def repeat_key(made: Generated, random: Random) -> Course | None:
    """A wrong option that means what the key means."""
    module = random.choice(made.course.modules)
    item = random.choice([item for item in module.assessment if item.kind == "single_choice"])
    key = next(option.text for option in item.options if option.id in item.right)
    twins = [key.rstrip("."), key.replace("The ", "A ", 1), key.upper(), key.replace(" of the ", " of a ")]
    twins += [key.replace(word, other) for word, other in SYNONYMS.items() if word in key]
    wrong = random.choice([option for option in item.options if option.id not in item.right])
    twin = wrong.model_copy(update={"text": random.choice([text for text in twins if text != key])})
    options = [twin if option.id == wrong.id else option for option in item.options]
    return _replace_item(made.course, module, item.model_copy(update={"options": options}))


def repeat_objective(made: Generated, random: Random) -> Course | None:
    """An objective of a module once more, in it or in another one, perhaps with the same id."""
    module, other = random.choice(made.course.modules), random.choice(made.course.modules)
    copied = random.choice(module.objectives)
    copied = copied if random.random() < 0.5 else copied.model_copy(update={"id": "o-copy"})
    return replace_module(made.course, other.model_copy(update={"objectives": [*other.objectives, copied]}))


def change_minutes(made: Generated, random: Random) -> Course | None:
    """Minutes far from the rule."""
    module = random.choice(made.course.modules)
    minutes = random.choice([1, module.estimated_minutes * 3, module.estimated_minutes * 5, 90])
    return replace_module(made.course, module.model_copy(update={"estimated_minutes": minutes}))


FILLERS = [
    "You have come some way already.", "Well done so far.", "Take your time with this one.", "Let's go on.",
    "Keep this in mind as you read.", "Here things get interesting.", "Are you ready for more?",
    "This will be useful later.", "Now you know the most important things.", "In this module you will learn a lot.",
    "Answer the questions without looking back.", "Many people find this hard at first.",
]  # fmt: skip


def add_filler(made: Generated, random: Random) -> Course | None:
    """A sentence that would fit any module of any course."""
    module = random.choice(made.course.modules)
    name = random.choice(["introduction", "main_content", "conclusion", "summary"])
    text = random.choice(FILLERS)
    before = getattr(module, name)
    longer = random.choice([f"{before}\n\n{text}", f"{text}\n\n{before}"])
    return replace_module(made.course, module.model_copy(update={name: longer}))


MAKERS = [
    "CONTRIBUTING.md", ".github/guide.md", "docs/contributing/setup.md", "docs/release-process.md", "AGENTS.md",
    "CODE_OF_CONDUCT.md", "docs/maintainers/guide.md", "docs/rfcs/0001.md", "MAINTAINERS.md", "docs/releasing.md",
]  # fmt: skip


def teach_makers(made: Generated, random: Random) -> Course | None:
    """A document for the project's makers among those taught."""
    module = random.choice(made.course.modules)
    old, new = module.citations[0].path, random.choice(MAKERS)
    made.files[new] = made.files[old]
    documents = [replace(d, path=new) if d.path == old else d for d in made.course.documents]
    citations = [citation.model_copy(update={"path": new}) for citation in module.citations]
    course = replace_module(made.course, module.model_copy(update={"citations": citations}))
    return course.model_copy(update={"documents": documents})


def change_edge(made: Generated, random: Random) -> Course | None:
    """A prerequisite turned round, or one that nothing in the home section speaks for."""
    concepts = {concept.id: concept for concept in made.course.concepts}
    one = random.choice([concept for concept in made.course.concepts if concept.prerequisites])
    needed = concepts[one.prerequisites[0]]
    if random.random() < 0.5:
        concepts[one.id] = one.model_copy(update={"prerequisites": []})
        concepts[needed.id] = needed.model_copy(update={"prerequisites": [*needed.prerequisites, one.id]})
    else:
        others = [i for i in concepts if i not in (one.id, *one.prerequisites)]
        concepts[one.id] = one.model_copy(update={"prerequisites": [*one.prerequisites, random.choice(others)]})
    return made.course.model_copy(update={"concepts": list(concepts.values())})


MUTATIONS: dict[str, Mutation] = {
    "wrong number": change_number,
    "swapped identifier": swap_identifier,
    "shifted lines": shift_lines,
    "shifted lines with a fitting hash": shift_lines_and_hash,
    "swapped key": swap_key,
    "reversed modules": reverse_modules,
    "uncited claim": add_uncited_claim,
    "dropped mark": drop_marks,
    "fact behind a label": hide_behind_label,
    "swapped name behind a label": swap_behind_label,
    "swapped key of a worked-out question": swap_worked_key,
    "invented code": invent_code,
    "dropped list item": drop_item,
    "dropped row": drop_row,
    "cut code": cut_code,
    "cut section": cut_section,
    "summary sentence that the lesson does not say": say_more_in_summary,
    "recall item": ask_for_a_sentence,
    "where question": ask_where,
    "distractor that means the key": repeat_key,
    "duplicated objective": repeat_objective,
    "wrong minutes": change_minutes,
    "filler sentence": add_filler,
    "taught document for makers": teach_makers,
    "edge reversed or unfounded": change_edge,
    "link to a section that is not there": name_no_section,
}
