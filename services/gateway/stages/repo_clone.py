"""The gateway's side of repo_clone: an address is asked for, and a repository becomes a source of the course."""

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from services.gateway.course.commands import Inputs, Start
from services.gateway.course.product import Allowed, Asking, GatewayStage
from services.gateway.course.shapes import Address, Body, Id, Ref
from services.gateway.course.state import CourseState, Plan, Source, replace
from services.gateway.stages.addresses import check_address
from services.gateway.stages.sources import with_source
from shared.event_log.port import Recorded
from shared.events.gateway import RepoCloneRequested
from shared.events.repo_clone import RepoCloned
from shared.kernel.blobs import Blobs
from shared.pipeline import PIPELINE


class AnalyzeRepositoryBody(Body):
    """Stage 1."""

    repo_url: Address = Field(description="an https address, or owner/repo on GitHub")
    ref: Ref = Field(default="", description="branch, tag or 40-hex commit; empty means the default branch")
    credential_id: Id | None = Field(default=None, description="one of yours, to read a private repository with")


class RepoClone(GatewayStage):
    """A repository at a ref."""

    row = PIPELINE.by_name["repo_clone"]
    asking = Asking(
        "analyze-repository", "analyzeRepository", "Clone and scan a repository",
        "Asked twice while it runs it is the same run.", "Analyse a repository first", AnalyzeRepositoryBody,
    )  # fmt: skip
    takes = ("repo_url", "ref", "credential_id")
    shows = takes

    def given(self, body: Any, allowed: Allowed) -> Inputs:
        address = check_address(body.repo_url, allowed).canonical
        return {"repo_url": address, "ref": body.ref, "credential_id": body.credential_id}

    def planned(self, plan: Plan) -> Inputs:
        return {"repo_url": plan.repo_url, "ref": plan.ref, "credential_id": plan.credential_id}

    def is_planned(self, plan: Plan) -> bool:
        return bool(plan.repo_url)

    async def build(self, blobs: Blobs, state: CourseState, start: Start, run_id: str) -> RepoCloneRequested:
        return RepoCloneRequested(
            course_id=state.course_id, run_id=run_id, owner=state.owner, retry_of=start.retry_of, **start.inputs
        )

    def basis(self, state: CourseState) -> Sequence[object]:
        return ()

    def found(self, state: CourseState, recorded: Recorded) -> CourseState:
        event = recorded.event
        if not isinstance(event, RepoCloned):
            return state
        source = Source(
            self.row.name, event.source_id, event.repo_url, event.canonical_url, event.ref, event.commit,
            event.repo_name, event.files, event.folders, event.navigation, event.project_name,
            event.licence,
        )  # fmt: skip
        return replace(state, sources=with_source(state, source))
