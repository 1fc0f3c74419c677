"""Editing pathways over REST."""

from typing import Any

from shared.engine.payloads import PathwaySet
from shared.events.gateway import ModulesRequested, PathwayRevised
from tests.unit.gateway.conftest import Gateway


async def _pathway(gateway: Gateway, course_id: str, pathway_id: str = "p-quickstart") -> Any:
    found = (await gateway.get(course_id, "pathways"))["pathways"]
    return next(one for one in found if one["id"] == pathway_id)


async def test_pathways_come_with_modules_documents_and_times(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    found = (await gateway.get(course_id, "pathways"))["pathways"]
    assert [one["kind"] for one in found] == ["complete", "quickstart", "reference"]
    first = found[0]
    assert (first["estimated_duration"], first["selected"], first["revised"]) == ("4 h 20 min", False, False)
    assert [one["sequence_order"] for one in first["modules"]] == [1, 2, 3, 4]
    documents = {one["id"] for one in (await gateway.get(course_id, "analyzed-documents"))["documents"]}
    assert {document for one in first["modules"] for document in one["document_ids"]} == documents
    assert first["modules"][0]["estimated_time"] == "1 h 5 min"


async def test_title_and_description_change(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    path = f"/api/courses/{course_id}/pathways/p-quickstart"
    answer = await gateway.api.patch(path, json={"title": "Fast lane"})
    assert (answer.json()["title"], answer.json()["description"]) == ("Fast lane", "A way through")
    assert answer.json()["revised"] is True
    assert (await _pathway(gateway, course_id))["title"] == "Fast lane"


async def test_a_module_is_added_edited_moved_and_deleted(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    documents = (await gateway.get(course_id, "analyzed-documents"))["documents"]
    base = f"/api/courses/{course_id}/pathways/p-quickstart/modules"
    body = {"title": "Testing", "document_ids": [documents[2]["id"]], "position": 0}
    added = await gateway.api.post(base, json=body)
    assert added.status_code == 201, added.text
    module = added.json()["modules"][0]
    assert (module["title"], module["document_ids"], module["estimated_minutes"]) == (
        "Testing", [documents[2]["id"]], 10,
    )  # fmt: skip
    assert module["learning_objectives"] == ["Use a callback"]
    edited = await gateway.api.patch(
        f"{base}/{module['id']}", json={"learning_objectives": [{"text": "Test a command", "bloom": "apply"}]}
    )
    assert edited.json()["modules"][0]["learning_objectives"] == ["Test a command"]
    ids = [one["id"] for one in edited.json()["modules"]]
    moved = await gateway.api.put(f"{base}/order", json={"module_ids": ids[::-1]})
    assert [one["id"] for one in moved.json()["modules"]] == ids[::-1]
    deleted = await gateway.api.delete(f"{base}/{module['id']}")
    assert [one["id"] for one in deleted.json()["modules"]] == ids[:0:-1]
    changes = [
        one.event.change for one in await gateway.workers.recorded(course_id) if isinstance(one.event, PathwayRevised)
    ]
    assert changes == ["module_added", "module_edited", "modules_reordered", "module_deleted"]


async def test_edits_that_cannot_be_are_refused(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    base = f"/api/courses/{course_id}/pathways"
    none = await gateway.api.patch(f"{base}/p-none", json={"title": "x"})
    assert none.status_code == 404
    unknown = await gateway.api.post(f"{base}/p-quickstart/modules", json={"title": "x", "document_ids": ["d0"]})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/document_ids/0")
    order = await gateway.api.put(f"{base}/p-quickstart/modules/order", json={"module_ids": ["m-quickstart-0"]})
    assert (order.status_code, order.json()["code"]) == (422, "modules_do_not_match")
    assert (await gateway.api.delete(f"{base}/p-quickstart/modules/m0")).status_code == 404
    await gateway.api.delete(f"{base}/p-quickstart/modules/m-quickstart-0")
    last = await gateway.api.delete(f"{base}/p-quickstart/modules/m-quickstart-1")
    assert (last.status_code, last.json()["code"]) == (409, "last_module")


async def test_an_edit_survives_a_new_run_over_the_same_documents(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    await gateway.api.patch(f"/api/courses/{course_id}/pathways/p-quickstart", json={"title": "Fast lane"})
    await gateway.post(course_id, "generate-pathways", {"additional_info": "more"})
    await gateway.workers.propose(course_id)
    await gateway.project()
    pathway = await _pathway(gateway, course_id)
    assert (pathway["title"], pathway["revised"]) == ("Fast lane", True)


async def test_an_edit_that_cannot_survive_is_named(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    await gateway.api.patch(f"/api/courses/{course_id}/pathways/p-quickstart", json={"title": "Fast lane"})
    await gateway.post(course_id, "stage1-selections", {"selected_folders": ["docs"]}, 200)
    await gateway.post(course_id, "analyze-documents", {"complexity_level": "beginner"})
    await gateway.workers.analyse(course_id)
    await gateway.project()
    await gateway.post(course_id, "generate-pathways", {})
    await gateway.workers.propose(course_id)
    await gateway.project()
    assert (await _pathway(gateway, course_id))["title"] == "The quickstart way"
    notes = (await gateway.get(course_id, "stage3/status"))["notes"]
    assert notes == ["Your edits of “Fast lane” were replaced: its documents changed"]


async def test_a_selected_pathway_stays_selected_while_it_is_on_offer(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    await gateway.post(course_id, "stage3-selections", {"selected_pathway_id": "p-quickstart"}, 200)
    await gateway.api.patch(f"/api/courses/{course_id}/pathways/p-quickstart", json={"title": "Fast lane"})
    assert (await gateway.get(course_id, "stage3-selections"))["selected_pathway_id"] == "p-quickstart"
    await gateway.post(course_id, "generate-pathways", {"additional_info": "other"})
    await gateway.workers.propose(course_id, kinds=("complete",))
    await gateway.project()
    selected = (await gateway.get(course_id, "stage3-selections"))["selected_pathway_id"]
    assert selected == "p-quickstart"  # edited by the user: still on offer


async def test_an_edit_marks_the_course_and_reaches_stage_4(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    await gateway.api.patch(f"/api/courses/{course_id}/pathways/p-complete", json={"title": "All of it"})
    assert (await gateway.get(course_id, "stage4/status"))["outdated"] is True
    await gateway.post(course_id, "generate-course")
    request = await gateway.workers.request(course_id, ModulesRequested)
    offered = await gateway.blobs.get_model(request.pathways, PathwaySet)
    assert [one.title for one in offered.pathways][:1] == ["All of it"]
