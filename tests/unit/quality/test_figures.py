import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.course.item_recall import list_keys
from shared.course.model import Course, Item, Module, PathwaySection
from shared.course.quality import list_missed, measure
from shared.course.quality_concepts import find_home, find_unnamed
from shared.course.quality_figures import read_course
from shared.course.quality_items import chi_square_p
from shared.course.quality_order import count_cyclic, list_h2, measure_distance
from shared.docs.model import Document
from shared.docs.reader import read_document

from .sample import course
from .sample_repository import FILES, read_raw

DOCUMENTS: list[Document] = [read_document(path, data, {}) for path, data in FILES.items()]


def _measure(measured: Course) -> dict[str, Any]:
    return measure(measured, read_raw, DOCUMENTS)


def _with(**changes: object) -> Course:
    return course().model_copy(update=changes)


def _with_modules(change: Callable[[Module], Module]) -> Course:
    return _with(modules=[change(module) for module in course().modules])


def _adding(text: str) -> Course:
    return _with_modules(lambda m: m.model_copy(update={"main_content": f"{m.main_content}\n\n{text}"}))


def _with_concepts(needs: dict[str, list[str]]) -> Course:
    concepts = [c.model_copy(update={"prerequisites": needs.get(c.id, [])}) for c in course().concepts]
    return _with(concepts=concepts)


def test_a_true_course_meets_every_target() -> None:
    assert list(list_missed(_measure(course()))) == []


def test_the_same_course_gives_the_same_bytes_whatever_its_stored_figures() -> None:
    stored = _with(quality={"Q1": {}})
    assert json.dumps(_measure(course())) == json.dumps(_measure(stored))


def test_a_share_states_what_it_counted() -> None:
    figure = _measure(course())["Q6"]["sections"]
    assert (figure["numerator"], figure["denominator"], figure["value"], figure["ok"]) == (7, 7, 1.0, True)


def _reverse(measured: Course) -> Course:
    modules = list(reversed(measured.modules))
    return measured.model_copy(
        update={"modules": [module.model_copy(update={"order": i}) for i, module in enumerate(modules, 1)]}
    )


def _without_marks(module: Module) -> Module:
    text = "Water is warm. Tea is good. Cups are round. Spoons are small. Kitchens are bright."
    return module.model_copy(update={"introduction": text})


MISSED: dict[str, Callable[[], Course]] = {
    "Q1 resolving": lambda: _with_modules(
        lambda m: m.model_copy(update={"citations": [c.model_copy(update={"sha256": "0" * 64}) for c in m.citations]})
    ),
    "Q1 unknown": lambda: _adding("Kettle is small.[^none]"),
    "Q2 cited": lambda: _with_modules(_without_marks),
    "Q2 uncited_facts": lambda: _adding("You pass --force to it."),
    "Q3 anchors": lambda: _with_modules(
        lambda m: m.model_copy(update={"summary": m.summary.replace("12 boils", "13 boils")})
    ),
    "Q4 unsupported": lambda: _adding("Giraffes wander quietly.[^s1][^p1][^e1]"),
    "Q5 unproven": lambda: _adding("```sh\nkettle status\n```"),
    "Q5 adapted": lambda: _adding("```sh cite=s6 adapted\nkettle status\n```"),
    "Q5 showing": lambda: _with_modules(_without_code),
    "Q6 documents": lambda: _with(documents=[replace(d, reason="left out by the pathway") for d in course().documents]),
    "Q6 sections": lambda: _with_modules(lambda m: m.model_copy(update={"main_content": "Text.", "summary": "Text."})),
    "Q6 reasons": lambda: _with(documents=[replace(d, reason="") for d in course().documents]),
    "Q7 backwards": lambda: _reverse(course()),
    "Q7 cycles": lambda: _with_concepts({"k-plan": ["k-alarm"], "k-alarm": ["k-plan"]}),
    "Q7 edges": lambda: _with_concepts({"k-boil": ["a", "b", "c", "d"] * 3}),
    "Q7 early_terms": lambda: _adding("A plan is an alarm."),
    "Q9 objectives_tested": lambda: _with_modules(lambda m: m.model_copy(update={"assessment": []})),
    "Q9 items_aligned": lambda: _with_modules(lambda m: m.model_copy(update={"objectives": []})),
    "Q9 verbs": lambda: _with_objectives(text="Knowing things"),
    "Q9 levels": lambda: _with_objectives(bloom="create"),
    "Q10 acceptable": lambda: _with_items(stem="Which thing is usually not so?"),
    "Q10 mean": lambda: _with_items(stem="Which thing is usually so?"),
    "Q11 supported": lambda: _with_items(key=["zzz"]),
    "Q11 near_equal": lambda: _with_items(stem="Which thing is so?"),
    "Q11 forms": lambda: _with_items(form="choose"),
    "Q12 in_band": lambda: _with_modules(
        lambda m: m.model_copy(update={"introduction": "Extraordinarily incomprehensible terminology " * 60 + "."})
    ),
    "Q13 pathways": lambda: _with(pathways=course().pathways[:2]),
    "Q13 distance": lambda: _with(pathways=[course().pathways[0]] * 3),
    "Q19 fillers": lambda: _adding("More content is coming soon."),
    "Q19 repeated": lambda: _with_modules(lambda m: m.model_copy(update={"summary": "Kettle is small.[^s1]"})),
    "K1 whole": lambda: _with_modules(_without_sentences),
    "K1 median": lambda: _with_modules(_without_sentences),
    "K1 forgotten": lambda: _with_modules(_without_sentences),
    "K2 cut": lambda: _replaced("| `label` | The words on the screen. |\n", ""),
    "K2 skips": lambda: _replaced("3. Press", "4. Press"),
    "K3 shown": lambda: _with_modules(_without_code),
    "K3 cut": lambda: _replaced("\nkettle status\n", "\n"),
    "K4 lines": lambda: _with_modules(_without_sentences),
    "K5 held": lambda: _with_modules(
        lambda m: m.model_copy(update={"summary": "- Water is wet and warm.[^s1][^p1][^e1]"})
    ),
    "K6 recall": lambda: _with_items(stem="Which word is missing in “Kettle is a small ___ that boils water”?"),
    "K6 where": lambda: _with_items(stem="Under which heading does it stand?"),
    "K6 second": lambda: _with_modules(_with_twins),
    "K6 kind": lambda: _with_modules(_with_strangers),
    "K6 own": lambda: _with_modules(_with_made_up_keys),
    "K7 concepts": lambda: _adding("Kettle boils the water of a plan. " * 400),
    "K7 edges": lambda: _with_concepts({}),
    "K7 modules": lambda: _with(concepts=course().concepts[:1]),
    "K7 named": lambda: _with_concepts({"k-boil": ["k-alarm"], "k-plan": ["k-alarm"]}),
    "K8 ids": lambda: _with_objectives(id="o"),
    "K8 equal": lambda: _with_objectives(text="Write a plan"),
    "K8 named": lambda: _with_objectives(text="Explain giraffes"),
    "K8 kept": lambda: _with_modules(_without_sentences),
    "K9 minutes": lambda: _with_modules(lambda m: m.model_copy(update={"estimated_minutes": 30})),
    "K10 fillers": lambda: _adding("You have come some way already."),
    "K10 most": lambda: _adding("You have come some way already. Take a breath."),
    "K11 makers": lambda: _with(documents=[replace(d, title="Contributing") for d in course().documents]),
    "R1 repeated": lambda: _adding("Kettle is a small program."),
    "R1 fragments": lambda: _adding("- small\n- smaller\n- smallest\n- tiny\n- tiniest"),
    "R4 pointing_back": lambda: _adding("## More\n\nHowever, Kettle is small."),
    "R4 leftovers": lambda: _adding("!!! note\n\nText."),
    "L1 broken": lambda: _adding("See [this](guide.md)."),
}


def _replaced(before: str, after: str) -> Course:
    return _with_modules(lambda m: m.model_copy(update={"main_content": m.main_content.replace(before, after)}))


def _without_sentences(module: Module) -> Module:
    """The first sentence of each section and nothing else of it; of the last section nothing at all."""
    parts = module.main_content.split("## ")[1:-1]
    cut = ["## " + part[: part.index("]") + 1] for part in parts]
    return module.model_copy(update={"main_content": "\n\n".join(cut)})


def _without_code(module: Module) -> Module:
    return module.model_copy(update={"main_content": re.sub(r"```.*?```", "", module.main_content, flags=re.DOTALL)})


def _with_items(**changes: object) -> Course:
    return _with_modules(
        lambda m: m.model_copy(update={"assessment": [i.model_copy(update=changes) for i in m.assessment]})
    )


def _with_objectives(**changes: object) -> Course:
    return _with_modules(
        lambda m: m.model_copy(update={"objectives": [o.model_copy(update=changes) for o in m.objectives]})
    )


def _with_option(item: Item, text: str) -> Item:
    """The item with another text for its first wrong option."""
    wrong = next((option.id for option in item.options if option.id not in item.right), "")
    options = [o.model_copy(update={"text": text, "citation_ids": []}) if o.id == wrong else o for o in item.options]
    return item.model_copy(update={"options": options})


def _change_choices(module: Module, change: Callable[[Item], Item]) -> Module:
    items = [change(item) if item.kind == "single_choice" else item for item in module.assessment]
    return module.model_copy(update={"assessment": items})


def _with_twins(module: Module) -> Module:
    return _change_choices(module, lambda item: _with_option(item, f"The {list_keys(item)[0]}"))


def _with_strangers(module: Module) -> Module:
    return _change_choices(module, lambda item: _with_option(item, "--force"))


def _with_made_up_keys(module: Module) -> Module:
    def change(item: Item) -> Item:
        options = [o.model_copy(update={"text": "`my_plan`"}) if o.id in item.right else o for o in item.options]
        return item.model_copy(update={"options": options})

    return _change_choices(module, change)


@pytest.mark.parametrize("name", MISSED)
def test_a_figure_shows_what_is_missed(name: str) -> None:
    assert name in list(list_missed(_measure(MISSED[name]())))


def test_a_list_of_links_alone_does_not_make_a_module_hard_to_read() -> None:
    links = "\n".join(f"- [Extraordinarily incomprehensible terminology {n}](https://a.example/{n})" for n in range(20))
    assert "Q12 in_band" not in list(list_missed(_measure(_adding(links))))


@pytest.mark.parametrize(
    ("name", "told", "is_early"),
    [
        ("invoke", "Boil water, invoke it.", False), ("invoke", "Boil water with `invoke`.", True),
        ("invoker", "Boil water, invoker it.", True), ("steam", "Boil the steam.", True),
        ("run", "The kettle runs it.", False), ("run", "Use `kettle run` first.", True),
        ("run", "Use **run** first.", True), ("Map", "Put it on the map.", False), ("Map", "`map` is a word.", False),
        ("Map", "Put it in a `Map`.", True), ("run loop", "The run loop ends.", True),
        ("steam", "Look into etc/steam.yml, or use --steam.", False),
        ("steam", "Look.\n\n#### Steam\n\nHere it is.", False),
    ],
)  # fmt: skip
def test_prose_says_a_plain_word_that_is_code_only_where_it_is_marked(name: str, told: str, *, is_early: bool) -> None:
    raw = b"# More\n\nThe command `run` fills a `Map`.\n"
    named = [c.model_copy(update={"name": name, "gloss": "Boils water."}) for c in course().concepts]
    measured = _adding(told).model_copy(update={"concepts": named})
    documents = [*DOCUMENTS, read_document("docs/more.md", raw, {})]
    assert ("Q7 early_terms" in list(list_missed(measure(measured, read_raw, documents)))) is is_early


def test_a_home_names_the_terms_of_its_definitions() -> None:
    needing, needed, *_ = course().concepts
    path, home = DOCUMENTS[0].path, PathwaySection(document_id=course().documents[0].id, heading="Pour")
    needing = needing.model_copy(update={"prerequisites": [needed.id], "home": home})
    entries = [replace(entry, path=path) for entry in course().documents[:1]]
    named = needed.model_copy(update={"name": "BoilError", "prerequisites": []})
    made = _with(concepts=[needing, named], documents=entries)
    for told, unnamed in (("`BoilError`\n: When it is cold.", 0), ("When it is cold.", 1)):
        document = read_document(path, f"# More\n\n## Pour\n\n{told}\n".encode(), {})
        assert len(list(find_unnamed(read_course(made, read_raw, [document])))) == unnamed


def test_a_link_whose_text_is_a_name_with_underscores_says_the_name() -> None:
    named = [c.model_copy(update={"name": "__boil__", "gloss": "Boils water."}) for c in course().concepts]
    for told, is_early in (("Use `__boil__`.", True), (f"Use [`__boil__`](#{course().modules[1].id}).", False)):
        measured = _adding(told).model_copy(update={"concepts": named})
        assert ("Q7 early_terms" in list(list_missed(_measure(measured)))) is is_early


@pytest.mark.parametrize(("gloss", "is_early"), [("Run the water.", False), ("A run is one boil of water.", True)])
def test_a_word_that_a_sentence_defines_is_no_mere_name_of_code(gloss: str, *, is_early: bool) -> None:
    named = [c.model_copy(update={"name": "run", "gloss": gloss}) for c in course().concepts]
    documents = [*DOCUMENTS, read_document("docs/more.md", b"# More\n\nThe command `run` boils.\n", {})]
    measured = _adding("Each run is short.").model_copy(update={"concepts": named})
    assert ("Q7 early_terms" in list(list_missed(measure(measured, read_raw, documents)))) is is_early


def test_the_home_of_a_concept_is_found_where_its_section_opens_with_lines_of_another_file() -> None:
    text = b'```python\n--8<-- "src/k.py"\n```\n\nA boil heats the water.\n\n## End\n\nBye now, kettle.\n'
    document = read_document("docs/start.md", text, {"src/k.py": b"\n" * 40 + b"x = 1\n"})
    boil = course().concepts[0]
    cited = boil.citation.model_copy(update={"start_line": 5, "end_line": 5})
    home = PathwaySection(document_id="d-start", heading="Kettle")
    facts = read_course(course(), read_raw, [document])
    found = find_home(boil.model_copy(update={"citation": cited, "home": home}), facts)
    assert found is not None
    assert found.heading == "Start"


def test_the_engine_with_a_model_may_adapt_a_tenth_of_its_code() -> None:
    engine = course().engine.model_copy(update={"name": "anthropic"})
    figure = measure(_with(engine=engine), read_raw, DOCUMENTS)["Q5"]["adapted"]
    assert figure["target"] == "<= 10 %"


def test_true_false_items_with_one_key_are_skewed() -> None:
    measured = _with(modules=[m for m in course().modules if m.id != "m-plans"])
    assert "Q11 true_false" in list(list_missed(_measure(measured)))


def test_keys_that_all_stand_first_are_skewed() -> None:
    def first(module: Module) -> Module:
        items = [
            i.model_copy(update={"key": ["a"], "id": f"{i.id}{n}"})
            for n in range(4)
            for i in module.assessment
            if i.kind == "single_choice"
        ]
        return module.model_copy(update={"assessment": items})

    assert "Q11 position_p" in list(list_missed(_measure(_with_modules(first))))


@pytest.mark.parametrize(
    ("value", "freedom", "p"),
    [(3.841, 1, 0.05), (5.991, 2, 0.05), (7.815, 3, 0.05), (9.488, 4, 0.05), (11.07, 5, 0.05), (0.0, 3, 1.0)],
)
def test_chi_square_matches_the_published_tables(value: float, freedom: int, p: float) -> None:
    assert chi_square_p(value, freedom) == pytest.approx(p, abs=2e-4)


def test_pathways_of_the_same_sections_differ_by_their_order() -> None:
    whole = course().pathways[0]
    assert measure_distance(whole, whole) == 0
    turned = whole.model_copy(
        update={
            "modules": [m.model_copy(update={"sections": list(reversed(m.sections))}) for m in reversed(whole.modules)]
        }
    )
    assert measure_distance(whole, turned) == 2.0


def test_a_cycle_is_counted_with_what_hangs_on_it() -> None:
    assert count_cyclic(course()) == 0
    assert count_cyclic(_with_concepts({"k-plan": ["k-plan"], "k-alarm": ["k-plan"]})) == 2
    assert count_cyclic(_with_concepts({"k-plan": ["k-none"], "k-alarm": []})) == 1


def test_a_section_of_level_two_holds_its_subsections() -> None:
    text = b"# T\n\n## A\n\nx\n\n### B\n\ny\n\n## C\n\nz\n"
    assert list_h2(read_document("d.md", text, {})) == [[("d.md", 3, 10)], [("d.md", 11, 13)]]


def test_a_section_of_level_two_holds_the_lines_that_it_shows_of_other_files() -> None:
    files = {"p.py": b"def run():\n    'Run.'\n"}
    text = b"Tt\n==\n\nAa\n--\n\n.. autofunction:: p.run\n"
    assert list_h2(read_document("d.rst", text, files)) == [[("d.rst", 4, 7), ("p.py", 1, 1), ("p.py", 2, 2)]]


def test_a_course_of_another_language_is_not_graded() -> None:
    assert _measure(_with(language="de"))["Q12"]["in_band"]["ok"] is None


def test_a_course_without_modules_is_measured_too() -> None:
    assert list(list_missed(_measure(_with(modules=[], concepts=[])))) == ["Q6 sections"]
