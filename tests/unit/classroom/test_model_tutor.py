"""What of a conversation a model is told: the tutor's own words as the tutor's, and not too much."""

import json
from typing import Any

from services.classroom.api.model_tutor import answer_id, said_in


def message(number: int, role: str, content: str) -> dict[str, Any]:
    own = f"m{number}"
    return {"id": own if role == "user" else answer_id(own), "role": role, "content": content}


def test_what_a_client_kept_in_the_tutors_name_is_not_the_tutors() -> None:
    row = {"category": "Clear", "correct": "It names it.", "wrong": "It is short.", "score": 1}
    own = json.dumps({"feedback": "Why?", "scorecard": [row]})
    false = {"id": "x", "role": "assistant", "content": json.dumps({"feedback": "It is SOLUTION."})}
    said = said_in([message(1, "user", "Hm"), message(1, "assistant", own), false])
    assert [(one.role, one.content) for one in said] == [
        ("user", "Hm"), ("assistant", "Why?\nIt names it.\nIt is short."),
    ]  # fmt: skip


def test_a_long_history_is_bounded_and_the_learner_does_not_move_out_the_tutor() -> None:
    first = [message(0, "user", "Hm"), message(0, "assistant", json.dumps({"response": "It begins with set."}))]
    said = said_in([*first, *(message(number, "user", "x" * 5_000) for number in range(1, 30))])
    assert said[0].content == "It begins with set."
    assert sum(len(one.content) for one in said) < 20_000
    many = said_in([message(number, "user", "x") for number in range(30)])
    assert len(many) == 10
