"""The model of a run is chosen among those the operator allows, and stands in what is recorded."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.events.gateway import DocsAnalysisRequested, GenerationRequested, ModulesRequested, PathwaysRequested
from tests.integration.gateway.conftest import Gateway, running_gateway

SMALL, LARGE = "maker-small-1", "maker-large-1"
CLICK = {"repo_url": "https://github.com/pallets/click", "engine": "anthropic"}


@pytest.fixture
async def choosing(engine: AsyncEngine) -> AsyncIterator[Gateway]:
    async with running_gateway(engine, engine_models=[SMALL, LARGE]) as made:
        yield made


async def test_an_unattended_run_has_its_model_in_every_stage(choosing: Gateway) -> None:
    course_id = await choosing.create()
    await choosing.post(course_id, "generate", {**CLICK, "model": LARGE})
    for done in (None, choosing.workers.clone, choosing.workers.analyse, choosing.workers.propose):
        if done is not None:
            await done(course_id)
        await choosing.project()
    for kind in (GenerationRequested, DocsAnalysisRequested, PathwaysRequested, ModulesRequested):
        asked = [one.event for one in await choosing.workers.recorded(course_id) if isinstance(one.event, kind)]
        assert [one.model for one in asked] == [LARGE]
    assert (await choosing.get(course_id, "stage4/status"))["inputs"]["model"] == LARGE


async def test_a_later_stage_keeps_the_model_unless_it_has_another(choosing: Gateway) -> None:
    course_id = await choosing.cloned()
    asked = {"complexity_level": "beginner", "engine": "anthropic", "model": SMALL}
    await choosing.post(course_id, "analyze-documents", asked)
    await choosing.workers.analyse(course_id)
    await choosing.project()
    await choosing.post(course_id, "generate-pathways", {})
    assert (await choosing.workers.request(course_id, PathwaysRequested)).model == SMALL
    await choosing.workers.propose(course_id)
    await choosing.project()
    await choosing.post(course_id, "stage3-selections", {"selected_pathway_id": "p-complete"}, 200)
    await choosing.post(course_id, "generate-course", {"model": LARGE})
    assert (await choosing.workers.request(course_id, ModulesRequested)).model == LARGE


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("generate", CLICK),
        ("analyze-documents", {"engine": "anthropic"}),
        ("generate-pathways", {"engine": "anthropic"}),
        ("generate-course", {}),
    ],
)
async def test_another_model_is_refused_with_the_names_of_the_allowed(
    choosing: Gateway, path: str, body: dict[str, Any]
) -> None:
    problem = await choosing.post(await choosing.create(), path, {**body, "model": "maker-huge-9"}, 422)
    assert problem["code"] == "model_not_allowed"
    assert problem["errors"][0]["pointer"] == "/model"
    assert SMALL in problem["detail"]
    assert LARGE in problem["detail"]


async def test_the_offline_engine_has_no_model(choosing: Gateway) -> None:
    problem = await choosing.post(
        await choosing.create(), "generate", {**CLICK, "engine": "offline", "model": SMALL}, 422
    )
    assert problem["code"] == "model_without_engine"


async def test_without_a_list_no_model_can_be_chosen(gateway: Gateway) -> None:
    problem = await gateway.post(await gateway.create(), "generate", {**CLICK, "model": SMALL}, 422)
    assert problem["code"] == "model_not_allowed"
