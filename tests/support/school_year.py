"""A year of a school as its events, in the order in which they would come: learners in many time zones, who join at
times that calendars find hard, answer questions and complete tasks.

The same number of learners gives the same log.
"""

import heapq
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from operator import itemgetter

from shared.classroom.learners import learner_of
from shared.event_log.port import NewEvent
from shared.events import Event
from shared.events.classroom import CohortCourseSet, CohortMemberAdded, CohortOpened, Drip, PersonAdded, PersonNamed
from shared.events.content import ContentCreated, MilestoneWritten, TaskMade, TaskWritten
from shared.events.learner import Answer, AnswerGiven, LearnerBegan, TaskCompleted
from shared.kernel.ids import event_id

ORG, COHORT_ID, COURSE_ID = "org", "cohort", "course"
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
MILESTONES = 10
_TASKS, _QUESTIONS, _OBJECTIVES = 40, 120, 30
_DAYS = 365
# When learners join: in the hours in which summer time begins or ends somewhere, at ends of months, on a leap day.
JOINED = tuple(
    datetime.fromisoformat(f"{one}+00:00")
    for one in ("2024-02-29T23:59:59", "2025-01-31T23:30:00", "2025-03-09T06:59:59", "2025-03-30T00:59:59",
                "2025-04-05T13:30:00", "2025-09-27T14:00:00", "2025-10-26T01:30:00", "2025-11-02T06:30:00",
                "2025-12-31T12:00:00", "2026-03-31T00:00:00")
)  # fmt: skip
# Among them are zones whose days change at other hours, by half hours, and by summer time of both halves of the year.
ZONES = ("UTC", "Europe/Lisbon", "America/New_York", "America/St_Johns", "Asia/Kolkata", "Pacific/Auckland")


@dataclass(frozen=True)
class Pupil:
    """A learner. All that it does follows from its number."""

    number: int

    @property
    def id(self) -> str:
        return f"person-{self.number}"

    @property
    def zone(self) -> str:
        return ZONES[self.number % len(ZONES)]

    @property
    def joined(self) -> datetime:
        return JOINED[self.number % len(JOINED)]

    @property
    def learner_id(self) -> str:
        return learner_of(self.id, ORG)

    def facts(self) -> Iterator[tuple[datetime, Event]]:
        """Each thing that it does, and when; the oldest first."""
        chance = random.Random(self.number)
        diligence, complete = chance.uniform(0.2, 0.95), set[str]()
        learner = {"learner_id": self.learner_id}
        for day in range(_DAYS):
            if chance.random() > diligence:
                continue
            at = NOW - timedelta(days=_DAYS - day) + timedelta(seconds=chance.randrange(86_400))
            for attempt in range(chance.randint(1, 8)):
                question = chance.randrange(_QUESTIONS)
                yield at, AnswerGiven(
                    **learner, task_id=f"task-{question % _TASKS}", question_id=f"question-{question}",
                    question_version=1, attempt_id=f"{day}-{attempt}", answer=Answer(text="x"),
                    is_right=chance.random() < diligence, completes=False,
                    objectives=[f"objective-{question % _OBJECTIVES}"],
                )  # fmt: skip
            task = f"task-{chance.randrange(_TASKS)}"
            if task not in complete:
                complete.add(task)
                yield at, TaskCompleted(**learner, task_id=task)

    def _year(self) -> Iterator[tuple[datetime, Event]]:
        for number, (at, event) in enumerate(self.facts()):
            if not number:
                yield at, LearnerBegan(learner_id=self.learner_id, person_id=self.id, org_id=ORG)
            yield at, event


def _school(pupils: Sequence[Pupil]) -> Iterator[tuple[datetime, Event]]:
    """People, and a course whose milestones open for them month by month."""
    cohort, course = {"cohort_id": COHORT_ID, "by": "owner"}, {"content_id": COURSE_ID, "by": "owner"}
    began = JOINED[0]
    yield began, CohortOpened(**cohort, org_id=ORG, name="Year")
    drip = Drip(is_drip_enabled=True, frequency_value=1, frequency_unit="month")
    yield began, CohortCourseSet(**cohort, content_id=COURSE_ID, drip=drip)
    yield began, ContentCreated(**course, org_id=ORG, name="Year")
    for number in range(MILESTONES):
        yield began, MilestoneWritten(**course, milestone_id=f"milestone-{number}", name=f"{number}", color="#000000")
    for number in range(_TASKS):
        task = {**course, "task_id": f"task-{number}", "title": "Task"}
        yield began, TaskMade(**task, milestone_id=f"milestone-{number % MILESTONES}", type="quiz")
        yield began, TaskWritten(**task, status="published")
    for one in sorted(pupils, key=lambda one: one.joined):
        yield one.joined, PersonAdded(person_id=one.id, email=f"{one.id}@school.example")
        yield one.joined, PersonNamed(person_id=one.id, first_name="P", default_dp_color="#000", time_zone=one.zone)
        yield one.joined, CohortMemberAdded(**cohort, person_id=one.id, role="learner")


def year_events(pupils: Sequence[Pupil]) -> Iterator[tuple[NewEvent, datetime]]:
    """Everything, each with its time: first the school, then what its learners do, by time."""
    years = heapq.merge(*(one._year() for one in pupils), key=itemgetter(0))
    for number, (at, event) in enumerate(chain(_school(pupils), years)):
        made = event_id(event.aggregate_id, type(event).__name__, str(number))
        yield NewEvent(event, made, "test", "c", "d"), at
