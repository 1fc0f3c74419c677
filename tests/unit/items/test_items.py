from collections import Counter
from itertools import permutations

import pytest

from shared.course.evidence import Evidence as Cited
from shared.course.flaws import find_flaws
from shared.course.key_support import find_key_problem, find_second_answers
from shared.course.near_items import compare_items
from shared.course.plain_text import show_plain
from shared.course.wording import level_distance
from shared.engine.offline.items_code import gather_names
from shared.engine.offline.items_facts import Fact, is_clear, names_itself
from shared.engine.offline.items_forms import describe_shape, word_stem
from shared.engine.offline.items_options import Candidate, choose_options, place_key, rank_distractors, shuffle_options
from shared.engine.offline.lesson import Code, Part, Passage
from shared.engine.offline.lesson_parts import HeadedPart
from shared.engine.offline.writer import write_module
from shared.engine.offline.writer_evidence import Span
from tests.unit.writer.sample import GUIDE, make_brief, make_concept, with_concepts


def test_each_item_is_free_of_flaws_and_its_key_follows_from_its_lines() -> None:
    brief = make_brief()
    module = write_module(brief)
    evidence = Cited(module.citations, brief.raw)
    for item in module.assessment:
        assert find_flaws(item) == ()
        assert find_key_problem(item, evidence) is None
        assert not list(find_second_answers(item, evidence))


def test_a_module_has_several_items_of_several_kinds() -> None:
    items = write_module(make_brief()).assessment
    assert 3 <= len(items) <= 6
    assert len({item.kind for item in items}) >= 3


def test_at_most_one_item_of_a_module_is_true_or_false_or_has_a_gap() -> None:
    for position in (0, 1):
        kinds = Counter(item.kind for item in write_module(make_brief(position=position)).assessment)
        assert kinds["true_false"] + kinds["cloze"] <= 1


def test_items_and_objectives_belong_together_on_near_levels() -> None:
    module = write_module(make_brief())
    levels = {objective.id: objective.bloom for objective in module.objectives}
    tested = {objective for item in module.assessment for objective in item.objective_ids}
    assert tested == set(levels)
    for item in module.assessment:
        assert all(level_distance(item.bloom, levels[objective]) <= 1 for objective in item.objective_ids)


def test_no_two_items_of_a_module_ask_the_same() -> None:
    items = write_module(make_brief()).assessment
    assert all(compare_items(a, b) <= 0.8 for i, a in enumerate(items) for b in items[:i])


def test_steps_are_shown_out_of_order_and_keyed_in_order() -> None:
    ordering = [item for item in write_module(make_brief()).assessment if item.kind == "ordering"]
    texts = [[next(o.text for o in item.options if o.id == key) for key in item.key] for item in ordering]
    assert any(text[0].startswith("Connect the client") and text[-1].startswith("Call `publish`") for text in texts)
    assert all([option.id for option in item.options] != item.key for item in ordering)


def test_a_definition_is_asked_without_giving_the_term_away() -> None:
    brief = make_brief()
    sentence = "A consumer is a cursor that remembers which messages a service has read."
    line = next(i for i, text in enumerate(GUIDE.split("\n"), start=1) if text.startswith("A consumer is"))
    module = write_module(with_concepts(brief, make_concept(brief, "consumer", sentence, line, "Reading messages")))
    asked = [item for item in module.assessment if "consumer" in [show_plain(key).lower() for key in item.right]]
    assert all("consumer" not in item.stem.lower() for item in asked)


def test_keys_of_single_choices_go_round_the_places() -> None:
    candidates = [Candidate(f"`{name}`", 0) for name in ("alpha", "bravo", "delta", "foxtrot")]
    chosen = choose_options("`echo`", candidates, "echo prints")
    assert chosen is not None
    for at in range(8):
        options, key = place_key(*chosen, at)
        assert "abcd".index(key) == at % 4
        assert next(option.text for option in options if option.id == key) == "`echo`"
        assert sorted(option.text for option in options) == sorted(option.text for option in chosen[0])


def test_the_key_is_not_the_longest_option() -> None:
    candidates = [
        Candidate(f"`{name}`", 0) for name in ("a_short_name", "another_one", "the_third", "some_name_that_is_longer")
    ]
    chosen = choose_options("`a_rather_long_word`", candidates, "")
    assert chosen is not None
    assert "`some_name_that_is_longer`" in [option.text for option in chosen[0]]
    assert choose_options("`a_rather_long_word`", candidates[:3], "") is None


def test_distractors_do_not_stand_in_the_cited_lines_nor_share_the_keys_name() -> None:
    candidates = [Candidate(text, 0) for text in ("`fetch`", "`echo()`", "`publish`", "fetch", "`print`")]
    assert rank_distractors("`echo`", candidates, "Use `fetch` and `echo`.") != []
    assert "`fetch`" not in rank_distractors("`echo`", candidates, "Use `fetch` and `echo`.")
    assert "`echo()`" not in rank_distractors("`echo`", candidates, "")
    assert "fetch" not in rank_distractors("`echo`", candidates, "")


def test_steps_are_never_shown_in_the_right_order_nor_in_its_reverse() -> None:
    for steps in ([*order] for order in permutations(["a", "b", "c"])):
        options, key = shuffle_options(steps)
        assert [option.id for option in options] not in (key, key[::-1])
        assert [next(o.text for o in options if o.id == k) for k in key] == steps


@pytest.mark.parametrize(
    "text",
    [
        "does not send the message to the server",
        "always sends the whole message to the server",
        "usually sends one message to the server",
        "sends this message to the listening server",
        "sends it",
    ],
)
def test_words_that_cannot_be_asked_for_by_themselves(text: str) -> None:
    assert not is_clear(text)


def test_a_description_that_holds_the_name_gives_it_away() -> None:
    assert names_itself("`add_stream`", "adds a stream to the server")
    assert not names_itself("`publish`", "sends one message to the server")


@pytest.mark.parametrize(
    ("key", "other"),
    [("`.whl`", "`echo`"), ("`{NAME}`", "`utf-16-le`"), ("`Group`", "`True`"), ("`help`", "`git`"), ("`run`", "`str`"),
     ("`main.py`", '`"users"`'), ("`show`", "`Aborted!`"), ("`Range`", "`ValueError`")],
)  # fmt: skip
def test_names_of_another_sort_are_no_distractors(key: str, other: str) -> None:
    assert describe_shape(key) != describe_shape(other)


def test_a_question_without_options_does_not_speak_of_these() -> None:
    fact = Fact(
        kind="does", subject="`fetch`", text="takes a number of messages at once", sentence="x", asks="",
        span=Span("a.md", 1, 1), document_id="d", section_id="s", group="",
    )  # fmt: skip
    assert word_stem(fact, 0) == "Which of these takes a number of messages at once?"
    assert word_stem(fact, 0, has_options=False) == "Which name takes a number of messages at once?"


def test_a_gap_after_a_decorators_sign_is_filled_with_decorators() -> None:
    code = "@tool.command()\n@tool.option()\n@tool.group()\ndef run():\n    tool.echo()\n    tool.sleep()\n"
    part = Part("d", "s", "Tools", 1, (Passage((Code(code, "python", Span("a.md", 1, 6)),)),))
    names = gather_names([HeadedPart(part, 2)])
    assert names.decorating == ("command", "option", "group")
    assert names.called == ("echo", "sleep")
