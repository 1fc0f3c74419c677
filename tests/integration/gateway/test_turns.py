"""The requests that are allowed at each moment: turns, repeats, outdated results, cancel and retry."""

import pytest

from shared.engine.payloads import AnalysisSet, DocumentInputs
from shared.events.doc_analyser import DocsAnalysisStarted
from shared.events.gateway import DocsAnalysisRequested, ModulesRequested, PathwaysRequested, StageCancelRequested
from tests.integration.gateway.conftest import Gateway

OTHER_WAYS = ["m-quickstart-0", "m-quickstart-1", "m-reference-0", "m-reference-1"]
CLICK = {"repo_url": "https://github.com/pallets/click"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("stage1-selections", {"selected_folders": ["docs"]}),
        ("analyze-documents", {"complexity_level": "beginner"}),
        ("generate-pathways", {}),
        ("stage3-selections", {"selected_pathway_id": "p1"}),
        ("generate-course", None),
    ],
)
async def test_a_stage_out_of_turn_says_what_comes_first(gateway: Gateway, path: str, body: object) -> None:
    course_id = await gateway.create()
    problem = await gateway.post(course_id, path, body, 409)
    assert (problem["code"], problem["course_status"], problem["status"]) == ("stage_out_of_turn", "draft", 409)
    assert "POST analyze-repository" in problem["detail"]


@pytest.mark.parametrize("path", ["repository-files", "analyzed-documents", "pathways", "generated-course", "exports",
                                  "quality", "modules/m1"])  # fmt: skip
async def test_results_are_not_ready_before_they_exist(gateway: Gateway, path: str) -> None:
    course_id = await gateway.create()
    problem = await gateway.get(course_id, path, 409)
    assert problem["code"] == "not_ready"


async def test_a_stage_that_nobody_asked_for_has_no_progress(gateway: Gateway) -> None:
    course_id = await gateway.create()
    answer = await gateway.api.get(f"/api/course-generation/stage2/progress?course_id={course_id}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_result_that_is_being_made_says_when_to_ask_again(gateway: Gateway) -> None:
    course_id = await gateway.create()
    await gateway.post(course_id, "analyze-repository", CLICK)
    answer = await gateway.api.get(f"/api/courses/{course_id}/repository-files")
    assert (answer.status_code, answer.headers["Retry-After"]) == (409, "1")


async def test_a_stage_asked_for_twice_is_the_same_run_while_it_runs(gateway: Gateway) -> None:
    course_id = await gateway.create()
    first = await gateway.post(course_id, "analyze-repository", CLICK)
    again = await gateway.post(course_id, "analyze-repository", {"repo_url": "pallets/click.git"})
    assert first["task_id"] == again["task_id"]
    await gateway.workers.clone(course_id)
    await gateway.project()
    later = await gateway.post(course_id, "analyze-repository", CLICK)
    assert later["task_id"] != first["task_id"]


async def test_another_request_than_the_one_that_runs_is_refused(gateway: Gateway) -> None:
    course_id = await gateway.create()
    await gateway.post(course_id, "analyze-repository", CLICK)
    problem = await gateway.post(course_id, "analyze-repository", {"repo_url": "pallets/flask"}, 409)
    assert problem["code"] == "stage_out_of_turn"


async def test_documents_default_to_all_documentation(gateway: Gateway) -> None:
    course_id = await gateway.cloned()
    await gateway.post(course_id, "analyze-documents", {"complexity_level": "beginner"})
    request = await gateway.workers.request(course_id, DocsAnalysisRequested)
    inputs = await gateway.blobs.get_model(request.documents, DocumentInputs)
    assert [one.path for one in inputs.documents] == ["README.md", "docs/guide.md", "docs/api.md", "examples/one.md"]
    assert (request.documents_planned, request.overview_document) == (4, "README.md")


async def test_a_selection_starts_the_next_stage_only_when_asked(gateway: Gateway) -> None:
    course_id = await gateway.cloned()
    body = {"selected_folders": ["./docs/"], "overview_document": "README.md", "excluded_files": ["docs/api.md"]}
    saved = await gateway.post(course_id, "stage1-selections", body, 200)
    assert saved == {"message": "Selections saved", "next_stage": "stage2", "task_id": None}
    selection = await gateway.get(course_id, "stage1-selections")
    assert (selection["selected_folders"], selection["excluded_files"]) == (["docs"], ["docs/api.md"])
    started = await gateway.post(
        course_id, "stage1-selections", {**body, "start_next": {"complexity_level": "advanced"}}, 200
    )
    request = await gateway.workers.request(course_id, DocsAnalysisRequested)
    assert (request.run_id, request.complexity_level) == (started["task_id"], "advanced")
    inputs = await gateway.blobs.get_model(request.documents, DocumentInputs)
    assert [one.path for one in inputs.documents] == ["README.md", "docs/guide.md"]


async def test_fields_of_a_selection_that_are_left_out_stay_as_they_are_saved(gateway: Gateway) -> None:
    course_id = await gateway.cloned()
    whole = {"selected_folders": ["docs"], "overview_document": "README.md", "excluded_files": ["docs/api.md"]}
    await gateway.post(course_id, "stage1-selections", whole, 200)

    async def saved(body: dict[str, object]) -> dict[str, object]:
        await gateway.post(course_id, "stage1-selections", body, 200)
        selection = await gateway.get(course_id, "stage1-selections")
        return {name: selection[name] for name in whole}

    assert await saved({"overview_document": "docs/guide.md"}) == {**whole, "overview_document": "docs/guide.md"}
    assert await saved({}) == {**whole, "overview_document": "docs/guide.md"}
    assert await saved({"start_next": None, "excluded_files": []}) == {
        **whole, "overview_document": "docs/guide.md", "excluded_files": [],
    }  # fmt: skip
    assert await saved({"selected_folders": [], "overview_document": None}) == {
        "selected_folders": [], "overview_document": None, "excluded_files": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"selected_folders": ["docs", "nowhere"]}, "/selected_folders/1"),
        ({"overview_document": "NONE.md"}, "/overview_document"),
        ({"excluded_files": ["x.md"]}, "/excluded_files/0"),
    ],
)
async def test_a_selection_of_what_is_not_there_is_refused(gateway: Gateway, body: object, pointer: str) -> None:
    course_id = await gateway.cloned()
    problem = await gateway.post(course_id, "stage1-selections", body, 422)
    assert (problem["code"], problem["errors"][0]["pointer"]) == ("unknown_path", pointer)


async def test_a_change_upstream_marks_what_is_downstream_and_throws_nothing_away(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    await gateway.post(course_id, "analyze-repository", CLICK)
    await gateway.workers.clone(course_id, commit="f" * 40)
    await gateway.project()
    marks = [(await gateway.get(course_id, f"stage{n}/status"))["outdated"] for n in (1, 2, 3, 4)]
    assert marks == [False, True, True, True]
    made = await gateway.get(course_id, "generated-course")
    assert (made["outdated"], len(made["modules"])) == (True, 8)
    assert len((await gateway.get(course_id, "analyzed-documents"))["documents"]) == 4


async def test_the_same_commit_again_marks_nothing(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    await gateway.post(course_id, "analyze-repository", CLICK)
    await gateway.workers.clone(course_id)
    await gateway.project()
    marks = [(await gateway.get(course_id, f"stage{n}/status"))["outdated"] for n in (2, 3, 4)]
    assert marks == [False, False, False]


async def test_another_selection_marks_all_that_follows(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    await gateway.post(course_id, "stage1-selections", {"selected_folders": ["docs"]}, 200)
    assert [(await gateway.get(course_id, f"stage{n}/status"))["outdated"] for n in (1, 2, 3, 4)] == [
        False, True, True, True,
    ]  # fmt: skip


async def test_a_correction_marks_pathways_and_modules_and_reaches_them(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    document = (await gateway.get(course_id, "analyzed-documents"))["documents"][0]
    path = f"/api/courses/{course_id}/analyzed-documents/{document['id']}"
    answer = await gateway.api.patch(path, json={"title": "Better", "key_concepts": [], "complexity_level": "advanced"})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["title"], answer.json()["key_concepts"], answer.json()["revised"]) == ("Better", [], True)
    marks = [(await gateway.get(course_id, f"stage{n}/status"))["outdated"] for n in (2, 3, 4)]
    assert marks == [False, True, True]
    await gateway.post(course_id, "generate-pathways", {})
    request = await gateway.workers.request(course_id, PathwaysRequested)
    given = await gateway.blobs.get_model(request.analyses, AnalysisSet)
    revised = next(one for one in given.analyses if one.document_id == document["id"])
    assert (revised.title, revised.complexity_level, revised.key_concepts) == ("Better", "advanced", ())
    assert document["id"] not in {concept.document_id for concept in given.graph.concepts}


async def test_a_new_analysis_keeps_the_correction(gateway: Gateway) -> None:
    course_id = await gateway.analysed()
    document = (await gateway.get(course_id, "analyzed-documents"))["documents"][0]
    path = f"/api/courses/{course_id}/analyzed-documents/{document['id']}"
    await gateway.api.patch(path, json={"summary": "In my words", "learning_objectives": ["Use a callback"]})
    await gateway.post(course_id, "analyze-documents", {"complexity_level": "beginner", "additional_info": "again"})
    await gateway.workers.analyse(course_id)
    await gateway.project()
    documents = (await gateway.get(course_id, "analyzed-documents"))["documents"]
    assert next(one for one in documents if one["id"] == document["id"])["summary"] == "In my words"
    assert [one["revised"] for one in documents].count(True) == 1


async def test_documents_that_are_no_longer_selected_leave_the_analyses(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    await gateway.post(course_id, "stage1-selections", {"selected_folders": ["docs"]}, 200)
    await gateway.post(course_id, "analyze-documents", {"complexity_level": "beginner"})
    await gateway.workers.analyse(course_id)
    await gateway.project()
    documents = (await gateway.get(course_id, "analyzed-documents"))["documents"]
    assert [one["file_path"] for one in documents] == ["docs/api.md", "docs/guide.md"]


async def test_cancel_stops_a_run_and_retry_repeats_its_inputs(gateway: Gateway) -> None:
    course_id = await gateway.cloned()
    await gateway.post(course_id, "analyze-documents", {"complexity_level": "advanced", "additional_info": "x"})
    asked = await gateway.workers.request(course_id, DocsAnalysisRequested)
    await gateway.workers.append(
        DocsAnalysisStarted(course_id=course_id, run_id=asked.run_id, attempt=1, worker="w", documents_planned=4)
    )
    canceled = await gateway.post(course_id, "stages/stage2/cancel")
    assert canceled["task_id"] == asked.run_id
    assert (await gateway.post(course_id, "stages/stage2/cancel"))["task_id"] == asked.run_id
    assert (await gateway.get(course_id, "stage2/status"))["current_step"] == "Stopping"
    requests = [one for one in await gateway.workers.recorded(course_id) if isinstance(one.event, StageCancelRequested)]
    assert len(requests) == 1
    await gateway.workers.cancel(course_id, "doc_analyser", asked.run_id)
    await gateway.project()
    assert (await gateway.get(course_id, "stage2/status"))["status"] == "REVOKED"
    assert (await gateway.course(course_id))["status"] == "stage2_canceled"
    await gateway.post(course_id, "stages/stage2/retry")
    again = await gateway.workers.request(course_id, DocsAnalysisRequested)
    assert (again.retry_of, again.complexity_level, again.additional_info) == (asked.run_id, "advanced", "x")


async def test_cancel_and_retry_need_something_to_act_on(gateway: Gateway) -> None:
    course_id = await gateway.cloned()
    assert (await gateway.post(course_id, "stages/stage1/cancel", status=409))["code"] == "not_running"
    assert (await gateway.post(course_id, "stages/stage1/retry", status=409))["code"] == "nothing_to_retry"
    await gateway.post(course_id, "stages/stage9/retry", status=404)


async def test_a_retry_of_stage_4_keeps_the_modules_that_are_written(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    await gateway.post(course_id, "stage3-selections", {"selected_pathway_id": "p-complete", "start_next": True}, 200)
    await gateway.workers.write(course_id, stop_after=3)
    run = (await gateway.workers.request(course_id, ModulesRequested)).run_id
    await gateway.post(course_id, "stages/stage4/cancel")
    await gateway.workers.cancel(course_id, "modules", run)
    await gateway.project()
    await gateway.post(course_id, "stages/stage4/retry")
    again = await gateway.workers.request(course_id, ModulesRequested)
    assert sorted(again.kept_modules) == [f"m-complete-{n}" for n in range(3)]
    assert again.module_ids == ["m-complete-3", *OTHER_WAYS]


async def test_a_few_modules_can_be_written_again_and_the_others_stay(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    await gateway.post(course_id, "generate-course", {"module_ids": ["m-complete-1"]})
    request = await gateway.workers.request(course_id, ModulesRequested)
    assert request.module_ids == ["m-complete-1"]
    assert sorted(request.kept_modules) == ["m-complete-0", "m-complete-2", "m-complete-3", *OTHER_WAYS]
    assert len((await gateway.get(course_id, "generated-course"))["modules"]) == 8


async def test_a_module_of_any_pathway_can_be_written_and_an_unknown_one_cannot(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    problem = await gateway.post(course_id, "generate-course", {"module_ids": ["m-nowhere-0"]}, 422)
    assert (problem["code"], problem["errors"][0]["pointer"]) == ("unknown_module", "/module_ids/0")
    await gateway.post(course_id, "generate-course", {"module_ids": ["m-quickstart-0"]})
    assert (await gateway.workers.request(course_id, ModulesRequested)).module_ids == ["m-quickstart-0"]


async def test_a_pathway_must_be_chosen_before_stage_4(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    problem = await gateway.post(course_id, "generate-course", status=409)
    assert "POST stage3-selections" in problem["detail"]
    unknown = await gateway.post(course_id, "stage3-selections", {"selected_pathway_id": "p-none"}, 422)
    assert unknown["code"] == "unknown_pathway"


async def test_single_modules_cannot_be_written_into_a_course_whose_sources_changed(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    await gateway.post(course_id, "stage1-selections", {"selected_folders": ["docs"]}, 200)
    problem = await gateway.post(course_id, "generate-course", {"module_ids": ["m-complete-1"]}, 409)
    assert problem["code"] == "outdated"
