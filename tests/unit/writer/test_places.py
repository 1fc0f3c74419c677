from dataclasses import replace

from shared.engine.offline.lesson_select import Measure, select_parts
from shared.engine.offline.writer import write_module
from shared.engine.port import ModuleBrief
from shared.engine.types import LearningObjective

from .sample import GUIDE, REFERENCE, check, make_brief
from .test_selecting import part

QUOTAS = "\n## Reading quotas\n\nSee [the reference](reference.md).\n"
PLANNED = (("Set the name of a stream", "Reading quotas"), ("Create a stream", "Creating a stream"),
           ("Publish messages", "Publishing messages"))  # fmt: skip


def plan(guide: str, *aims: tuple[str, str]) -> ModuleBrief:
    """A brief for a guide, with these objectives: text, and the heading of the section each is about."""
    brief = make_brief({"docs/guide.md": guide, "docs/reference.md": REFERENCE})
    ids = {section.heading: section.id for section in next(iter(brief.documents.values())).sections}
    made = tuple(LearningObjective(text=text, bloom="apply", section_id=ids[heading]) for text, heading in aims)
    return replace(brief, module=brief.module.model_copy(update={"learning_objectives": made}))


def test_an_objective_is_promised_only_when_its_section_is_in_the_lesson() -> None:
    brief = plan(GUIDE + QUOTAS, *PLANNED)
    module = write_module(brief)
    promised = [objective.text for objective in module.objectives]
    assert promised[:2] == ["Create a stream", "Publish messages"]
    assert "Set the name of a stream" not in promised
    assert "set the name" not in (module.introduction + module.conclusion).lower()
    assert check(brief, module).findings == ()


def test_an_item_counts_only_for_the_objective_whose_section_it_cites() -> None:
    text, heading = PLANNED[1]
    brief = plan(GUIDE, (text, heading))
    module = write_module(brief)
    document = next(iter(brief.documents.values()))
    at = next(i for i, section in enumerate(document.sections) if section.heading == heading)
    lines = range(document.sections[at].start_line, document.sections[at + 1].start_line)
    objective = next(o for o in module.objectives if o.text == text)
    items = [item for item in module.assessment if objective.id in item.objective_ids]
    cited = {citation.id: citation.start_line for citation in module.citations}
    assert items
    assert all(cited[i] in lines for item in items for i in item.citation_ids)


def test_a_document_whose_objectives_cannot_be_tested_is_summed_up() -> None:
    brief = plan(GUIDE + QUOTAS, *PLANNED[:1])
    module = write_module(brief)
    assert [objective.text for objective in module.objectives] == ["Summarize the main ideas of “Working with streams”"]
    assert len(module.assessment) >= 3
    assert check(brief, module).findings == ()


def test_a_section_that_an_objective_is_about_keeps_its_heart_however_deep_it_stands() -> None:
    parts = [part("a", 1, 90, 90), part("a.a", 2, 90), part("a.b", 2, 90)]
    chosen = select_parts(parts, Measure(100, 10, 10, 100), frozenset({"a.b"}))
    assert [len(one.passages) for one in chosen] == [1, 0, 1]
