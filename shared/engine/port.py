"""The inputs of engines of several stages. Each stage's own port is in its service.

Everything an engine may know comes in as arguments; it reads no file or network of its own but the model's. What
reads, orders or builds text is done by the worker processes of its run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from shared.docs.navigation import Navigation
from shared.engine.titles import listed_titles


@dataclass(frozen=True)
class ProjectFacts:
    """Facts of all sources together: the name of the project, the overview document and the author's order."""

    name: str
    overview_path: str | None = None
    navigation: Navigation = field(default_factory=Navigation)

    @cached_property
    def listed_titles(self) -> Mapping[str, str]:
        """See `listed_titles`."""
        return listed_titles(self.navigation)
