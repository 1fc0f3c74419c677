"""Where the concepts of the course are at home, and their first mentions in a lesson that comes before."""

import re
from collections.abc import Sequence

from services.modules.cited.brief import ModuleBrief
from services.modules.cited.crossings import Place
from services.modules.offline.inline import in_link, list_code, mask
from shared.course.plain_text import show_plain
from shared.course.section_links import title_of
from shared.engine.types import GraphConcept, PathwayModule
from shared.language.glosses import is_code_in, tells
from shared.language.terms import term_key
from shared.language.word_classes import classes_of, is_common

_FENCE = re.compile(r"(`{3,}|~{3,})")
_FENCED = re.compile(r"^[> \t]+(`{3,}|~{3,}).*?^[> \t]+\1", re.DOTALL | re.MULTILINE)
_GAP = r"[\s-]+"
_NO_ACT = "".join(f"(?<!\\b{word} )" for word in ("to", "can", "you", "we", "not", "will", "must", "may", "and"))
_MARKS = re.compile(r"[`*]|(?<!\w)_|_(?!\w)")


class Homes:
    """Where the concepts of the course are at home, as one module sees them."""

    def __init__(self, brief: ModuleBrief) -> None:
        self._brief = brief
        self._modules = {module.id: (place, module) for place, module in enumerate(brief.modules)}
        self.project = brief.project.name
        self._place = self._modules.get(brief.module.id, (0, brief.module))[0]
        self.own = self.of(brief.module)

    def of(self, module: PathwayModule) -> list[GraphConcept]:
        """The concepts that are at home in a module."""
        return [one for one in self._brief.graph.concepts if self._home_id(one) == module.id]

    def earlier(self, concept: GraphConcept) -> PathwayModule | None:
        """The concept's home when it comes before this module."""
        place, module = self._modules.get(self._home_id(concept), (self._place, None))
        return module if place < self._place else None

    def later(self, concept: GraphConcept) -> PathwayModule | None:
        """The concept's home when it comes after this module."""
        place, module = self._modules.get(self._home_id(concept), (self._place, None))
        return module if place > self._place else None

    def link(self, concept: GraphConcept, shown: str = "") -> str:
        """The concept's name, or what is `shown` for it, as a link to its home; a gloss that tells is the title."""
        title = title_of(show_plain(concept.definition.text)) if self.tells(concept) else ""
        key = (concept.document_id, concept.section_id)
        address = (
            f'#{self._home_id(concept)} "{title}"'
            if title
            else self._brief.link(Place(concept.definition.span.path, key=key))
        )
        return f"[{shown or concept.name}]({address})"

    def tells(self, concept: GraphConcept) -> bool:
        """Whether the gloss says what the concept is."""
        home = self._brief.analyses.get(concept.document_id)
        return tells(concept.name, concept.definition.text, home.language if home else "en")

    def _home_id(self, concept: GraphConcept) -> str:
        return self._brief.homes.get((concept.document_id, concept.section_id), "")


def link_first_mentions(blocks: Sequence[str], brief: ModuleBrief) -> list[str]:
    """The lesson with a gloss at the first mention of each concept whose home comes later."""
    homes = Homes(brief)
    headed = {term_key(block.lstrip("# ").partition("\n")[0]) for block in blocks if block.startswith("#")}
    coming = [one for one in brief.graph.concepts if one.is_told and homes.later(one)]
    coming = [one for one in coming if term_key(one.name) not in headed]  # the lesson tells it itself
    shown = list(blocks)
    lowered = [_spaced(block) for block in blocks]
    for concept in sorted(coming, key=lambda one: (-len(one.name), one.name)):
        name = _spaced(concept.name)
        said = (i for i, text in enumerate(lowered) if name in text)
        linked = next(((i, text) for i in said if (text := _link_in(shown[i], concept, homes))), None)
        if linked is not None:
            shown[linked[0]] = linked[1]
    return shown


def _spaced(text: str) -> str:
    return " ".join(_MARKS.sub("", text.lower()).replace("-", " ").split())


def _link_in(block: str, concept: GraphConcept, homes: Homes) -> str:
    """The block with its first mention of the concept as a link; "" when it has none in its prose."""
    if block.startswith("#") or _FENCE.match(block):
        return ""
    prose = _FENCED.sub(lambda found: "\0" * len(found.group()), block)
    bare = concept.name.strip("`")
    words = _GAP.join(map(re.escape, bare.split()))
    may_act = " " not in bare and "VERB" in classes_of(bare.lower())
    plural = r"(?:e?s|\(s\))?" if bare[-1:].isalnum() and not may_act else ""
    # A word alone is that of the language where the documentation writes the concept as code and does not tell of it.
    is_code = is_code_in(bare, concept.definition.text) and is_common(bare.lower())
    is_code = is_code and (may_act or not homes.tells(concept))
    is_plain = " " in bare or not (is_code or classes_of(bare.lower()) == {"VERB"})
    said = rf"`@?{_owners(concept, homes.project)}{words}(?:\(\))?`|(?P<mark>\*\*?){words}(?P=mark)"
    said = f"(?:{said}|{_NO_ACT if may_act else ''}{words}{plural})" if is_plain else f"(?:{said})"
    pattern = re.compile(rf"(?<![\w`\[/.-]){said}(?![\w`\]/(-])", re.IGNORECASE)
    masked = mask(prose, keep=bare)
    for found in pattern.finditer(prose):
        if masked[found.start() : found.end()] == found.group():
            return f"{block[: found.start()]}{homes.link(concept, found.group())}{block[found.end() :]}"
    if not is_plain:
        return ""
    start, end = _find_among_marks(prose, bare, plural) or _find_in_code(prose, words + plural)
    return f"{block[:start]}{homes.link(concept, block[start:end])}{block[end:]}" if end else ""


def _owners(concept: GraphConcept, project: str) -> str:
    """A pattern for the owners before a concept's name in code: the project, and the owners in the concept's gloss."""
    name = re.escape(concept.name.strip("`"))
    told = re.findall(rf"(\w+)(?:\.|::){name}\b", concept.definition.text)
    known = "|".join(
        map(re.escape, {re.sub(r"\W", "_", project.rpartition("/")[2]).lower(): None, **dict.fromkeys(told)})
    )
    return rf"(?:(?:{known})(?:\.|::)){{0,4}}"


def _find_among_marks(block: str, name: str, plural: str) -> tuple[int, int] | None:
    """Where a name stands of whose words the author marks some, or in a compound with a hyphen."""
    words = [re.escape(word) for word in name.split()]
    each = [rf"(?:(?P<m{at}>[*_`]+){word}(?P=m{at})|{word})" for at, word in enumerate(words)]
    spans = list_code(block)
    for found in re.finditer(rf"(?<![\w`\[/.*]){_GAP.join(each)}{plural}(?![\w`\]/(*])", block, re.IGNORECASE):
        start, end = found.span()
        if all(end <= a or b <= start or (start <= a and b <= end) for a, b in spans) and not in_link(block, start):
            return start, end
    return None


def _find_in_code(block: str, said: str) -> tuple[int, int]:
    """Where the code begins and ends that says a name among other words; (0, 0) for none."""
    within = re.compile(rf"(?<![\w.:])(?<!\w-){said}(?![\w-])", re.IGNORECASE)
    return next(((start, end) for start, end in list_code(block) if within.search(block, start, end)), (0, 0))
