"""Editing pathways over REST."""

from shared.engine.payloads import PathwaySet
from shared.events.gateway import ModulesRequested, PathwayRevised
from tests.integration.gateway.conftest import Gateway


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
    assert (await gateway.pathway(course_id))["title"] == "Fast lane"


async def test_a_module_is_added_edited_moved_and_deleted(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    documents = (await gateway.get(course_id, "analyzed-documents"))["documents"]
    base = f"/api/courses/{course_id}/pathways/p-quickstart/modules"
    body = {"title": "Testing", "document_ids": [documents[2]["id"]], "position": 1}
    added = await gateway.api.post(base, json=body)
    assert added.status_code == 201, added.text
    module = added.json()["modules"][0]
    assert (module["title"], module["document_ids"], module["estimated_minutes"]) == (
        "Testing", [documents[2]["id"]], 3,  # to read, and two questions
    )  # fmt: skip
    assert module["learning_objectives"] == ["Use a callback"]
    edited = await gateway.api.patch(
        f"{base}/{module['id']}", json={"objectives": [{"text": "Test a command", "bloom": "apply"}]}
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
    pathway = await gateway.pathway(course_id)
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
    assert (await gateway.pathway(course_id))["title"] == "The quickstart way"
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


async def test_every_field_of_a_pathway_changes_and_minutes_follow_from_its_modules(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    path = f"/api/courses/{course_id}/pathways/p-quickstart"
    body = {"complexity_level": "advanced", "prerequisites": ["Rust", "Git"], "description": "For us"}
    changed = (await gateway.api.patch(path, json=body)).json()
    assert {name: changed[name] for name in body} == body
    assert (await gateway.pathway(course_id))["complexity_level"] == "advanced"
    minutes = await gateway.api.patch(path, json={"estimated_minutes": 5})
    assert (minutes.status_code, minutes.json()["errors"][0]["pointer"]) == (422, "/estimated_minutes")


async def test_a_module_is_made_of_single_sections_in_a_group_of_its_own(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    documents = [one["id"] for one in (await gateway.get(course_id, "analyzed-documents"))["documents"]]
    path = f"/api/courses/{course_id}/pathways/p-quickstart/modules/m-quickstart-0"
    sections = [{"document_id": documents[2], "section_id": "s1"}, {"document_id": documents[0], "section_id": "s1"}]
    changed = await gateway.api.patch(path, json={"sections": sections, "part": "For us"})
    module = changed.json()["modules"][0]
    assert [{key: one[key] for key in ("document_id", "section_id")} for one in module["sections"]] == sections
    assert (module["document_ids"], module["part"]) == ([documents[2], documents[0]], "For us")
    for refused, pointer in (
        ({"sections": [sections[0], {"document_id": documents[0], "section_id": "s9"}]}, "/sections/1"),
        ({"sections": sections * 2}, "/sections"),
        ({"sections": sections, "document_ids": documents}, "/sections"),
    ):
        answer = await gateway.api.patch(path, json=refused)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_a_module_of_another_pathway_stands_in_both(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    base = f"/api/courses/{course_id}/pathways/p-quickstart/modules"
    body = {"from_pathway_id": "p-complete", "position": 1}
    taken = await gateway.api.put(f"{base}/m-complete-3", json=body)
    assert [one["id"] for one in taken.json()["modules"]] == ["m-complete-3", "m-quickstart-0", "m-quickstart-1"]
    assert taken.json()["estimated_minutes"] == 195
    assert len((await gateway.pathway(course_id, "p-complete"))["modules"]) == 4
    again = await gateway.api.put(f"{base}/m-complete-3", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "module_exists")
    none = await gateway.api.put(f"{base}/m-complete-3", json={"from_pathway_id": "p-reference"})
    assert (none.status_code, none.json()["errors"][0]["pointer"]) == (422, "/from_pathway_id")


OWN = {
    "title": "What my team needs",
    "modules": [
        {"pathway_id": "p-reference", "module_id": "m-reference-1"},
        {"pathway_id": "p-complete", "module_id": "m-complete-0"},
    ],
}


async def test_a_pathway_of_the_users_own_is_offered_kept_chosen_and_written(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    made = await gateway.post(course_id, "pathways", OWN, 201)
    assert [one["id"] for one in made["modules"]] == ["m-reference-1", "m-complete-0"]
    assert (made["kind"], made["complexity_level"], made["estimated_minutes"], made["revised"]) == (
        "task", "beginner", 130, True,
    )  # fmt: skip
    assert [one["id"] for one in (await gateway.get(course_id, "pathways"))["pathways"]][-1] == made["id"]
    await gateway.post(course_id, "generate-pathways", {"additional_info": "more"})
    await gateway.workers.propose(course_id)
    await gateway.project()
    assert (await gateway.pathway(course_id, made["id"]))["title"] == OWN["title"]
    await gateway.post(course_id, "stage3-selections", {"selected_pathway_id": made["id"], "start_next": True}, 200)
    request = await gateway.workers.request(course_id, ModulesRequested)
    offered = await gateway.blobs.get_model(request.pathways, PathwaySet)
    assert [one.title for one in offered.pathways if one.id == request.pathway_id] == [OWN["title"]]


async def test_the_same_pathway_asked_for_twice_under_a_key_is_one(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    path, headers = f"/api/courses/{course_id}/pathways", {"Idempotency-Key": "once"}
    made = [(await gateway.api.post(path, json=OWN, headers=headers)).json()["id"] for _ in range(2)]
    assert made[0] == made[1]
    assert len((await gateway.get(course_id, "pathways"))["pathways"]) == 4


async def test_a_pathway_without_known_modules_is_refused(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    unknown = {"title": "x", "modules": [OWN["modules"][0], {"pathway_id": "p-none", "module_id": "m-complete-0"}]}
    refused = await gateway.post(course_id, "pathways", unknown, 422)
    assert refused["errors"][0]["pointer"] == "/modules/1"
    twice = await gateway.post(course_id, "pathways", {"title": "x", "modules": [OWN["modules"][0]] * 2}, 409)
    assert twice["code"] == "module_exists"
    assert (await gateway.post(await gateway.create(), "pathways", OWN, 409))["code"] == "stage_out_of_turn"


async def test_a_pathway_leaves_the_offer_unless_it_is_selected_or_the_last(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    base = f"/api/courses/{course_id}/pathways"
    await gateway.post(course_id, "stage3-selections", {"selected_pathway_id": "p-reference"}, 200)
    refused = await gateway.api.delete(f"{base}/p-reference")
    assert (refused.status_code, refused.json()["code"]) == (409, "pathway_selected")
    for pathway_id in ("p-complete", "p-quickstart"):
        assert (await gateway.api.delete(f"{base}/{pathway_id}")).json() == {"message": "Pathway deleted"}
    assert (await gateway.api.delete(f"{base}/p-complete")).status_code == 404
    assert (await gateway.api.delete(f"{base}/p-reference")).json()["code"] == "last_pathway"
    second = await gateway.post(course_id, "pathways", {**OWN, "modules": OWN["modules"][:1]}, 201)
    left = [one["id"] for one in (await gateway.get(course_id, "pathways"))["pathways"]]
    assert left == ["p-reference", second["id"]]


async def test_a_control_character_or_a_document_given_twice_is_refused(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    path = f"/api/courses/{course_id}/pathways/p-complete/modules"
    module = (await gateway.get(course_id, "pathways"))["pathways"][0]["modules"][0]
    part = await gateway.api.patch(f"{path}/{module['id']}", json={"part": "\x00"})
    assert (part.status_code, part.json()["errors"][0]["pointer"]) == (422, "/part")
    twice = {"title": "Twice", "document_ids": module["document_ids"][:1] * 2}
    for answer in (
        await gateway.api.post(path, json=twice),
        await gateway.api.patch(f"{path}/{module['id']}", json=twice),
    ):
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/document_ids/1")
