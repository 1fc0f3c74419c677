"""Pages that show the specifications of the REST API and of the events. They load nothing from other servers."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.api.rendered import Body
from shared.events import event_type_name
from shared.events.courses import COURSE

router = APIRouter(include_in_schema=False)

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "pre{overflow:auto;background:#f4f4f4;color:#111;padding:.7rem}summary{cursor:pointer;padding:.2rem 0}"
)
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_REFERENCE = re.compile(r"#/(?:components/schemas|\$defs)/(\w+)")


@cache
def _described(name: str) -> Body:
    return Body(0, (files("shared.schemas") / name).read_bytes())


@router.get("/asyncapi.yaml")
async def asyncapi(request: Request) -> Response:
    """The description of the events."""
    accepted = request.headers.get("accept-encoding", "")
    return await _described("asyncapi.yaml").response({}, accepted, "application/yaml")


@router.get("/openapi.json")
async def openapi(request: Request) -> Response:
    """The description of the operations; a test holds it to the routes."""
    return await _described("openapi.json").response({}, request.headers.get("accept-encoding", ""))


@router.get("/docs")
async def show_operations() -> HTMLResponse:
    """Every operation with its parameters, body, answers and examples, by tag."""
    described = json.loads(_described("openapi.json").plain)
    tags: dict[str, list[str]] = {}
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            tags.setdefault(operation.get("tags", ["other"])[0], []).append(_operation(path, method, operation))
    parts = [f"<h2>{escape(tag)}</h2>{''.join(found)}" for tag, found in tags.items()]
    parts.append(f"<h2>Schemas</h2>{''.join(_schemas(described['components']['schemas']))}")
    info = described["info"]
    said = f'{info["summary"]} As a file: <a href="/openapi.json">openapi.json</a>. <a href="/docs/events">Events</a>.'
    return _page(f"{info['title']} API", said, parts)


@router.get("/docs/events")
async def show_events() -> HTMLResponse:
    """Every event with its subject, its type and its data."""
    parts, defined = [], dict[str, Any]()
    for name, event in sorted(COURSE.events.items()):
        schema = event.model_json_schema()
        said = (
            f"<p>{escape(schema.pop('description', ''))}</p><p>Type <code>{escape(event_type_name(event))}</code></p>"
        )
        defined |= schema.pop("$defs", {})
        parts.append(f'<details id="{name}"><summary><code>{name}</code></summary>{said}{_json(schema)}</details>')
    parts.append(f"<h2>Schemas</h2>{''.join(_schemas(defined))}")
    said = (
        f"Stream {COURSE.stream.name}, subjects <code>course.&lt;shard&gt;.&lt;course_id&gt;.&lt;event&gt;</code>. "
        'As a file: <a href="/asyncapi.yaml">asyncapi.yaml</a>. <a href="/docs">REST API</a>.'
    )
    return _page("Coursewright events", said, parts)


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> str:
    parts = [f"<p>{escape(operation.get('description', ''))}</p>"]
    for one in operation.get("parameters", ()):
        needed = ", needed" if one.get("required") else ""
        said = escape(one.get("description", ""))
        parts.append(f"<p><code>{escape(one['name'])}</code> in {one['in']}{needed}: {said}</p>")
    if "requestBody" in operation:
        parts.append(f"<p>Body</p>{_contents(operation['requestBody'])}")
    for status, answer in operation["responses"].items():
        parts.append(f"<p>{status}: {escape(answer.get('description', ''))}</p>{_contents(answer)}")
    name = escape(f"{method.upper()} {path}")
    summary = f"<summary><code>{name}</code> {escape(operation.get('summary', ''))}</summary>"
    return f'<details id="{escape(operation["operationId"])}">{summary}{"".join(parts)}</details>'


def _contents(body: Mapping[str, Any]) -> str:
    return "".join(
        f"<p><code>{escape(media)}</code></p>{_json(content.get('schema', {}))}"
        for media, content in body.get("content", {}).items()
    )


def _schemas(schemas: Mapping[str, Any]) -> Iterator[str]:
    for name, schema in schemas.items():
        yield f'<details id="{escape(name)}"><summary><code>{escape(name)}</code></summary>{_json(schema)}</details>'


def _json(value: Any) -> str:
    """Indented, with references as links."""
    text = escape(json.dumps(value, indent=2, ensure_ascii=False), quote=False)
    linked = _REFERENCE.sub(r'<a href="#\1">\g<0></a>', text)
    return f"<pre>{linked}</pre>"


def _page(title: str, said: str, parts: list[str]) -> HTMLResponse:
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    body = f"<h1>{title}</h1><p>{said}</p>{''.join(parts)}"
    page = f'<!doctype html><html lang="en"><head>{head}<style>{_STYLE}</style></head><body>{body}</body></html>'
    policy = f"default-src 'none'; style-src 'sha256-{_HASH}'"
    return HTMLResponse(page, headers={"Content-Security-Policy": policy})
