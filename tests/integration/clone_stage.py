"""Stage 1 over a memory store, as a test asks it for repositories."""

from pathlib import Path

import pytest

from services.repo_clone.clones import Clones
from services.repo_clone.core import CORE, CloneAndScan
from services.repo_clone.effects import Admitted, RepoCloneEffects
from services.repo_clone.git_process import Limits
from shared.docs.listing import FileEntry, Listing
from shared.events.gateway import RepoCloneRequested
from shared.events.repo_clone import RepoCloned
from shared.kernel.blobs import Blobs, open_backend
from shared.kernel.errors import CoursewrightError
from shared.stage.port import Run
from tests.support.workers import InlineWorkers

GUIDE = b"# Guide\n\nThis page explains how the thing is used from day to day.\n"


LIMITS = Limits(30, 10**8)


class Stage:
    """Stage 1 over a memory store, as a test asks it for repositories."""

    def __init__(self, folder: Path, *, allow_local: bool = True, limits: Limits = LIMITS) -> None:
        self.work = folder / "work"
        self.blobs = Blobs(open_backend("memory:"))
        self.effects = RepoCloneEffects(self.blobs, Clones(self.work, limits), Admitted(local=allow_local))
        self.steps: list[tuple[str, int]] = []

    async def run(
        self, url: Path | str, ref: str = "", owner: str = "o", credential_id: str | None = None
    ) -> RepoCloned:
        request = RepoCloneRequested(
            course_id="c",
            run_id="r",
            repo_url=str(url),
            ref=ref,
            owner=owner,
            credential_id=credential_id,
        )
        action = CORE.next_action(CORE.evolve(CORE.initial, request))
        assert action == CloneAndScan(request)
        (outcome,) = [
            outcome async for outcome in self.effects.perform(action, Run("c", "r", self._progress, InlineWorkers()))
        ]
        return outcome

    async def listing(self, scanned: RepoCloned) -> dict[str, FileEntry]:
        return {file.path: file for file in (await self.blobs.get_model(scanned.files, Listing)).files}

    async def refusal(self, url: Path | str, ref: str = "") -> CoursewrightError:
        with pytest.raises(CoursewrightError) as caught:
            await self.run(url, ref)
        return caught.value

    async def _progress(self, step: str, percent: int) -> None:
        self.steps.append((step, percent))
