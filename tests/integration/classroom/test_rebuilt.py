"""The tables, built again from the log, are equal to those that were written as it grew."""

from obstore.store import MemoryStore

from services.gateway.database.read_schemas import LIVE
from services.gateway.rebuild.rebuild import Rebuild
from shared.classroom.contents import CONTENT_SIDE
from shared.classroom.learners import LEARNER_SIDE
from shared.classroom.sides import CLASSROOM_SIDES
from shared.kernel.blob_stores import ObjectBackend
from shared.kernel.blobs import Blobs
from shared.readmodels.side import tables_of
from tests.integration.classroom.conftest import Classroom, School
from tests.integration.classroom.test_a_course import make_a_course
from tests.integration.classroom.test_a_school import ok, run_a_school, sign_in
from tests.support.table_dump import dump_rows


async def learn(classroom: Classroom, school: School) -> None:
    """A learner does everything once."""
    quiz, exam = school.task_ids["quiz"], school.task_ids["exam"]
    async with classroom.as_person(school.people["learner"]) as learner:
        await ok(learner, "POST", f"/tasks/{school.task_ids['material']}/complete")
        await ok(learner, "POST", f"/tasks/{exam}/start")
        sent = {"answer": {"chosen": ["a", "c"]}}
        await ok(learner, "POST", f"/tasks/{quiz}/questions/{school.question_id}/attempts", sent)
    async with classroom.as_person(school.people["mentor"]) as mentor:
        said = {"user_id": school.people["learner"], "scores": [{"name": "Marker", "score": 5}]}
        await ok(mentor, "POST", f"/tasks/{quiz}/questions/{school.essay_id}/attempts/{school.attempt_id}/grade", said)


async def test_tables_built_again_are_equal(classroom: Classroom) -> None:
    ids = await run_a_school(classroom)
    _, lea = await sign_in(classroom, "lea")
    await ok(lea, "DELETE", f"/users/{ids['lea']}")
    school = await classroom.school()
    await make_a_course(classroom, school)
    await learn(classroom, school)
    await classroom.project()
    live = await dump_rows(classroom.engine, LIVE, tables_of(CLASSROOM_SIDES))
    assert min(len(live[name]) for name in ("persons", "orgs", "org_members", "org_api_keys", "cohorts")) > 0
    assert min(len(live[name]) for name in ("cohort_members", "cohort_batches", "cohort_batch_members")) > 0
    contents = {one.name for one in CONTENT_SIDE.tables} - {"content_defects"}
    assert min(len(live[name]) for name in {*contents, "cohort_courses", "org_scorecards"}) > 0
    assert min(len(live[one.name]) for one in LEARNER_SIDE.tables if one.name != "learner_defects") > 0
    assert {len(rows) for name, rows in live.items() if name.endswith("_defects")} == {0}
    async with Rebuild(classroom.engine, classroom.log, Blobs(ObjectBackend(MemoryStore()))).open() as rebuild:
        built = await rebuild.build(lambda *_: None)
        assert (await rebuild.compare()).differences == ()
        rebuilt = await dump_rows(classroom.engine, built.schema, tables_of(CLASSROOM_SIDES))
        await rebuild.drop(built.schema)
    assert {name: rows for name, rows in rebuilt.items() if name != "checkpoints"} == {
        name: rows for name, rows in live.items() if name != "checkpoints"
    }
