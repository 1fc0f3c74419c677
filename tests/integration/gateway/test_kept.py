"""Webhooks and credentials: a place, a version, and conditions, as parts of a course have them."""

from typing import Any

import pytest

from tests.integration.gateway.conftest import Gateway

URL = "https://example.com/hook"


@pytest.mark.parametrize(
    ("path", "body", "change"),
    [
        ("/api/webhooks", {"url": URL, "event_types": ["CourseGenerated"]}, {"description": "mine"}),
        ("/api/credentials", {"name": "work", "host": "github.com", "token": "one"}, {"token": "another"}),
    ],
)
async def test_what_stands_beside_courses_has_a_place_and_a_version_that_changes_are_based_on(
    gateway: Gateway, path: str, body: dict[str, Any], change: dict[str, Any]
) -> None:
    made = await gateway.api.post(path, json=body)
    place, tag = made.headers["Location"], made.headers["ETag"]
    read = await gateway.api.get(place)
    assert (made.status_code, read.headers["ETag"]) == (201, tag)
    assert (await gateway.api.get(place, headers={"If-None-Match": tag})).status_code == 304
    for method in ("PATCH", "DELETE"):
        refused = await gateway.api.request(method, place, headers={"If-Match": '"older"'}, **_sent(method, change))
        assert (refused.status_code, refused.json()["etag"]) == (412, tag)
    assert (await gateway.api.get(place)).json() == read.json()
    changed = await gateway.api.patch(place, headers={"If-Match": tag}, json=change)
    assert changed.status_code == 200
    assert (await gateway.api.delete(place, headers={"If-Match": changed.headers["ETag"]})).status_code == 204


def _sent(method: str, change: dict[str, Any]) -> dict[str, Any]:
    return {"json": change} if method == "PATCH" else {}
