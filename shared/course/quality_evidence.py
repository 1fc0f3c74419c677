"""Q1 to Q5 and W1: what the course says, held against the lines it cites."""

from statistics import median

from shared.course.anchors import find_anchors
from shared.course.basis import Basis, read_basis
from shared.course.evidence import LONGEST_CITATION_LINES, CitedLines, Evidence
from shared.course.gates import MOST_ADDED, is_not_shown
from shared.course.quality_figures import CourseFacts, Figures, ModuleFacts, at_least, at_most, is_none, is_number
from shared.course.sentence_marks import split_pieces
from shared.course.statements import Statement

WIDEST_MEDIAN_LINES = 8


def measure_citations(facts: CourseFacts) -> Figures:
    """Q1: citations of modules and concepts, and the marks that name them."""
    cited = [lines for module in facts.modules for lines in module.evidence.cited.values()]
    cited += _list_concept_citations(facts)
    unknown = sum(1 for m in facts.modules for f in m.findings if f.gate == "Q1" and f.where not in m.evidence.cited)
    good = sum(1 for lines in cited if not lines.problem)
    return {
        "resolving": at_least("Citations whose lines exist at the commit, unchanged", good, len(cited), 1.0),
        "unknown": is_none("Marks that name no citation", unknown),
    }


def measure_grounding(facts: CourseFacts) -> Figures:
    """Q2: the share is the lower one of two readings, with a list item as one statement and as its sentences."""
    asserted = [s for module in facts.modules for s in module.statements if s.role != "question"]
    added = [s for s in asserted if s.basis != "source" and not facts.offline]
    whole = [s for s in asserted if s.citation_ids or s not in added]
    split = [part for statement in whole for part in statement.claims if part.role != "question"]
    readings = [(sum(1 for s in found if s.citation_ids), len(found)) for found in (whole, split)]
    cited, total = min(readings, key=lambda reading: reading[0] / reading[1] if reading[1] else 1.0)
    facts_named = sum(module.count("Q2") for module in facts.modules)
    return {
        "cited": at_least("Sentences, list items and table rows with a citation", cited, total, 0.85),
        "added": at_most("Sentences that a model made up, worked out or knew", len(added), len(asserted), MOST_ADDED),
        "uncited_facts": is_none("Uncited ones that name an identifier, flag, path, address, number", facts_named),
    }


def measure_anchors(facts: CourseFacts) -> Figures:
    """Q3: anchors of cited sentences and of explanations that stand in the cited lines."""
    total = found = 0
    for module in facts.modules:
        for text, citation_ids, row, basis in _list_cited_texts(module):
            if basis != "source" and not facts.offline:
                anchors = sum(1 for anchor in find_anchors(text) if anchor.kind not in ("number", "number_word"))
                missing = module.evidence.find_missing_names(text, citation_ids)
            else:
                anchors = len(find_anchors(text))
                missing = module.evidence.find_missing(text, citation_ids, row=row)
            total += anchors
            found += anchors - len(missing)
    return {
        "anchors": at_least("Code, names, flags, numbers and quotations found in the cited lines", found, total, 1.0)
    }


def measure_support(facts: CourseFacts) -> Figures:
    """Q4: cited texts with less than half of their content words in or near the cited lines."""
    claims = [c for module in facts.modules for c in _list_claims(module) if c.kind != "table_header"]
    weak = sum(module.count("Q4") for module in facts.modules)
    what = "Cited sentences with less than half of their words in the cited lines"
    return {"unsupported": at_most(what, weak, len(claims), 0.0 if facts.offline else 0.05)}


def measure_code(facts: CourseFacts) -> Figures:
    """Q5: blocks without provenance, blocks that were adapted, and modules that show code."""
    blocks = [block for module in facts.modules for text in module.texts for block in text.code]
    unproven = sum(module.count("Q5") for module in facts.modules)
    adapted = sum(1 for block in blocks if block.adapted)
    with_code = [module for module in facts.modules if any(section.source.code for section in module.taught)]
    showing = sum(1 for module in with_code if any(text.code for text in module.texts))
    limit = 0.0 if facts.offline else 0.1
    return {
        "unproven": is_none("Code blocks that neither equal their source nor say they were adapted", unproven),
        "adapted": at_most("Code blocks that were adapted", adapted, len(blocks), limit),
        "showing": at_least("Modules that show code, of those whose sections have some", showing, len(with_code), 0.9),
    }


def measure_width(facts: CourseFacts) -> Figures:
    """W1: how many lines the citation of a sentence spans."""
    lengths = [lines.length for m in facts.modules for i, lines in m.evidence.cited.items() if i not in m.code_ids]
    middle = median(lengths) if lengths else 0
    long = sum(1 for length in lengths if length > LONGEST_CITATION_LINES)
    return {
        "median_lines": is_number(
            "Lines of the median citation", middle, f"<= {WIDEST_MEDIAN_LINES}", ok=middle <= WIDEST_MEDIAN_LINES
        ),
        "too_long": is_none("Citations of more than forty lines", long),
    }


def _list_concept_citations(facts: CourseFacts) -> list[CitedLines]:
    if not facts.modules:
        return []
    evidence = Evidence((), facts.modules[0].evidence.raw)
    return [evidence.look_up(concept.citation) for concept in facts.course.concepts]


def _list_claims(module: ModuleFacts) -> list[Statement]:
    claims = [claim for statement in module.statements for claim in statement.claims]
    return [one for one in claims if one.citation_ids and one.role != "question" and not is_not_shown(one.text)]


def _list_cited_texts(module: ModuleFacts) -> list[tuple[str, tuple[str, ...], bool, Basis]]:
    """Each cited text with its citations, whether it is a table's row, and its basis."""
    texts = [(one.text, one.citation_ids, one.kind == "table_row", one.basis) for one in _list_claims(module)]
    for item in module.module.assessment:
        for piece in split_pieces(item.explanation):
            cited = piece.marks or tuple(item.citation_ids)
            if cited:
                texts.append((piece.text, cited, False, read_basis(item.explanation)))
    return texts
