from collections.abc import Sequence

from services.modules.assembly.repeats import drop_repeated_items, drop_repeated_lines
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


def ids(modules: list[Module]) -> list[list[str]]:
    return [[one.id for one in module.assessment] for module in modules]


def named(prefix: str, names: str, aims: Sequence[str] = ()) -> list[Item]:
    """Items of the stems by these names, their ids begun with a prefix; `aims` are the objectives of the first ones."""
    given = [*aims, *["o1"] * len(names)]
    return [
        item(name, STEMS[name], aim).model_copy(update={"id": prefix + name})
        for name, aim in zip(names, given, strict=False)
    ]


def test_an_item_that_another_module_of_the_way_asks_is_dropped_with_its_citation() -> None:
    first, second = module(1, named("a", "w")), module(2, named("b", "wxyz"))
    left = drop_repeated_items([first, second], [["m1", "m2"]])
    assert ids(left) == [["aw"], ["bx", "by", "bz"]]
    assert "c_w" not in {citation.id for citation in left[1].citations}


def test_of_two_items_the_one_goes_whose_module_has_more() -> None:
    first, second = module(1, named("a", "wxy")), module(2, named("b", "w"))
    assert ids(drop_repeated_items([first, second], [["m1", "m2"]])) == [["ax", "ay"], ["bw"]]


def test_modules_of_different_ways_do_not_ask_the_same() -> None:
    modules = [module(1, named("a", "wx")), module(2, named("b", "y")), module(3, named("c", "wyz"))]
    assert ids(drop_repeated_items(modules, [["m1", "m2"], ["m3"]])) == [["aw", "ax"], ["by"], ["cz"]]


def test_equal_stems_are_repeats_however_much_their_options_differ() -> None:
    other = named("b", "w")[0]
    options = [
        Option(id=one.id, text=f"{one.text} " + " ".join(f"{one.id}{i}" for i in range(20))) for one in other.options
    ]
    modules = [module(1, named("a", "w")), module(2, [other.model_copy(update={"options": options})])]
    assert ids(drop_repeated_items(modules, [["m1", "m2"]])) == [["aw"], []]


def test_an_objective_of_a_dropped_item_is_tested_by_another_only_if_a_person_wrote_it() -> None:
    first, second = module(1, named("a", "w")), module(2, named("b", "wxy", ["o2"]))
    for given, tested in ((frozenset({"Use it"}), {"o1", "o2"}), (frozenset(), {"o1"})):
        left = drop_repeated_items([first, second], [["m1", "m2"]], given)[1]
        assert {aim for one in left.assessment for aim in one.objective_ids} == tested
        assert {one.id for one in left.objectives} == tested


def test_an_objective_that_is_left_without_an_item_goes_unless_a_person_wrote_it() -> None:
    modules = [module(1, named("a", "w")), module(2, named("b", "w"))]
    assert drop_repeated_items(modules, [["m1", "m2"]])[1].objectives == []
    assert drop_repeated_items(modules, [["m1", "m2"]], frozenset({"Use it"}))[1].objectives == modules[1].objectives


def test_a_call_is_asked_for_once() -> None:
    gaps = [
        item("argument", stem).model_copy(update={"id": i, "form": "fill_call"})
        for i, stem in (("a", "Paths: which name belongs in `____('filename', exists=True)`?"), ("b", STEMS["w"]))
    ]
    modules = [module(1, [gaps[0]]), module(2, [gaps[1]])]
    assert ids(drop_repeated_items(modules, [["m1", "m2"]])) == [["a"], []]
    assert ids(drop_repeated_items(modules, [["m1"], ["m2"]])) == [["a"], []]
    other = gaps[1].model_copy(update={"key": ["b"]})
    assert ids(drop_repeated_items([modules[0], module(2, [other])], [["m1", "m2"]])) == [["a"], ["b"]]


def test_a_line_that_an_earlier_module_sums_up_is_dropped_with_its_citation() -> None:
    first, second, third = (
        module(i, []).model_copy(update={"id": f"m{i}", "summary": text, "citations": [cited(f"c{i}"), cited("c9")]})
        for i, text in (
            (1, "- It is *fast*.[^c1]"),
            (2, "- It is fast.[^c2]\n- It is safe.[^c9]"),
            (3, "- It is fast."),
        )
    )
    left = drop_repeated_lines([first, second, third], [["m1", "m2"], ["m2", "m1"], ["m3"]])
    assert [one.summary for one in left] == [first.summary, "- It is safe.[^c9]", third.summary]
    assert [citation.id for citation in left[1].citations] == ["c9"]


def test_an_introduction_and_a_conclusion_stand_once_on_a_way() -> None:
    first, second, third = (
        module(i, []).model_copy(update={"id": f"m{i}", "introduction": "See *it*.", "conclusion": "Up next is it."})
        for i in (1, 2, 3)
    )
    left = drop_repeated_lines([first, second, third], [["m1", "m2"], ["m3", "m0"]])
    assert [(one.introduction, one.conclusion) for one in left] == [
        ("See *it*.", "Up next is it."), ("", ""), ("See *it*.", "Up next is it.")
    ]  # fmt: skip


def test_a_word_that_comes_later_is_named_once_on_a_way() -> None:
    later = "- Later: [Plans](#m9)."
    first, second = (
        module(i, []).model_copy(update={"introduction": f"Module {i} is about it.\n\n{later}"}) for i in (1, 2)
    )
    left = drop_repeated_lines([first, second], [["m1", "m2"]])
    assert [one.introduction for one in left] == [first.introduction, "Module 2 is about it."]


def cited(name: str) -> Citation:
    return Citation(id=name, source_id="s", path="a", start_line=1, end_line=1, sha256="")
