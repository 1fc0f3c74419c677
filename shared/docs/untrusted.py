"""YAML, TOML and JSON of strangers.

What would take hours or all of the memory to read is refused like what is broken. What comes out can be stored: no
string holds half a character, no number is endless.
"""

import json
import re
import tomllib
from typing import Any

import yaml

_MERGE = "tag:yaml.org,2002:merge"
_MOST_MERGES = 10
_LONGEST_LINE = 2_000
_LARGEST_NUMBER = 2**63
# An escape can name half a surrogate pair, which no encoding takes, and NUL, which PostgreSQL refuses.
_UNFIT = re.compile("[\0\ud800-\udfff]")


def as_text(string: str) -> str:
    """A string made of escapes as text: surrogate pairs as their characters, U+FFFD for lone surrogates and NUL."""
    if not _UNFIT.search(string):
        return string
    return string.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\0", "\ufffd")


def as_values(loaded: Any) -> Any:
    """The result of a parser, with its strings as text. Raises ValueError for a whole number that is too large."""
    match loaded:
        case str():
            return as_text(loaded)
        case dict():
            return {as_values(key): as_values(value) for key, value in loaded.items()}
        case list():
            return [as_values(item) for item in loaded]
        case int() if abs(loaded) > _LARGEST_NUMBER:
            raise ValueError("a number is too large")
        case _:
            return loaded


def bounded(value: Any, budget: list[int], depth: int = 40) -> Any:
    """Loaded values in JSON's types, as a tree of bounded size: YAML's aliases can make a few lines endless."""
    budget[0] -= 1
    match value:
        case _ if budget[0] < 0 or not depth:
            return None
        case dict():
            return {str(key): bounded(inner, budget, depth - 1) for key, inner in value.items() if budget[0] > 0}
        case list() | tuple():
            return [bounded(inner, budget, depth - 1) for inner in value if budget[0] > 0]
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)


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

    def get_single_data(self) -> Any:
        """The values. PyYAML itself stumbles over a tag that does not fit its value, such as `!!bool x`."""
        try:
            return super().get_single_data()
        except (LookupError, AttributeError, TypeError) as error:
            raise yaml.constructor.ConstructorError(None, None, "a tag does not fit its value") from error

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        """Called by the loader for each string."""
        return as_values(super().construct_scalar(node))

    def construct_number(self, node: yaml.ScalarNode) -> Any:
        """Called by the loader for each whole number."""
        return as_values(self.construct_yaml_int(node))


BoundedLoader.add_constructor("tag:yaml.org,2002:int", BoundedLoader.construct_number)


def load_toml(text: str) -> dict[str, Any]:
    """Raises ValueError for what is no TOML. The time for a dotted key grows with the square of its parts, and a key
    ends with its line.
    """
    if any(len(line) > _LONGEST_LINE for line in text.split("\n")):
        raise ValueError("a line is too long to be read")
    found: dict[str, Any] = as_values(tomllib.loads(text))
    return found


def load_json(text: str) -> Any:
    """Raises ValueError for what is no JSON."""
    return as_values(json.loads(text))
