"""An objective that a person wrote is in the course, whatever the documents say and whatever questions test."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from services.doc_analyser.offline.graph import build_graph
from services.gateway.course.commands import EditModule, ObjectiveText
from services.gateway.stages.revisions import revise
from services.gateway.write.pathway_edits import edit
from services.pathway.offline.pathways import propose
from shared.course.audience import Audience
from shared.course.model import Course
from shared.docs.navigation import Navigation
from shared.engine.payloads import AnalysisSet
from shared.engine.port import ProjectFacts
from tests.support.whole_course import Taught, make_courses, teach
from tests.unit.writer.sample import FILES

GIVEN = "Persuade a colleague that teapots matter"
NEAR = "Publish a message and wait for the acknowledgement"
DOCUMENTS = {
    **FILES,
    "docs/bare.md": "# Bare\n\n## Empty\n\n## Limits\n\nA limit is a number that the server keeps to. Each limit holds "
    "for one stream, and a message that would pass it is refused.\n",
}


def texts_of(course: Course) -> list[str]:
    return [objective.text for module in course.modules for objective in module.objectives]


def corrected(taught: Taught, text: str) -> Taught:
    """The analyses after PATCH analyzed-documents for every document."""
    analyses = [
        revise(one, {"learning_objectives": [*(o.text for o in one.learning_objectives), f"{text} of {one.path}"]})
        for one in taught.analyses
    ]
    return replace(taught, analyses=analyses)


def proposed_again(taught: Taught) -> Taught:
    graph = build_graph(taught.analyses, Navigation())
    known = AnalysisSet(analyses=tuple(taught.analyses), graph=graph)
    pathways = propose(known, ProjectFacts("acme/widgets"), Audience(taught.level))
    return replace(taught, pathways=pathways)


@pytest.fixture(scope="module")
def taught() -> Taught:
    return teach({path: text.encode() for path, text in DOCUMENTS.items()})


@pytest.mark.parametrize("text", [GIVEN, NEAR, "Глубоко понять предмет"])
@pytest.mark.parametrize("then", [proposed_again, lambda taught: taught], ids=["before stage 3", "after stage 3"])
def test_an_objective_written_for_a_document_is_in_the_course_once(
    taught: Taught, text: str, then: Callable[[Taught], Taught]
) -> None:
    whole = make_courses(then(corrected(taught, text)))[0]
    wanted = [f"{text} of {path}" for path in DOCUMENTS]
    assert sorted(one for one in texts_of(whole) if one in wanted) == sorted(wanted)


def test_objectives_written_for_a_module_are_among_its_objectives(taught: Taught) -> None:
    pathway = taught.pathways[0]
    texts = [GIVEN, NEAR, *(f"Explain part {number}" for number in range(8))]
    change = EditModule(pathway.modules[0].id, None, None, None, tuple(ObjectiveText(one, "apply") for one in texts))
    changed, _ = edit(pathway, change, {one.document_id: one for one in taught.analyses}, {})
    course = make_courses(replace(taught, pathways=(changed,)))[0]
    found = [objective.text for objective in course.modules[0].objectives]
    assert set(texts) <= set(found)  # others come beside them where no question can test these
    assert len(set(found)) == len(found)


def test_other_documents_for_a_module_leave_what_a_person_wrote(taught: Taught) -> None:
    by_id = {one.document_id: one for one in taught.analyses}
    pathway, first = taught.pathways[0], taught.pathways[0].modules[0].id
    pathway, _ = edit(pathway, EditModule(first, None, None, None, (ObjectiveText(GIVEN, "apply"),)), by_id, {})
    pathway, _ = edit(pathway, EditModule(first, None, None, (taught.analyses[1].document_id,), None), by_id, {})
    assert GIVEN in [one.text for one in pathway.modules[0].learning_objectives]
    assert GIVEN in texts_of(make_courses(replace(taught, pathways=(pathway,)))[0])
