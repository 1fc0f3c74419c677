"""Pages of both specifications."""

import re

import yaml

from shared.events.courses import COURSE
from shared.events.registry import EVENT_TYPES
from tests.integration.gateway.conftest import Gateway


async def _page(gateway: Gateway, path: str) -> str:
    answer = await gateway.api.get(path, headers={"Authorization": ""})
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    for found in re.findall(r'(?:src|href)="([^"]+)"', answer.text):
        assert found.startswith(("#", "/")), "nothing comes from elsewhere"
    targets = set(re.findall(r'href="#([^"]+)"', answer.text))
    assert targets <= set(re.findall(r'id="([^"]+)"', answer.text))
    return answer.text


async def test_every_operation_has_its_place_on_a_page_that_loads_nothing(gateway: Gateway) -> None:
    page = await _page(gateway, "/docs")
    described = await gateway.api.get("/openapi.json", headers={"Authorization": ""})
    assert described.headers["Content-Encoding"] == "gzip"
    known = {"Authorization": "", "If-None-Match": described.headers["ETag"]}
    assert (await gateway.api.get("/openapi.json", headers=known)).status_code == 304
    for operations in described.json()["paths"].values():
        for operation in operations.values():
            assert f'<details id="{operation["operationId"]}">' in page


async def test_every_event_has_its_place_and_the_file_is_served(gateway: Gateway) -> None:
    page = await _page(gateway, "/docs/events")
    described = yaml.safe_load((await gateway.api.get("/asyncapi.yaml", headers={"Authorization": ""})).text)
    assert set(described["channels"]) == {*EVENT_TYPES, "generation"}
    for name in COURSE.events:
        assert f'<details id="{name}">' in page
