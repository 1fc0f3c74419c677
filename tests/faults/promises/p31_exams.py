"""A class writes an exam while the processes of the classroom are killed: each learner sends each answer twice, answers
once more than it may, and answers when the time is over. Messages that are no events lie among theirs.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from cli.local.stack import LocalStack
from services.gateway.rebuild.rebuild import Rebuild
from shared.classroom.learners import learner_attempts, learner_of, learners
from shared.classroom.sides import CLASSROOM_SIDES
from shared.event_log.connection import connect
from shared.event_log.following import JetStreamFollowed
from shared.events.registry import CLASSROOM, LEARNER, PERSON, REGISTRY
from shared.events.subjects import shard_of
from shared.kernel.blobs import Blobs, open_backend
from shared.kernel.kill_points import VARIABLE
from shared.readmodels.checkpoint import checkpoints
from shared.sources.secret_keys import parse_keys
from shared.web.sessions import Sessions
from tests.faults.kills import Kill, arm_point, environment
from tests.faults.promise import Outcome, Promise, Scale

_LEARNERS = {Scale.quick: 12, Scale.full: 200}
_ROUNDS = {Scale.quick: 1, Scale.full: 5}
# Where the process that takes answers is cut, and where the one that writes the tables is.
_POINTS = (("gateway", "K3", "classroom"), ("gateway", "K5", "classroom"),
           ("projector", "K6", "projector"), ("projector", "K7", "projector"))  # fmt: skip
_PATIENCE_SECONDS = 900.0
_AT_ONCE = 40  # requests; a class that waits for its turn is not what is tried
_LOOK_SECONDS = 0.1
_SHORT_SECONDS = 10
# By question of the exam: how many attempts count.
_ALLOWED = (1, 1, 2)
_FINAL = {"no_attempts_left", "time_over", "attempt_differs"}


@dataclass
class Exam:
    """The exam of a school, and what its learners were told: attempt ids that were taken, by learner and question."""

    url: str
    owner: Mapping[str, str]
    org_id: str = ""
    task_id: str = ""
    question_ids: list[str] = field(default_factory=list)
    short_id: str = ""
    short_question_id: str = ""
    people: list[str] = field(default_factory=list)
    taken: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    sent_again: int = 0


async def _send(
    exam: Exam, client: httpx.AsyncClient, method: str, path: str, headers: Mapping[str, str], body: Any = None
) -> httpx.Response:
    """The first answer that is one: a process that was killed comes back, and the tables may be late."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            answer = await client.request(method, f"{exam.url}{path}", headers=dict(headers), json=body)
            if answer.status_code not in {404, 503} or time.monotonic() > until:
                return answer
        except httpx.HTTPError:
            if time.monotonic() > until:
                raise
        exam.sent_again += 1
        await asyncio.sleep(random.uniform(_LOOK_SECONDS, 10 * _LOOK_SECONDS))


async def _prepare(exam: Exam, client: httpx.AsyncClient, learners_wanted: int) -> None:
    async def made(path: str, body: Any) -> Any:
        answer = await _send(exam, client, "POST", path, exam.owner, body)
        return answer.raise_for_status().json()

    org = exam.org_id = (await made("/organizations/", {"name": "Exams", "slug": "exams"}))["id"]
    cohort = (await made("/cohorts/", {"name": "All", "org_id": org}))["id"]
    course = (await made("/courses/", {"name": "Exams", "org_id": org}))["id"]
    milestone = (await made(f"/courses/{course}/milestones", {"name": "Exams"}))["id"]
    asked = [
        {"type": "objective", "title": f"{number}", "answer_kind": "text", "key": ["right"], "response_type": "exam",
         "max_attempts": most}
        for number, most in enumerate(_ALLOWED)
    ]  # fmt: skip

    async def quiz(questions: list[dict[str, Any]], seconds: int) -> tuple[str, list[str]]:
        task = {"course_id": course, "milestone_id": milestone, "type": "quiz", "title": "Exam"}
        task_id = (await made("/tasks/", task))["id"]
        says = {"title": "Exam", "questions": questions, "time_limit_seconds": seconds}
        return task_id, [one["id"] for one in (await made(f"/tasks/{task_id}/quiz", says))["questions"]]

    exam.task_id, exam.question_ids = await quiz(asked, 3600)
    exam.short_id, (exam.short_question_id,) = await quiz(asked[:1], _SHORT_SECONDS)
    await made(f"/cohorts/{cohort}/courses", {"course_ids": [course]})
    emails = [f"learner-{number}@exam.example" for number in range(learners_wanted)]
    await made(f"/cohorts/{cohort}/members", {"emails": emails, "roles": ["learner"] * len(emails)})
    members = (await _send(exam, client, "GET", f"/cohorts/{cohort}", exam.owner)).json()["members"]
    exam.people = [one["id"] for one in members]


async def _write(exam: Exam, client: httpx.AsyncClient, person_id: str, headers: Mapping[str, str]) -> None:
    """One learner's exam: both quizzes are started first, and the short one is answered when its time is over."""
    for task_id in (exam.short_id, exam.task_id):
        (await _send(exam, client, "POST", f"/tasks/{task_id}/start", headers)).raise_for_status()
    over = time.monotonic() + _SHORT_SECONDS + 1
    chance = random.Random(person_id)
    for question_id, allowed in zip(exam.question_ids, _ALLOWED, strict=True):
        ids = [f"{question_id}-{number}" for number in range(allowed + 1)]
        twice = [*ids, *ids]
        chance.shuffle(twice)
        await asyncio.gather(
            *(_answer(exam, client, (person_id, exam.task_id, question_id), one, headers) for one in twice)
        )
    await asyncio.sleep(max(0.0, over - time.monotonic()))
    await _answer(exam, client, (person_id, exam.short_id, exam.short_question_id), "late", headers)


async def _answer(
    exam: Exam, client: httpx.AsyncClient, where: tuple[str, str, str], attempt_id: str, headers: Mapping[str, str]
) -> None:
    person_id, task_id, question_id = where
    text = "right" if sum(attempt_id.encode()) % 2 else "wrong"
    path = f"/tasks/{task_id}/questions/{question_id}/attempts"
    answer = await _send(exam, client, "POST", path, headers, {"id": attempt_id, "answer": {"text": text}})
    if answer.status_code == 200:
        exam.taken.setdefault((person_id, question_id), set()).add(attempt_id)
    else:
        exam.refused[f"{answer.status_code} {answer.json().get('code')}"] += 1


async def _kill(points: Path, rounds: int, over: asyncio.Event) -> list[str]:
    """Arm one point after the other, each once the one before was reached, until the exam is over; those reached."""
    done: list[str] = []
    for number in range(rounds):
        for process, point, where in _POINTS:
            kill = Kill(process, point, where, 1 + 2 * number)
            await asyncio.to_thread(arm_point, points, kill)
            while (points / kill.name).exists():
                if over.is_set():
                    return done
                await asyncio.sleep(_LOOK_SECONDS)
            done.append(kill.name)
    return done


async def _rows(connection: AsyncConnection) -> list[tuple[str, str, str, Any, bool]]:
    one = learner_attempts.c
    query = select(learners.c.person_id, one.question_id, one.attempt_id, one.answer, one.is_right)
    query = query.join(learners, learners.c.learner_id == one.learner_id)
    return [tuple(row) for row in await connection.execute(query)]


async def _poison(stack: LocalStack, exam: Exam) -> set[int]:
    """The sequences of messages in the histories of learners that nobody can read."""
    nc = await connect(stack.nats_url("classroom"), "faults")
    sent = set()
    for person, body in zip(exam.people, (b"\xff\x00 this is no JSON", b"", b'{"learner_id": 7}'), strict=False):
        learner_id = learner_of(person, exam.org_id)
        subject = f"{LEARNER.prefix}.{shard_of(learner_id)}.{learner_id}.{min(LEARNER.events)}"
        sent.add((await nc.jetstream().publish(subject, body, stream=CLASSROOM.name)).seq)
    await nc.close()
    return sent


async def _noted(connection: AsyncConnection) -> set[int]:
    """The sequences that the tables say were passed over."""
    noted = [await connection.scalars(select(side.defects.c.seq)) for side in CLASSROOM_SIDES]
    return {seq for found in noted for seq in found}


@asynccontextmanager
async def _tables(stack: LocalStack) -> AsyncIterator[tuple[AsyncEngine, JetStreamFollowed]]:
    """The tables as their owner sees them, once they show all of the log; and the log."""
    nc = await connect(stack.nats_url("projector"), "faults")
    engine = create_async_engine(stack.database_url())
    log = JetStreamFollowed(nc, aggregate=PERSON, known=REGISTRY)
    try:
        end = await log.end()
        query = select(checkpoints.c.seq).where(checkpoints.c.stream == CLASSROOM.name)
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            async with engine.connect() as connection:
                if (await connection.scalar(query) or 0) >= end:
                    break
            await asyncio.sleep(_LOOK_SECONDS)
        yield engine, log
    finally:
        await engine.dispose()
        await nc.close()


def _judge(exam: Exam, rows: list[tuple[str, str, str, Any, bool]]) -> tuple[int, int, list[str]]:
    """Answers lost, attempts too many, and what else is wrong."""
    kept: dict[tuple[str, str], set[str]] = {}
    for person_id, question_id, attempt_id, _, _ in rows:
        kept.setdefault((person_id, question_id), set()).add(attempt_id)
    allowed = dict(zip(exam.question_ids, _ALLOWED, strict=True))
    lost = sum(len(ids - kept.get(where, set())) for where, ids in exam.taken.items())
    extra = (
        sum(max(0, len(ids) - allowed.get(where[1], 0)) for where, ids in kept.items())
        + len(rows)
        - sum(map(len, kept.values()))
    )
    wrong = [f"{where}: {kept.get(where)} of {most}" for person in exam.people for where, most in
             (((person, one), most) for one, most in allowed.items()) if len(kept.get(where, ())) != most]  # fmt: skip
    wrong += [
        f"{attempt_id} was judged otherwise" for _, _, attempt_id, answer, is_right in rows
        if is_right is not (answer["text"] == "right")
    ]  # fmt: skip
    unexpected = exam.refused.keys() - {f"409 {one}" for one in _FINAL}
    return lost, extra, [*wrong, *(f"answered {one}" for one in unexpected)]


@contextmanager
def _running(folder: Path, points: Path) -> Iterator[LocalStack]:
    with ExitStack() as exits:
        exits.enter_context(environment({VARIABLE: str(points), "REQUEST_LIMIT": "0", "ANSWER_SECONDS": "20"}))
        # Processes are killed here so often in a minute that the supervisor would wait between their starts.
        exits.enter_context(patch("cli.local.restarts._LONGEST_WAIT_SECONDS", 0.0))
        stack = LocalStack(folder / "data", processes=True, durable=False)
        exits.callback(stack.stop)
        stack.start()
        yield stack


async def _prove(scale: Scale, stack: LocalStack, points: Path) -> Outcome:
    secrets = stack.services["gateway"].environment or {}
    sessions = Sessions(parse_keys(secrets["SESSION_KEYS"], "SESSION_KEYS"), time.time, 3600)
    limits = httpx.Limits(max_connections=_AT_ONCE)
    began = time.monotonic()
    async with httpx.AsyncClient(timeout=httpx.Timeout(30, pool=None), limits=limits, trust_env=False) as client:
        exam = Exam(f"{stack.url}/classroom", {})
        me = {"email": "owner@exam.example", "given_name": "Owner", "id_token": stack.token}
        session = (await _send(exam, client, "POST", "/auth/login", {}, me)).raise_for_status().json()
        exam.owner = {"Authorization": f"Bearer {session['token']}"}
        await _prepare(exam, client, _LEARNERS[scale])
        poison = await _poison(stack, exam)
        over = asyncio.Event()
        killing = asyncio.create_task(_kill(points, _ROUNDS[scale], over))
        write = partial(_write, exam, client)
        await asyncio.gather(
            *(write(one, {"Authorization": f"Bearer {sessions.begin(one).token}"}) for one in exam.people)
        )
        over.set()
        killed = await killing
    unreached = [f"nobody came to {name}" for _, *point in _POINTS if (name := ":".join(point)) not in killed]
    async with _tables(stack) as (engine, log):
        async with engine.connect() as connection:
            rows, noted = await _rows(connection), await _noted(connection)
        blobs = Blobs(open_backend(stack.blob_store_url))
        async with Rebuild(engine, log, blobs).open() as rebuild:
            built = await rebuild.build(lambda *_: None)
            differing = [f"replayed, table {one.table} differs" for one in (await rebuild.compare()).differences]
            await rebuild.drop(built.schema)
    lost, extra, wrong = _judge(exam, rows)
    wrong += [f"the tables do not say that {seq} was passed over" for seq in poison ^ noted]
    figures = {
        "learners": len(exam.people), "answers": len(rows), "kills": len(killed),
        "sent_again": exam.sent_again, "seconds": round(time.monotonic() - began), **exam.refused,
    }  # fmt: skip
    return Outcome(len(exam.people), lost, extra, (*unreached, *differing, *wrong[:20]), figures)


def prove(scale: Scale, folder: Path) -> Outcome:
    points = folder / "points"
    points.mkdir(parents=True)
    with _running(folder, points) as stack:
        return asyncio.run(_prove(scale, stack, points))


PROMISE = Promise("P31", "an exam: 0 answers lost, 0 attempts too many, the same result after replay", prove)
