"""The gates a module passes before it is published, decided from its text and the cited lines alone.

Each finding names its gate, where it stands and the offending text as written, so that a writer can mend or drop it.
"""

from collections.abc import Iterator

from shared.course.anchors import names_facts
from shared.course.code_provenance import find_code_problem
from shared.course.evidence import LONGEST_CITATION_LINES, Evidence
from shared.course.field_text import FieldText
from shared.course.findings import GateFinding, GateReport
from shared.course.frame_gates import check_frame
from shared.course.item_gates import check_items, check_objectives, check_understanding
from shared.course.links_check import find_link_problems, find_unknown_hosts
from shared.course.model import Module
from shared.course.plain_text import hide_code, show_prose
from shared.course.reading import GateContext, ReadModule
from shared.course.statements import Statement
from shared.course.whole_gates import check_whole
from shared.course.wording import find_filler, find_leftover, points_back
from shared.docs.problems import NOT_SHOWN

LOWEST_RECALL = 0.5
MOST_ADDED = 0.5
"""Of the sentences of a lesson, those that a model may add."""


def check_module(module: Module, context: GateContext) -> GateReport:
    """Run every gate over a module; deterministic, findings in reading order of the gates."""
    read = ReadModule(module, context)
    checked = sum(len(text.statements) + len(text.code) for text in read.texts) + len(module.assessment)
    return GateReport(module_id=module.id, checked=checked, findings=check_read(read))


def check_read(read: ReadModule) -> tuple[GateFinding, ...]:
    """Findings over a module that was read already, each once."""
    module, texts, evidence, context = read.module, read.texts, read.evidence, read.context
    findings = (
        *check_citations(read),
        *check_statements(texts, evidence, own_words=context.own_words),
        *check_code(texts, evidence),
        *check_prerequisites(module, context),
        *check_fillers(read),
        *check_links(module, texts, evidence, context),
        *check_reading(read),
        *check_objectives(module),
        *check_items(read),
        *check_understanding(read),
        *check_whole(read),
        *check_frame(read),
    )
    return tuple(dict.fromkeys(findings))


def check_citations(read: ReadModule) -> Iterator[GateFinding]:
    """Q1: each citation resolves and each mark names one. W1: only one of code is longer than forty lines."""
    texts, evidence = read.texts, read.evidence
    for cited in evidence.cited.values():
        if cited.problem:
            yield GateFinding(gate="Q1", where=cited.citation.id, detail=cited.problem)
        elif cited.length > LONGEST_CITATION_LINES and cited.citation.id not in read.code_ids:
            yield GateFinding(gate="W1", where=cited.citation.id, detail=f"a citation of {cited.length} lines")
    for repeated in evidence.repeated_ids:
        yield GateFinding(gate="Q1", where=repeated, detail="two citations have this id")
    for text in texts:
        for statement in text.statements:
            unknown = [i for i in (*statement.own, *statement.citation_ids) if i not in evidence.cited]
            if unknown:
                detail = f"cites {unknown[0]}, which the module does not list"
                yield GateFinding(gate="Q1", where=text.where, detail=detail, sentence=statement.source)


def is_not_shown(text: str) -> bool:
    """Whether a text is the note of what is not shown: names, and no other words."""
    names = text.removesuffix(NOT_SHOWN).strip().removesuffix(" is").removesuffix(" are").replace(" and ", ", ")
    return text.endswith(NOT_SHOWN) and all(len(name.split()) == 1 for name in names.split(", "))


def check_statements(texts: tuple[FieldText, ...], evidence: Evidence, *, own_words: bool) -> Iterator[GateFinding]:
    """Q2, Q3 and Q4 for each sentence, item and row."""
    claims = [claim for text in texts for statement in text.statements for claim in statement.claims]
    # A question states nothing, and what is not shown is named by what its lines lead to.
    claims = [one for one in claims if one.role != "question" and (own_words or not is_not_shown(one.text))]
    for claim in claims:
        yield from check_claim(claim, evidence, own_words=own_words)
    added = [claim for claim in claims if claim.basis != "source"] if own_words else []
    if len(added) > MOST_ADDED * len(claims):
        for claim in added:
            detail = f"{len(added)} of {len(claims)} sentences do not stand on the source"
            yield GateFinding(gate="Q2", where=claim.where, detail=detail, sentence=claim.source)


def check_claim(claim: Statement, evidence: Evidence, *, own_words: bool) -> Iterator[GateFinding]:
    """One text against the lines it cites, or against the rule that it needs some."""
    if own_words and claim.basis != "source":
        yield from _check_added(claim, evidence)
        return
    if not claim.citation_ids:
        yield from _check_uncited(claim)
        return
    missing = evidence.find_missing(claim.text, claim.citation_ids, row=claim.kind == "table_row")
    if missing:
        detail = "not in the cited lines: " + ", ".join(anchor.text for anchor in missing)
        # An author's section is not lost over markup that the source writes in another way.
        taken_over = not own_words and evidence.holds_letters(claim.text, claim.citation_ids)
        gate = "Q3-markup" if taken_over else "Q3"
        yield GateFinding(gate=gate, where=claim.where, detail=detail, sentence=claim.source)
    if claim.kind == "table_header":
        return
    recall = evidence.measure_recall(claim.text, claim.citation_ids)
    if recall < LOWEST_RECALL:
        detail = f"{recall:.0%} of its content words are in the cited lines"
        yield GateFinding(gate="Q4", where=claim.where, detail=detail, sentence=claim.source)


def _check_uncited(claim: Statement) -> Iterator[GateFinding]:
    if claim.kind == "table_header":
        return
    if names_facts(claim.text):
        yield GateFinding(
            gate="Q2", where=claim.where, detail="names a fact and has no citation", sentence=claim.source
        )
    elif claim.role == "claim":
        yield GateFinding(
            gate="Q2-claim", where=claim.where, detail="states something and has no citation", sentence=claim.source
        )


def _check_added(claim: Statement, evidence: Evidence) -> Iterator[GateFinding]:
    """What is made up, worked out or known of the language may have values of its own; what it names is cited."""
    if claim.basis == "worked" and not claim.citation_ids:
        detail = "is worked out, and cites no lines that decide it"
        yield GateFinding(gate="Q2", where=claim.where, detail=detail, sentence=claim.source)
    missing = evidence.find_missing_names(claim.text, claim.citation_ids)
    if missing:
        gate, detail = ("Q3", "not in the cited lines: ") if claim.citation_ids else ("Q2", "not cited: ")
        detail += ", ".join(anchor.text for anchor in missing)
        yield GateFinding(gate=gate, where=claim.where, detail=detail, sentence=claim.source)


def check_code(texts: tuple[FieldText, ...], evidence: Evidence) -> Iterator[GateFinding]:
    """Q5 for each code block."""
    for text in texts:
        for block in text.code:
            problem = find_code_problem(block, evidence)
            if problem:
                yield GateFinding(gate="Q5", where=text.where, detail=problem, sentence=block.text)


def check_prerequisites(module: Module, context: GateContext) -> Iterator[GateFinding]:
    """Q7: the modules that a module builds on are known and come first."""
    for needed in module.prerequisites:
        if needed == module.id or (context.known_modules and needed not in context.known_modules):
            yield GateFinding(gate="Q7", where="prerequisites", detail=f"needs {needed}, which is no earlier module")
        elif context.order.get(needed, -1) >= context.order.get(module.id, len(context.order)):
            yield GateFinding(gate="Q7", where="prerequisites", detail=f"needs {needed}, which comes later")


def check_fillers(read: ReadModule) -> Iterator[GateFinding]:
    """Q19: no filler of our own, nothing empty and nothing twice in a module that says it is complete."""
    module = read.module
    bodies: dict[str, str] = {}
    for text in read.texts:
        yield from _check_filled(text, read)
        body = " ".join(getattr(module, text.where).split())
        if body and body in bodies:
            yield GateFinding(gate="Q19", where=text.where, detail=f"repeats {bodies[body]} word for word")
        bodies.setdefault(body, text.where)
    if module.status == "complete":
        for name in ("title", "main_content"):
            if not getattr(module, name).strip():
                yield GateFinding(gate="Q19", where=name, detail=f"its {name.replace('_', ' ')} is empty")


def _check_filled(text: FieldText, read: ReadModule) -> Iterator[GateFinding]:
    for at, heading in enumerate(text.headings):
        are_names = not read.context.own_words and sum(one.empty for one in text.headings[max(0, at - 1) : at + 2]) > 1
        if heading.empty and not are_names:
            yield GateFinding(
                gate="Q19", where=text.where, detail="a heading with nothing below it", sentence=heading.text
            )
    for statement in text.statements:
        filler = find_filler(show_prose(statement.text)) if read.is_own(statement.citation_ids) else None
        if filler:
            yield GateFinding(gate="Q19", where=text.where, detail=f"filler: {filler}", sentence=statement.source)


def check_links(
    module: Module, texts: tuple[FieldText, ...], evidence: Evidence, context: GateContext
) -> Iterator[GateFinding]:
    """L1: links and pictures resolve, nothing remote is shown, no raw HTML and no script, no host of nobody's."""
    known = context.known_modules | {module.id}
    for problem in find_link_problems(texts, known, context.assets, context.spots):
        yield GateFinding(gate="L1", where=problem.where, detail=problem.detail, sentence=problem.target)
    for where, target in find_unknown_hosts(texts, evidence.read_cited_files(), context.sources.names):
        yield GateFinding(gate="L1", where=where, detail="a host that no cited file names", sentence=target)


def check_reading(read: ReadModule) -> Iterator[GateFinding]:
    """R4: no opening of our own that points back, no markup of the source left over."""
    for text in read.texts:
        for opening in text.openings:
            if read.is_own(opening.cited) and points_back(opening.text):
                yield GateFinding(
                    gate="R4", where=text.where, detail="opens with a word that points back", sentence=opening.text
                )
        shown = [s.source for s in text.statements] + [heading.text for heading in text.headings]
        for source in shown:
            leftover = find_leftover(hide_code(source))
            if leftover:
                yield GateFinding(gate="R4", where=text.where, detail=f"leftover markup: {leftover}", sentence=source)
