"""YAML and TOML of strangers: what would take hours or all of the memory to read is refused like what is broken."""

import tomllib
from typing import Any

import yaml

_MERGE = "tag:yaml.org,2002:merge"
_MOST_MERGES = 10
_LONGEST_LINE = 2_000


class BoundedLoader(yaml.SafeLoader):
    """Safe, and merges (`<<`) ten mappings at most: each can double all that were merged before it."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._merges = 0

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Called by the loader for each mapping before it is made."""
        for key, value in node.value:
            if key.tag == _MERGE:
                self._merges += len(value.value) if isinstance(value, yaml.SequenceNode) else 1
        if self._merges > _MOST_MERGES:
            raise yaml.constructor.ConstructorError(None, None, "too many merges", node.start_mark)
        super().flatten_mapping(node)


def load_toml(text: str) -> dict[str, Any]:
    """Raises ValueError for what is no TOML. The time for a dotted key grows with the square of its parts, and a key
    ends with its line.
    """
    if any(len(line) > _LONGEST_LINE for line in text.split("\n")):
        raise ValueError("a line is too long to be read")
    return tomllib.loads(text)
