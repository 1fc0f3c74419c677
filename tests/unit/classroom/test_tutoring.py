"""What the tutor quotes of a course, and that no passage of it tells the solution of a question."""

import pytest

from services.classroom.passages import Material, Place
from services.classroom.tutoring import NO_GRADES, READ, is_told, reply, solution_of
from shared.events.content import Block, Link, Option, Question, Words
from shared.retrieval.passages import NOT_HELD, Passage


def paragraph(text: str, *numbers: int) -> Block:
    marks = [Link(href=f"https://example.org/{one}", content=[Words(text=f"[{one}]")]) for one in numbers]
    return Block(type="paragraph", content=[Words(text=text), *marks])


def heading(text: str) -> Block:
    return Block(type="heading", props={"level": 2}, content=[Words(text=text)])


def material() -> Material:
    made = Material()
    code = Block(type="codeBlock", props={"language": "python"}, content=[Words(text="pool.get()\n\npool.put(c)")])
    source = Block(type="numberedListItem", content=[Words(text="docs/pool.md, lines 3–4 (abc) ")])
    made.add("t1", "Pools", [heading("Get"), paragraph("Take one:", 1), code, heading("Sources"), source])
    made.add(
        "t2", "Own", [paragraph("A mentor wrote this."), Block(type="paragraph", children=[paragraph("And that.")])]
    )
    return made


def test_a_material_is_quoted_with_the_lines_that_it_cites() -> None:
    found = material()
    first, second = found.passages
    assert first == Passage(
        "t1", ("Pools", "Get"), "Take one:\n\n```python\npool.get()\n\npool.put(c)\n```", ("t1.1", "t1")
    )
    assert found.places == {"t1.1": Place("docs/pool.md, lines 3–4 (abc)", "https://example.org/1")}
    assert (second.headings, second.text, second.citation_ids) == (
        ("Own",),
        "A mentor wrote this.\n\nAnd that.",
        ("t2",),
    )


CHOICE = Question(
    id="q", type="objective", title="What does the pool do with a connection?", answer_kind="choice", key=["b"],
    options=[Option(id="a", text="It closes it"), Option(id="b", text="It keeps it open for the next call")],
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "solution", "told"),
    [
        ("The call is `setdefault`.", "setdefault", True),
        ("The call is s e t d e f a u l t.", "setdefault", True),
        ("You get 42 of them.", "42", True),
        ("You get 420 of them.", "42", False),
        ("A pool keeps connections open, so that the next call is fast.", "It keeps it open for the next call", True),
        ("A pool has a size.", "It keeps it open for the next call", False),
        ("What do you expect of the call?", "setdefault", False),
    ],
)
def test_what_tells_a_solution(said: str, solution: str, told: bool) -> None:
    assert is_told(said, [solution], "What does the pool do with a connection?") is told


def test_a_solution_is_the_right_options_and_the_answer_in_words() -> None:
    answer = [Block(type="paragraph", content=[Words(text="Because it is faster.")])]
    assert solution_of(CHOICE.model_copy(update={"answer": answer})) == (
        "It keeps it open for the next call", "Because it is faster.",
    )  # fmt: skip
    ordered = CHOICE.model_copy(update={"answer_kind": "order", "key": [["b", "a"]]})
    assert solution_of(ordered) == ("It keeps it open for the next call It closes it",)


def test_a_passage_that_tells_the_solution_is_named_and_not_quoted() -> None:
    telling = Passage(
        "t1", ("Pools", "Keeping open for the next call"), "It keeps a connection open for the next call.", ("x",)
    )
    plain = Passage("t1", ("Pools", "Size"), "A pool has a size.", ())
    said = reply([telling, plain], {"x": Place("docs/pool.md, line 9", None)}, CHOICE, is_held=True)
    assert [(one.text, one.headings) for one in said.passages] == [("", ("Pools",)), (plain.text, plain.headings)]
    assert said.passages[0].places == (Place("docs/pool.md, line 9", None),)
    assert (said.words, said.is_refused) == (READ, False)
    assert reply([telling], {}, None, is_held=True).passages[0].text == telling.text


def test_two_passages_that_tell_it_together_are_not_both_quoted() -> None:
    halves = [Passage("t", ("P",), text, ()) for text in ("It keeps it.", "It is open for the next call.")]
    said = reply(halves, {}, CHOICE, is_held=True)
    assert [bool(one.text) for one in said.passages] == [True, False]


def test_what_no_passage_holds_is_refused_and_nobody_grades() -> None:
    essay = Question(id="e", type="subjective", title="Why?", scorecard_id="s")
    said = reply([], {}, essay, is_held=False)
    assert (said.is_refused, said.words) == (True, f"{NOT_HELD} {NO_GRADES}")
