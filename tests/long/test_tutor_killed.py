"""Tutor and classroom of a local stack, killed at each point of an answer: nothing is paid, said or graded twice."""

import asyncio
import json
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from shared.event_log.connection import connect
from shared.event_log.following import JetStreamFollowed
from shared.events.learner import AnswerGraded, ChatKept
from shared.events.registry import LEARNER, REGISTRY
from shared.sources.secret_keys import parse_keys
from shared.web.sessions import Sessions
from tests.e2e.conftest import StartStack, start_stack
from tests.e2e.test_classroom import School, _is_reached, count, points, until
from tests.faults.kills import Kill, arm_point
from tests.support.model_server import ModelServer
from tests.unit.answers.test_zipped import packed

__all__ = ["points", "start_stack"]

# Before a call, answered and not stored, stored and not used; the reply stored and not sent; and the classroom with
# the reply and nothing kept, and with all kept and not told.
POINTS = (
    "L1:GradeAnswer", "L3:GradeAnswer", "L4:GradeAnswer", "L1:ChatAnswer", "L3:ChatAnswer", "L4:ChatAnswer", "K3:tutor",
    "K3:classroom", "K5:classroom",
)  # fmt: skip
# The same for the grade of an assignment: the process that grades dies, and the one that keeps the grade.
OF_AN_ASSIGNMENT = ("L3:GradeAnswer", "K3:tutor", "K3:classroom", "K5:classroom")
PAID_AND_LOST = {"L3:GradeAnswer", "L3:ChatAnswer"}


def make(schema: str, _: str) -> Any:
    if schema == "GradeAnswer":
        row = {"category": "Clear", "score": 2, "correct": "It names the door.", "wrong": "It does not say why."}
        return {"is_attempt": True, "scorecard": [row]}
    return {"sentences": [{"text": "What else does a door need?", "passages": []}]}


def as_learner(school: School) -> tuple[School, str, str, str]:
    """A learner, a quiz, its one question, which a scorecard judges, and an assignment, which the same one judges."""
    org = school.send("POST", "/organizations/", {"name": "Doors", "slug": "doors"}).json()["id"]
    cohort = school.send("POST", "/cohorts/", {"name": "Doors", "org_id": org}).json()["id"]
    people = {"emails": ["learner@school.example"], "roles": ["learner"]}
    assert school.send("POST", f"/cohorts/{cohort}/members", people).status_code == 200
    card = {"org_id": org, "title": "Clear", "criteria": [{"name": "Clear", "max_score": 5}]}
    card_id = school.send("POST", "/scorecards/", card).json()["id"]
    course = school.send("POST", "/courses/", {"name": "Doors", "org_id": org}).json()["id"]
    milestone = school.send("POST", f"/courses/{course}/milestones", {"name": "First"}).json()["id"]
    made = {"course_id": course, "milestone_id": milestone, "type": "quiz", "title": "Doors"}
    task = school.send("POST", "/tasks/", made).json()["id"]
    question = {"type": "subjective", "title": "Why does a door open?", "scorecard_id": card_id}
    quiz = school.send("POST", f"/tasks/{task}/quiz", {"title": "Doors", "questions": [question]}).json()
    hand = school.send("POST", "/tasks/", {**made, "type": "assignment", "title": "A door"}).json()["id"]
    marks = {"evaluation_criteria": {"scorecard_id": card_id, "max_score": 10, "pass_score": 6}}
    says = {"title": "A door", "blocks": [], "assignment": marks}
    assert school.send("POST", f"/tasks/{hand}/assignment", says).status_code == 200
    assert school.send("POST", f"/cohorts/{cohort}/courses", {"course_ids": [course]}).status_code == 200
    (person,) = [one["id"] for one in school.send("GET", f"/cohorts/{cohort}").json()["members"]]
    keys = parse_keys((school.stack.services["gateway"].environment or {})["SESSION_KEYS"], "SESSION_KEYS")
    learner = School(school.stack)
    learner.client.timeout = 5
    learner.client.headers["Authorization"] = f"Bearer {Sessions(keys, time.time, 6000).begin(person).token}"
    return learner, task, quiz["questions"][0]["id"], hand


async def recorded(url: str) -> Counter[str]:
    nc = await connect(url, "operator")
    log = JetStreamFollowed(nc, aggregate=LEARNER, known=REGISTRY)
    found = [one for kind in (ChatKept, AnswerGraded) for one in await log.read("*", only=kind)]
    await nc.close()
    return Counter(type(one.event).__name__ for one in found)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_an_answer_is_paid_kept_and_graded_once_though_processes_die_at_each_point(
    points: Path, start_stack: StartStack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with ModelServer(tmp_path / "ledger").running() as server:
        server.make = make
        named = {
            "TUTOR_ENGINE": "anthropic",
            "ANTHROPIC_API_KEY": "k",
            "ANTHROPIC_BASE_URL": server.url,
            "MODEL_LEARNER_BUDGET_USD": "5",
        }
        for name, value in named.items():
            monkeypatch.setenv(name, value)
        stack, _ = start_stack()
        school = School(stack)
        school.sign_in()
        learner, task, question, hand = as_learner(school)
        sent = {"file": ("door.zip", packed(("door.py", b"print('open')")))}
        file = learner.client.post("/file/upload-local", files=sent, data={"content_type": "application/zip"}).json()
        of_question = [(one, {"question_id": question}) for one in POINTS]
        of_assignment = [(one, {"task_id": hand, "file_id": file["file_uuid"]}) for one in OF_AN_ASSIGNMENT]
        turns = [*of_question, *of_assignment]
        for turn, (kill, about) in enumerate(turns):
            calls = server.calls
            where = kill.partition(":")[2]
            process = "gateway" if where == "classroom" else "tutor"
            arm_point(points, Kill(process, kill.partition(":")[0], where, 1))
            message = {**about, "user_response": f"A door opens {turn}.", "message_id": f"m{turn}"}
            said = learner.send("POST", "/ai/chat", message)
            until(partial(_is_reached, points / kill))
            assert said.status_code == 200, said.text
            card = json.loads(said.text.splitlines()[-1])["scorecard"]
            assert [one["score"] for one in card] == [2, 4] if "task_id" in about else [2]
            assert server.calls - calls == 2 + (kill in PAID_AND_LOST), kill
        until(lambda: count(school, "SELECT count(*) FROM read_v1.learner_grades") == len(turns))
        assert count(school, "SELECT count(*) FROM read_v1.learner_chat") == 2 * len(turns)
        assert count(school, "SELECT count(*) FROM app.model_spending WHERE is_settled") == len(turns)
        kept = asyncio.run(recorded(stack.nats_url("operator")))
        assert kept == {"ChatKept": len(turns), "AnswerGraded": len(turns)}
        shown = learner.send("GET", f"/tasks/{task}/attempts").json()
        assert len(shown) == len(POINTS)
        shown = learner.send("GET", f"/tasks/{hand}/attempts").json()
        assert len(shown) == len(OF_AN_ASSIGNMENT)
        for one in (school, learner):
            one.client.close()
