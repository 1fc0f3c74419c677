"""Settings of each REST API: its limits, and its way to the tables."""

from pydantic import Field

from shared.kernel.settings import DatabaseSettings


class ServingSettings(DatabaseSettings):
    """How much one process takes on, and how long it lets a caller wait."""

    connection_limit: int = Field(default=4096, ge=16, description="open connections; fewer where descriptors are few")
    database_pool_size: int = Field(default=10, ge=1, le=100)
    projection_wait_seconds: float = Field(default=2.0, gt=0, description="how long a write waits to be visible")
    answer_seconds: float = Field(default=2.8, gt=0, description="a request without an answer by then is refused: 503")
    body_limit_bytes: int = Field(default=1024 * 1024, gt=0)
