"""One sample of every event, as the schemas show it: what a subscriber will see. `examples` has them as stored."""

import json
from pathlib import Path

from shared.events import Event
from shared.events.registry import EVENT_TYPES, REGISTRY

EXAMPLES = Path(__file__).parent / "examples"


def read_stored(path: Path) -> Event:
    """The event that a file holds as its type's name and its data."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    return REGISTRY.parse(stored["type"], json.dumps(stored["data"]).encode())


SAMPLES: tuple[Event, ...] = tuple(
    read_stored(EXAMPLES / f"{name}.v{cls.version}.json") for name, cls in EVENT_TYPES.items()
)
