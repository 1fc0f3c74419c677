"""The questions of a module ask what its objectives say one can do."""

from dataclasses import replace

import pytest

from services.modules.offline.writer import write_module
from tests.support.whole_course import list_said, make_briefs, teach

LOADS = "Type this:\n\n```python\nfrom harbor import lift\ncrates = [12, 5]\nprint(lift(crates))  # [24, 10]\n```\n"
LINES = (
    "Write this:\n\n```python\nfrom harbor import pay\nwages = [40, 70, 30]\nprint(pay(wages)[1:3])  # [75, 35]\n```\n"
)
WHY = {
    "Porters": "A porter carries parcels from the quay to a depot, and no parcel waits longer than one night. " * 30,
    "Clerks": "Every clerk writes letters about weather, prices and ships for merchants of distant towns. " * 30,
}


def _page(level: str, name: str, times: int) -> str:
    why = "\n\n".join([WHY[name]] * times)
    return f"{level} {name}\n\n{why}\n\n{level}# First day\n\n{LOADS if name == 'Porters' else LINES}"


@pytest.mark.parametrize(
    "files",
    [
        {f"docs/{name.lower()}.md": _page("#", name, 1) for name in WHY},
        {"docs/all.md": "\n\n".join(["# All", *(_page("##", name, 12) for name in WHY)])},
    ],
)
def test_sections_of_one_heading_have_objectives_of_their_own(files: dict[str, str]) -> None:
    taught = teach({path: text.encode() for path, text in files.items()})
    briefs = make_briefs(taught, taught.pathways[0])
    homes = {(ref.document_id, ref.section_id): one.module.id for one in briefs for ref in one.module.sections}
    modules = [write_module(replace(one, homes=homes), list_said(briefs)) for one in briefs]
    stated = {objective.text for module in modules for objective in module.objectives}
    assert stated == {f"Predict the results of the examples in “First day” of “{name}”" for name in WHY}


def test_an_objective_says_what_the_question_asks_where_the_verb_of_the_heading_is_of_another_level() -> None:
    taught = teach({"docs/day.md": f"# Porters\n\n{WHY['Porters']}\n\n## Testing the crew\n\n{LINES}".encode()})
    briefs = make_briefs(taught, taught.pathways[0])
    stated = [objective.text for one in briefs for objective in write_module(one, list_said(briefs)).objectives]
    assert stated == ["Predict the results of the examples in “Testing the crew” of “Porters”"]


def test_an_objective_names_what_its_question_calls_where_the_section_tells_of_it() -> None:
    told = "Only with `lift` the crates come aboard.\n\n"
    taught = teach({"docs/day.md": f"# Porters\n\n{WHY['Porters']}\n\n## Tips & tricks\n\n{told}{LOADS}".encode()})
    briefs = make_briefs(taught, taught.pathways[0])
    stated = [objective.text for one in briefs for objective in write_module(one, list_said(briefs)).objectives]
    assert stated == ["Predict the results of `lift` in “Tips & tricks” of “Porters”"]


def test_an_objective_names_nothing_that_another_question_of_its_section_is_about() -> None:
    told = "Only with `lift` the crates come aboard, and `lower` brings them back.\n\n"
    turns = "Or type this:\n\n```python\nfrom harbor import lower\nsacks = [3, 8]\nprint(lower(sacks))  # [1, 4]\n```\n"
    text = f"# Porters\n\n{WHY['Porters']}\n\n## Tips & tricks\n\n{told}{LOADS}\n{turns}"
    briefs = make_briefs(taught := teach({"docs/day.md": text.encode()}), taught.pathways[0])
    modules = [write_module(one, list_said(briefs)) for one in briefs]
    stated = {one.id: one.text for module in modules for one in module.objectives}
    asked = {stated[i]: item.stem for module in modules for item in module.assessment for i in item.objective_ids}
    assert [(text, "lower(" in stem) for text, stem in asked.items()] == [
        ("Predict the results of `lift` in “Tips & tricks” of “Porters”", False),
        ("Predict the results of `lower` in “Tips & tricks” of “Porters”", True),
    ]


def test_an_objective_names_what_the_last_line_calls_where_the_section_speaks_of_it() -> None:
    told = "Only with `lift` the crates come aboard.\n\n"
    for text, name in ((f"{told}{LOADS}", "`lift`"), (LOADS, "the examples")):
        page = f"# Porters\n\n{WHY['Porters']}\n\n## Tips & tricks\n\n{text}"
        briefs = make_briefs(taught := teach({"docs/day.md": page.encode()}), taught.pathways[0])
        stated = [objective.text for one in briefs for objective in write_module(one, list_said(briefs)).objectives]
        assert stated == [f"Predict the results of {name} in “Tips & tricks” of “Porters”"]
