"""Settings of each REST API: its limits, and its way to the tables."""

import ipaddress
from typing import Self

from pydantic import Field, model_validator

from shared.kernel.settings import DatabaseSettings


class ServingSettings(DatabaseSettings):
    """How much one process takes on, and how long it lets a caller wait."""

    connection_limit: int = Field(default=4096, ge=16, description="open connections; fewer where descriptors are few")
    database_pool_size: int = Field(default=10, ge=1, le=100)
    projection_wait_seconds: float = Field(default=2.0, gt=0, description="how long a write waits to be visible")
    answer_seconds: float = Field(default=2.8, gt=0, description="a request without an answer by then is refused: 503")
    body_limit_bytes: int = Field(default=1024 * 1024, gt=0)
    request_limit: int = Field(
        default=6000, ge=0, description="requests of one caller in a window, over all processes; 0 = no limit"
    )
    request_window_seconds: int = Field(default=60, ge=1, le=3600)
    trusted_proxies: list[str] = Field(
        default=[], description="addresses or networks whose X-Forwarded-For says whose request they hand on"
    )

    @model_validator(mode="after")
    def _proxies_are_networks(self) -> Self:
        _ = self.trusted_networks  # raises ValueError for what is not a network
        return self

    @property
    def trusted_networks(self) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        """The proxies that are trusted."""
        return tuple(map(ipaddress.ip_network, self.trusted_proxies))
