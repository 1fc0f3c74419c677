"""The objectives of a module, in one shape wherever a module is read."""

from typing import Generic, TypeVar

from pydantic import computed_field

from services.gateway.course.shapes import View
from shared.course.model import Objective
from shared.course.scales import Bloom


class ObjectiveView(View):
    """An objective and its level of Bloom's taxonomy."""

    text: str
    bloom: Bloom


O = TypeVar("O", ObjectiveView, Objective)


class WithObjectives(View, Generic[O]):
    """`objectives` have a level each; `learning_objectives` are their texts."""

    objectives: list[O]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def learning_objectives(self) -> list[str]:
        """The texts of the objectives."""
        return [one.text for one in self.objectives]
