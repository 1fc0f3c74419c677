"""Seeded mutations of a course: each makes it untrue in one place; None means that there was nothing to mutate."""

import re
from collections.abc import Callable
from random import Random

from shared.course.anchors import find_anchors
from shared.course.model import Course, Item, Module
from shared.course.statements import Statement, read_module
from shared.docs.citations import span_sha256, split_lines

from .generated import Generated

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
    new = str(int(old) + random.choice([-3, -2, -1, 1, 2, 3, 10]))
    wrong = re.sub(rf"(?<!\d){old}(?!\d)", new.lstrip("-"), number, count=1)
    return _replace_text(made.course, module, statement, statement.source.replace(number, wrong, 1))


def swap_identifier(made: Generated, random: Random) -> Course | None:
    """A name of the repository where another one belongs."""
    picked = _pick_statement(made, random, {"code", "identifier", "flag", "path"})
    if picked is None:
        return None
    module, statement, name = picked
    plain = [n.strip("`“”") for n in made.names]
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
    if item.options:
        key = random.choice([option.id for option in item.options if option.id not in item.key])
    else:
        key = random.choice([name.strip("`") for name in made.names if name.strip("`“”") not in item.explanation])
    items = [item.model_copy(update={"key": [key]}) if i == index else kept for i, kept in enumerate(module.assessment)]
    return replace_module(made.course, module.model_copy(update={"assessment": items}))


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


MUTATIONS: dict[str, Mutation] = {
    "wrong number": change_number,
    "swapped identifier": swap_identifier,
    "shifted lines": shift_lines,
    "shifted lines with a fitting hash": shift_lines_and_hash,
    "swapped key": swap_key,
    "reversed modules": reverse_modules,
    "uncited claim": add_uncited_claim,
    "dropped mark": drop_marks,
    "invented code": invent_code,
}
