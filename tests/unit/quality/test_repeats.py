from services.modules.assembly.repeats import drop_repeated_items
from shared.course.model import Citation, Item, Module, Objective, Option


def item(name: str, stem: str, aim: str = "o1") -> Item:
    options = [Option(id="a", text=f"`{name}`"), Option(id="b", text="`other`"), Option(id="c", text="`third`")]
    return Item(
        id=name, kind="single_choice", stem=stem, options=options, key=["a"], explanation="Because.",
        objective_ids=[aim], bloom="understand", citation_ids=[f"c_{name}"],
    )  # fmt: skip


def module(number: int, items: list[Item]) -> Module:
    aims = dict.fromkeys(aim for one in items for aim in one.objective_ids)
    cited = [citation for one in items for citation in one.citation_ids]
    return Module(
        id=f"m{number}", order=number, title="T", description="D", estimated_minutes=1, status="complete", problems=[],
        objectives=[Objective(id=aim, text="Use it", bloom="understand") for aim in aims], prerequisites=[],
        document_ids=[], introduction="A.", main_content="B.", conclusion="C.", summary="D.", assessment=items,
        citations=[Citation(id=i, source_id="s", path="a", start_line=1, end_line=1, sha256="") for i in cited],
    )  # fmt: skip


STEMS = {
    "w": "Which name opens a connection to the server of the company?",
    "x": "Which setting limits the space that a stream takes on disk?",
    "y": "Which method sends one message and waits for its answer?",
    "z": "Which command prints the version of the program in use?",
}


def test_an_item_that_an_earlier_module_asks_is_dropped_with_its_citation() -> None:
    first = module(1, [item("w", STEMS["w"])])
    second = module(2, [item(name, stem, "o1") for name, stem in STEMS.items()])
    left = drop_repeated_items([first, second])
    assert left[0] == first
    assert [one.id for one in left[1].assessment] == ["x", "y", "z"]
    assert "c_w" not in {citation.id for citation in left[1].citations}


def test_an_objective_of_a_dropped_item_is_tested_by_another() -> None:
    first = module(1, [item("w", STEMS["w"])])
    second = module(2, [item(name, stem, "o2" if name == "w" else "o1") for name, stem in STEMS.items()])
    left = drop_repeated_items([first, second])[1]
    assert {aim for one in left.assessment for aim in one.objective_ids} == {"o1", "o2"}


def test_a_module_keeps_three_items_even_if_one_is_repeated() -> None:
    first = module(1, [item("w", STEMS["w"])])
    second = module(2, [item(name, STEMS[name]) for name in ("w", "x", "y")])
    assert drop_repeated_items([first, second]) == [first, second]
