"""Blocks have ids and places."""

from typing import Any

from services.classroom.placed import placed, placed_in


def block(text: str, block_id: str = "", *children: dict[str, Any]) -> dict[str, Any]:
    return {"id": block_id, "type": "paragraph", "content": [text], "children": [*children], "position": None}


def test_each_block_has_an_id_of_its_own_that_stays_and_a_place() -> None:
    text = [block("a", "", block("b")), block("c", "own"), block("d")]
    found = placed(text, "task")
    ids = [found[0]["id"], found[0]["children"][0]["id"], *(one["id"] for one in found[1:])]
    assert "" not in ids
    assert len(set(ids)) == 4
    assert ids[2] == "own"
    assert [one["position"] for one in found] == [0, 1, 2]
    assert placed(text, "task") == found
    moved = placed([block("new"), *found], "task")
    assert len({one["id"] for one in moved}) == 4, "the id of the place is taken by the block that moved"
    assert [one["id"] for one in moved[1:]] == [one["id"] for one in found]


def test_texts_of_a_question_differ_in_their_ids() -> None:
    says = {"title": "", "blocks": [block("a")], "answer": [block("a")], "context": {"blocks": [block("a")], "x": 1}}
    found = placed_in(says, "q")
    assert len({one["id"] for one in (*found["blocks"], *found["answer"], *found["context"]["blocks"])}) == 3
    assert found["context"]["x"] == 1
    assert placed_in({"title": "", "context": None}, "t") == {"title": "", "context": None}
