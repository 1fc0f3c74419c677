"""Q6, Q7 and Q13: what a course covers, in which order, and what else was on offer."""

from bisect import bisect, insort
from collections.abc import Container, Iterator
from itertools import combinations, takewhile

from shared.course.early_terms import ModuleWords
from shared.course.model import ConceptEntry, Course, PathwayEntry
from shared.course.plain_text import CODE_SPAN, show_plain
from shared.course.quality_figures import CourseFacts, Figures, ModuleFacts, at_least, at_most, is_none, is_number
from shared.course.scales import ONE_SITTING_MINUTES
from shared.docs.model import Document
from shared.language.glosses import tells
from shared.language.word_classes import classes_of, is_common

FEWEST_PATHWAYS = 3
FEWEST_SECTIONS_FOR_CHOICE = 6
SMALLEST_DISTANCE = 0.25
MOST_EDGES = 3


def measure_coverage(facts: CourseFacts) -> Figures:
    """Q6: documents for users in the widest pathway, H2 sections that are cited, reasons of what is left out."""
    course = facts.course
    teachable = [document for document in facts.teachable if document.path not in facts.makers]
    covered = sum(1 for document in teachable if document.id in facts.widest)
    cited, sections = _count_cited_sections(facts)
    unused = [document for document in course.documents if not document.used]
    reasons = sum(1 for document in unused if document.reason.strip())
    return {
        "documents": at_least("Documents for users that the widest pathway teaches", covered, len(teachable), 0.95),
        "sections": at_least("Sections (H2) of the chosen documents that are cited", cited, sections, 0.7),
        "reasons": at_least("Unused documents with a reason", reasons, len(unused), 1.0),
    }


def measure_order(facts: CourseFacts) -> Figures:
    """Q7: edges that run backwards, cycles, edges of a concept, terms used before they are defined."""
    course = facts.course
    backwards, edges = len(list(list_backward(course))), len(list(_list_edges(course)))
    per_concept = sum(len(c.prerequisites) for c in course.concepts) / max(1, len(course.concepts))
    return {
        "backwards": at_most("Prerequisites that come later than what needs them", backwards, edges, 0.05),
        "cycles": is_none("Concepts on a cycle, or that need an unknown one", count_cyclic(course)),
        "edges": is_number(
            "Prerequisites of a concept, on average", per_concept, f"<= {MOST_EDGES}", ok=per_concept <= MOST_EDGES
        ),
        "early_terms": at_most(
            "Terms used before the module that defines them, without a gloss", *_count_early(facts), 0.02
        ),
    }


def list_backward(course: Course) -> Iterator[tuple[str, str]]:
    """Pairs of ids in a wrong order, the needing one first: a concept and a prerequisite that a later module
    introduces; a module and a prerequisite that is a later module, itself, or not known.
    """
    return ((needing, needed) for needing, needed, backward in _list_edges(course) if backward)


def _list_edges(course: Course) -> Iterator[tuple[str, str, bool]]:
    """Each prerequisite of a concept or of a module, as two ids, and whether it runs backwards."""
    homes = _find_homes(course)
    for concept in course.concepts:
        for needed in concept.prerequisites:
            if concept.id in homes and needed in homes:
                yield concept.id, needed, homes[needed] > homes[concept.id]
    position = {module.id: index for index, module in enumerate(course.modules)}
    for index, module in enumerate(course.modules):
        for needed in module.prerequisites:
            yield module.id, needed, position.get(needed, index) >= index


def _find_homes(course: Course) -> dict[str, int]:
    """The place of the module that introduces a concept, by the concept's id."""
    position = {module.id: index for index, module in enumerate(course.modules)}
    return {concept.id: position[concept.module_id] for concept in course.concepts if concept.module_id in position}


def _count_early(facts: CourseFacts) -> tuple[int, int]:
    """How many terms a module uses before the module that introduces them, without a link whose text has the term or a
    heading that is the term; and how many terms there are. The name of a file uses no term.
    """
    homes = _find_homes(facts.course)
    terms = [concept for concept in facts.course.concepts if concept.id in homes and concept.name.strip()]
    words = [ModuleWords(module.module) for module in facts.modules]
    code = {found for document in facts.documents.values() for found in _list_code(document)}
    early = 0
    for concept in terms:
        as_code = _is_word_of_code(concept, code, facts.course.language)
        early += any(one.says(concept.name, as_code=as_code) for one in words[: homes[concept.id]])
    return early, len(terms)


def _is_word_of_code(concept: ConceptEntry, code: Container[tuple[str, str]], language: str) -> bool:
    """Whether a name is a word that stands for code: source or the documentation writes it so, or it can only be a
    verb, and no sentence defines the word. Prose has such a word in its ordinary sense, unless it is marked.
    """
    name, word = concept.name, concept.name.lower()
    if concept.citation.path.endswith(".py") and " " not in name:
        return True
    if not is_common(word) or (name, concept.gloss) in code:
        return is_common(word)
    is_code = (name, "") in code or classes_of(word) == {"VERB"}
    return is_code and not tells(name, concept.gloss, language)


def _list_code(document: Document) -> Iterator[tuple[str, str]]:
    """The code spans of a document's prose, calls without their parentheses; each alone, and with its sentence."""
    for sentence in (one.text for one in document.sentences if "`" in one.text):
        for span in CODE_SPAN.finditer(sentence):
            name = span["code"].removesuffix("()")
            yield from ((name, ""), (name, show_plain(sentence)))


def count_cyclic(course: Course) -> int:
    """Concepts that stay when those without open prerequisites are taken away again and again."""
    needs = {concept.id: set(concept.prerequisites) for concept in course.concepts}
    while free := [name for name, open_needs in needs.items() if not open_needs]:
        for name in free:
            del needs[name]
        for open_needs in needs.values():
            open_needs.difference_update(free)
    return len(needs)


def measure_choice(facts: CourseFacts) -> Figures:
    """Q13: how many pathways there are and how far the two nearest are apart."""
    pathways = facts.course.pathways
    distances = [measure_distance(one, other) for one, other in combinations(pathways, 2)]
    nearest = min(distances, default=1.0)
    sections = len({key for pathway in pathways for key in _list_sections(pathway)})
    longest = max((pathway.estimated_minutes for pathway in pathways), default=0)
    few = sections < FEWEST_SECTIONS_FOR_CHOICE or longest <= ONE_SITTING_MINUTES
    wanted = 1 if few else FEWEST_PATHWAYS
    return {
        "pathways": is_number("Pathways on offer", len(pathways), f">= {wanted}", ok=len(pathways) >= wanted),
        "distance": is_number(
            "Distance of the two nearest pathways", nearest, f">= {SMALLEST_DISTANCE}", ok=nearest >= SMALLEST_DISTANCE
        ),
    }


def measure_distance(one: PathwayEntry, other: PathwayEntry) -> float:
    """1 - Jaccard of the sections, or 1 - Kendall tau of the order of those both have, whichever is larger."""
    first, second = _list_sections(one), _list_sections(other)
    union = len({*first, *second})
    common = [key for key in first if key in set(second)]
    jaccard = 1 - len(common) / union if union else 0.0
    return max(jaccard, 1 - _kendall_tau(common, second))


def _kendall_tau(common: list[tuple[str, str]], second: list[tuple[str, str]]) -> float:
    """Agreeing pairs less disagreeing ones, of all. Disagreeing pairs are counted as the ranks are put in order."""
    rank = {key: index for index, key in enumerate(second)}
    pairs = len(common) * (len(common) - 1) // 2
    seen: list[int] = []
    inversions = 0
    for key in common:
        inversions += len(seen) - bisect(seen, rank[key])
        insort(seen, rank[key])
    return 1 - 2 * inversions / pairs if pairs else 1.0


def _list_sections(pathway: PathwayEntry) -> list[tuple[str, str]]:
    keys = ((s.document_id, s.heading) for module in pathway.modules for s in module.sections)
    return list(dict.fromkeys(keys))


def _list_documents(pathway: PathwayEntry) -> set[str]:
    return {i for module in pathway.modules for i in module.document_ids}


def _count_cited_sections(facts: CourseFacts) -> tuple[int, int]:
    """H2 sections of the chosen documents with a citation that the modules use, and all of them."""
    used: dict[str, list[tuple[int, int]]] = {}
    for module in facts.modules:
        for lines in _list_used(module):
            used.setdefault(lines[0], []).append(lines[1:])
    ids = {i for module in facts.modules for i in module.module.document_ids}
    ids |= {i for pathway in facts.course.pathways if pathway.selected for i in _list_documents(pathway)}
    paths = [entry.path for entry in facts.course.documents if entry.id in ids]
    sections = [spans for path in paths if path in facts.documents for spans in list_h2(facts.documents[path])]
    cited = sum(
        any(first <= end and last >= start for path, start, end in spans for first, last in used.get(path, ()))
        for spans in sections
    )
    return cited, len(sections)


def _list_used(module: ModuleFacts) -> list[tuple[str, int, int]]:
    ids = {i for statement in module.statements for claim in statement.claims for i in claim.citation_ids}
    ids |= {block.citation_id for text in module.texts for block in text.code if block.citation_id}
    found = (lines.citation for i, lines in module.evidence.cited.items() if i in ids and not lines.problem)
    return [(citation.path, citation.start_line, citation.end_line) for citation in found]


def list_h2(document: Document) -> list[list[tuple[str, int, int]]]:
    """The lines of each section of level 2 with its subsections: its own, then those that it shows of other files."""
    found: list[list[tuple[str, int, int]]] = []
    for index, section in enumerate(document.sections):
        if section.level == 2:
            own = [section, *takewhile(lambda one: one.level > 2, document.sections[index + 1 :])]
            shown = [(b.origin.path, b.origin.start_line, b.origin.end_line) for s in own for b in s.blocks if b.origin]
            found.append([(document.path, section.start_line, own[-1].end_line), *shown])
    return found
