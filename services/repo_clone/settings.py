"""Settings of stage 1, which reads repositories of strangers: it knows no key of a model."""

from pathlib import Path

from pydantic import Field

from shared.kernel.settings import StageSettings


class Settings(StageSettings):
    """The scratch folder, the addresses that are allowed, and the limits of a clone."""

    work_dir: Path = Field(default=Path("/var/tmp/coursewright"), description="scratch folder: clones")  # noqa: S108
    allow_local_repositories: bool = Field(default=False, description="accept paths of this machine as repositories")
    allow_http_repositories: bool = False
    inward_repository_hosts: list[str] = Field(
        default=[], description="hosts inside this network that repositories may be fetched from; a port stands beside"
    )
    credential_keys_file: Path | None = Field(
        default=None, description="file of id:key lines that open tokens of private repositories; the first is current"
    )
    clone_timeout_seconds: float = Field(default=120.0, gt=0)
    clone_size_limit_bytes: int = Field(default=300 * 1024 * 1024, gt=0)
