"""Waiting for facts of a course over the gateway's event stream."""

import json
from collections.abc import Iterator

import httpx

from cli.local.stack import LocalStack

_ENDS = (
    "CourseGenerated", "StageDead", "StageCanceled",
    "RepoCloneFailed", "DocsAnalysisFailed", "PathwaysFailed", "ModulesFailed",
)  # fmt: skip


def follow_facts(
    stack: LocalStack, course_id: str, timeout_seconds: float = 90.0, stop_at: tuple[str, ...] = _ENDS
) -> Iterator[str]:
    """Type names of the course's facts from the first on, until one of `stop_at`."""
    headers = {"Authorization": f"Bearer {stack.token}", "Last-Event-ID": "0"}
    url = f"{stack.url}/api/courses/{course_id}/events"
    with httpx.stream("GET", url, headers=headers, timeout=timeout_seconds) as response:
        response.raise_for_status()
        kind = ""
        for line in response.iter_lines():
            if line.startswith("event:"):
                kind = line.removeprefix("event:").strip()
            elif line.startswith("data:") and kind == "fact":
                name = str(json.loads(line.removeprefix("data:"))["type"])
                yield name
                if name in stop_at:
                    return
