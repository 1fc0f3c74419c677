import re

import pytest

from shared.course.anchors import find_anchors
from shared.course.model import Objective
from shared.course.sentence_marks import split_pieces
from shared.course.wording import is_signpost, points_back
from shared.engine.offline import writer_signposts as signposts
from shared.engine.types import PathwayModule


def module(title: str) -> PathwayModule:
    return PathwayModule(
        id="m1", title=title, description="", estimated_minutes=1, sections=(), document_ids=(), learning_objectives=()
    )


def aim(text: str) -> Objective:
    return Objective(id="o1", text=text, bloom="apply")


AIMS = [aim("Declare an option with a default value."), aim("Explain how callbacks are invoked.")]


def every_text() -> list[str]:
    texts: list[str] = []
    for position in range(24):
        for title in (module("First steps"), module("Using JetStream"), None):
            texts += [signposts.say_where_from(title, position) or "", signposts.say_where_to(title, position)]
        texts.append(signposts.say_route(["Basics", "Groups", "Types"], position) or "")
        texts.append(signposts.say_achieved(AIMS, position) or "")
        texts += [
            signposts.ask_reflection("First steps", position) or "",
            signposts.ask_pause("declare an option", position),
        ]
        texts += [signposts.ask_ahead(AIMS, position) or "", signposts.say_words_ahead(position)]
    return [piece.text for text in dict.fromkeys(texts) for piece in split_pieces(text)]


@pytest.mark.parametrize("text", every_text())
def test_signposts_state_nothing_that_needs_a_citation(text: str) -> None:
    assert not find_anchors(text)
    assert text.endswith("?") or is_signpost(text), text


@pytest.mark.parametrize("text", every_text())
def test_signposts_do_not_point_back(text: str) -> None:
    assert not points_back(text)


def test_titles_that_name_something_are_not_put_into_a_signpost() -> None:
    assert "JetStream" not in (signposts.say_where_from(module("Using JetStream"), 1) or "")
    assert "[First steps](#m1)" in signposts.say_where_to(module("First steps"), 1)


def test_objectives_with_anchors_are_not_put_into_a_signpost() -> None:
    assert signposts.say_doing(aim("Use `nargs` with options")) is None
    assert signposts.say_doing(aim("Declare 2 options")) is None
    assert signposts.say_achieved([aim("Use the --name flag")], 0) is None


def test_neighbouring_modules_sound_different() -> None:
    said = [signposts.say_where_to(module("First steps"), position) for position in range(5)]
    assert len(set(said)) == len(said)


def test_long_courses_do_not_repeat_their_signposts() -> None:
    asked = [signposts.ask_reflection(f"Step {word}", i) for i, word in enumerate("abcdefghijklmnopqrstuvwxyz")]
    assert len(set(asked)) == len(asked)
    came = [signposts.say_where_from(module("Using JetStream"), position) for position in range(1, 30)]
    said = [text for text in came if text]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("text", every_text())
def test_signposts_do_not_say_where_on_the_page_something_stands(text: str) -> None:
    assert not re.search(r"\b(?:below|above|at the end|at the foot)\b", text)  # the site and the folder differ in that


def test_what_a_learner_demonstrates_is_told_as_something_done() -> None:
    shown = aim("Demonstrate how to nest commands")
    assert signposts.say_doing(shown) == "nest commands"
    assert signposts.ask_ahead([shown], 1) == "How do you nest commands?"
