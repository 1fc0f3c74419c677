"""What tasks say now, as the event that would say it again."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncConnection

from services.classroom.course_queries import find_questions, find_words
from services.classroom.rows import Record
from shared.events.content import TaskWritten


async def words_of(connection: AsyncConnection, tasks: Collection[Record]) -> dict[str, TaskWritten]:
    """By the ids of the tasks."""
    words = await find_words(connection, {one["home_id"] for one in tasks}, [one["id"] for one in tasks])
    by_task = {one["task_id"]: one for one in words}
    questions = await find_questions(connection, tasks)
    return {
        one["id"]: TaskWritten(
            content_id=one["home_id"], task_id=one["id"], by="",
            questions=[questions[each["id"]]["says"] for each in one["questions"]],
            blocks=by_task[one["id"]]["blocks"] if one["id"] in by_task else [],
            assignment=by_task[one["id"]]["assignment"] if one["id"] in by_task else None,
            **{name: one[name] for name in ("title", "status", "scheduled_publish_at", "time_limit_seconds")},
        )
        for one in tasks
    }  # fmt: skip
