"""`coursewright topology apply`: what the streams and durables are, against what shared/event_log/topology.py says."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

from nats.js import JetStreamContext
from nats.js.errors import APIError, NotFoundError

from shared.event_log.topology import apply_topology, consumer_configs, require_this_layout, stream_configs
from shared.events.courses import COURSES
from shared.kernel.errors import PermanentError
from shared.kernel.settings import LogSettings

# Settings that the server takes at creation only.
_FIXED = {
    "stream": {"storage", "retention"},
    "consumer": {"deliver_policy", "ack_policy", "replay_policy", "opt_start_seq"},
}
# The server's own values where nothing is said.
_DEFAULTS: dict[str, Any] = {"retention": "limits", "duplicate_window": 120_000_000_000, "discard": "old"}
_THE_SERVERS_OWN = {"metadata", "max_waiting", "name"}


@dataclass(frozen=True)
class Difference:
    """One field that is not as it should be; a thing that is missing has `field` "" and is created whole."""

    kind: str
    name: str
    field: str
    have: Any
    want: Any

    @property
    def possible(self) -> bool:
        """Whether the server can change it in place."""
        return self.field not in _FIXED[self.kind]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"possible": self.possible}


async def differences(js: JetStreamContext, replicas: int) -> list[Difference]:
    """Streams first, then durables, field by field. Raises PermanentError for a log of an earlier layout."""
    found: list[Difference] = []
    for stream in stream_configs(replicas):
        name = stream.name or ""
        try:
            config = (await js.stream_info(name)).config
            require_this_layout(config)
            have = config.as_dict()
        except NotFoundError:
            found.append(Difference("stream", name, "", None, "created"))
            continue
        found += _compare("stream", name, have, stream.as_dict())
    for consumer in consumer_configs(replicas, LogSettings().ack_wait_seconds):
        name = consumer.durable_name or ""
        try:
            have = (await js.consumer_info(COURSES.name, name)).config.as_dict()
        except NotFoundError:
            found.append(Difference("consumer", name, "", None, "created"))
            continue
        found += _compare("consumer", name, have, consumer.as_dict())
    return found


async def replicas_now(js: JetStreamContext) -> int:
    """How many copies of the log there are; 1 before there is one. Applying the topology must not change it unasked."""
    try:
        return (await js.stream_info(COURSES.name)).config.num_replicas or 1
    except NotFoundError:
        return 1


async def change(js: JetStreamContext, replicas: int, found: list[Difference]) -> None:
    """Apply. Raises PermanentError, before anything is changed, for what the server cannot change in place."""
    fixed = [difference for difference in found if not difference.possible]
    if fixed:
        names = ", ".join(f"{one.kind} {one.name}: {one.field}" for one in fixed)
        raise PermanentError(
            f"The server cannot change this in place: {names}. Nothing was changed; docs/operate.md says what to do"
        )
    try:
        await apply_topology(js, replicas, LogSettings().ack_wait_seconds)
    except APIError as error:
        raise PermanentError(f"The server refused: {error.description}") from error


def _compare(kind: str, name: str, have: Mapping[str, Any], want: Mapping[str, Any]) -> Iterator[Difference]:
    for key in sorted((have.keys() | want.keys()) - _THE_SERVERS_OWN):
        before, after = _plain(have.get(key)), _plain(want.get(key)) or _DEFAULTS.get(key)
        if before != after:
            yield Difference(kind, name, key, before, after)


def _plain(value: Any) -> Any:
    """Enumerations as they are stored; a limit that is not set is 0, -1 or absent, and the order of subjects says
    nothing.
    """
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list):
        value = sorted(value, key=str)
    return None if value in (0, -1, False, [], {}, "", "none") else value
