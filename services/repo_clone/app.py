"""Composition of stage 1. `faststream run services.repo_clone.app:create_app --factory`."""

from functools import partial
from typing import TYPE_CHECKING

from services.repo_clone.clones import Clones
from services.repo_clone.core import CORE
from services.repo_clone.effects import Admitted, RepoCloneEffects
from services.repo_clone.git_process import Limits
from services.repo_clone.settings import Settings
from services.repo_clone.tokens import Tokens
from shared.kernel.blobs import Blobs
from shared.pipeline import PIPELINE
from shared.stage.app import StageSpec, service_app
from shared.workers.away import away

if TYPE_CHECKING:
    from services.repo_clone import scan
else:
    scan = away("services.repo_clone.scan")


def build_effects(settings: Settings, blobs: Blobs) -> RepoCloneEffects:
    """The effects with their dependencies."""
    limits = Limits(settings.clone_timeout_seconds, settings.clone_size_limit_bytes)
    clones = Clones(settings.work_dir / "clones", limits)
    inward = frozenset(settings.inward_repository_hosts)
    admitted = Admitted(settings.allow_local_repositories, settings.allow_http_repositories, inward)
    return RepoCloneEffects(blobs, clones, admitted, Tokens(settings.credential_keys_file))


SPEC = StageSpec(PIPELINE.by_name["repo_clone"], CORE, Settings, build_effects, scan.load)
create_app = partial(service_app, SPEC)
