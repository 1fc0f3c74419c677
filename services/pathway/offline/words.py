"""Titles, descriptions and prerequisites of pathways, in words that say what they hold. Pure."""

from collections import Counter
from collections.abc import Sequence

from services.pathway.offline.kinds import is_look_up
from services.pathway.offline.material import Material
from services.pathway.offline.quickstart import is_start
from shared.docs.problems import MADE
from shared.engine.levels import READERS
from shared.engine.types import DocumentAnalysis, PathwayModule
from shared.events.base import Level

_WHOLE = 0.95
_FEW, _MANY = 5, 10


def describe_pathway(kind: str, material: Material, modules: Sequence[PathwayModule]) -> tuple[str, str]:
    """Title and description of a pathway."""
    project = material.project
    refs = [ref for module in modules for ref in module.sections]
    match kind:
        case "complete":
            return _describe_complete(material, modules)
        case "quickstart" if not any(is_start(material.by_key[ref.document_id, ref.section_id]) for ref in refs):
            return f"A first look at {project}", f"Where the documentation begins: {_examples(modules)}."
        case "quickstart":
            return f"Quick start with {project}", f"The shortest way to a first result: {_examples(modules)}."
        case "task":
            said = f"How to do things, each with what it needs: {_groups(modules)}."
            return f"Get things done with {project}", said
        case "reference" if not any(is_look_up(material.by_key[ref.document_id, ref.section_id]) for ref in refs):
            return f"More of {project}", f"What the shorter pathways leave out: {_examples(modules)}."
        case "reference":
            return f"{project} to look up", f"To look things up, by name: {_groups(modules)}."
        case _:
            return f"Work on {project}", f"For those who make {project}: {_examples(modules)}."


def _describe_complete(material: Material, modules: Sequence[PathwayModule]) -> tuple[str, str]:
    """It is the whole only of the whole; else its share of the lines, and what the level leaves out.

    This is the plan: how many lines the lessons hold is measured when they are written.
    """
    project, readers = material.project, READERS[material.audience.complexity_level]
    share = _share_of_lines(material, modules)
    reasons = dict.fromkeys(one.section.asks_reason for one in material.left_out)
    left = [f"Left out for {readers}: {'; '.join(reasons)}."] if reasons else []
    left += [f"Not in it: names or pages that are {MADE}."] if material.lacks_made else []
    whole = "Nearly the whole" if material.lacks_made else "The whole"
    title = f"{whole} of {project}" if share >= _WHOLE else f"{project} for {readers}"
    percent = f"{min(share, 0.99 if left else 1):.0%}"
    return title, " ".join([f"{percent} of the lines that {project} writes for its users.", *left])


def _share_of_lines(material: Material, modules: Sequence[PathwayModule]) -> float:
    """The lines of the users' documents that are in the modules, or said by a section that is."""
    lines = {one.key: 1 + one.section.end_line - one.section.start_line for one in material.for_users}
    held = {(ref.document_id, ref.section_id) for module in modules for ref in module.sections}
    said = sum(count for key, count in lines.items() if material.siblings.get(key, key) in held)
    return said / max(1, sum(lines.values()))


def _groups(modules: Sequence[PathwayModule]) -> str:
    """The author's groups that hold most of the modules, else the titles of a few modules."""
    parts = Counter(module.part for module in modules)
    named = [part for part in parts if part and _MANY * parts[part] >= len(modules)]
    return _examples(modules) if 2 * sum(parts[part] for part in named) < len(modules) else "; ".join(named)


def _examples(modules: Sequence[PathwayModule]) -> str:
    """The titles of a few modules, from the beginning, the middle and the end."""
    return "; ".join(modules[place].title for place in sorted({0, len(modules) // 2, len(modules) - 1}))


_LANGUAGE_NAMES = {
    "python": "Python", "py": "Python", "rust": "Rust", "rs": "Rust", "go": "Go", "golang": "Go", "java": "Java",
    "ts": "TypeScript", "typescript": "TypeScript", "tsx": "TypeScript", "js": "JavaScript", "jsx": "JavaScript",
    "javascript": "JavaScript", "c": "C", "cpp": "C++", "c++": "C++", "csharp": "C#", "cs": "C#", "ruby": "Ruby",
    "rb": "Ruby", "php": "PHP", "kotlin": "Kotlin", "swift": "Swift", "scala": "Scala", "elixir": "Elixir",
    "haskell": "Haskell", "sql": "SQL", "r": "R", "julia": "Julia", "pycon": "Python",
}  # fmt: skip


def name_prerequisites(analyses: Sequence[DocumentAnalysis], level: Level, project: str = "") -> tuple[str, ...]:
    """Prerequisites that the first documents name, and the language of most examples where it is not the subject.

    Those of a later document are its own.
    """
    first = analyses[: max(_FEW, len(analyses) // _FEW)]
    told = dict.fromkeys(text for analysis in first for text in analysis.prerequisites if "{{" not in text)
    explicit = [one for one in told if not any(one != other and one.startswith(other) for other in told)][:4]
    tags = (one.code_languages for one in analyses)
    counts = Counter(name for some in tags for name in {_LANGUAGE_NAMES[tag] for tag in some if tag in _LANGUAGE_NAMES})
    best = min(counts, key=lambda name: (-counts[name], name), default="")
    if best and counts[best] * 3 >= len(analyses) and best.lower() not in project.lower().split():
        skill = "Some practice in" if level == "advanced" else "A basic knowledge of"
        explicit.append(f"{skill} {best}, the language of most examples")
    return tuple(explicit)
