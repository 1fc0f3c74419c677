"""Shapes of stage 3."""

from datetime import datetime
from typing import Self

from pydantic import Field, model_validator

from services.gateway.api.schemas.objectives import ObjectiveView, WithObjectives
from services.gateway.course.shapes import Body, Id, Part, Text, Title, View
from shared.course.scales import Bloom
from shared.engine.types import PathwayKind
from shared.events.base import Level


class EditPathwayBody(Body):
    """The changes of a pathway; null or absent means unchanged. Its minutes follow from its modules."""

    title: Title | None = None
    description: Text | None = None
    complexity_level: Level | None = None
    prerequisites: list[Title] | None = Field(default=None, max_length=100)


class OfferedModuleBody(Body):
    """A module of a pathway on offer."""

    pathway_id: Id
    module_id: Id


class AddPathwayBody(Body):
    """A pathway of your own, of modules that pathways on offer have; more can be added to it."""

    title: Title
    description: Text = ""
    kind: PathwayKind = "task"
    complexity_level: Level | None = Field(default=None, description="null: that of the analysis")
    prerequisites: list[Title] = Field(default=[], max_length=100)
    modules: list[OfferedModuleBody] = Field(min_length=1, max_length=1000)


class TakeModuleBody(Body):
    """The pathway that has the module."""

    from_pathway_id: Id
    position: int | None = Field(
        default=None, ge=1, le=1000, description="counted from 1 as `sequence_order` is; absent means last"
    )


class SectionBody(Body):
    """A section of an analysed document, as pathways name it."""

    document_id: Id
    section_id: str = Field(min_length=1, max_length=255)


class ObjectiveBody(Body):
    """An objective: begins with a verb a learner can be tested on."""

    text: Title
    bloom: Bloom = "understand"


class ObjectivesBody(Body):
    """The objectives of a module, as texts or with their levels, in the shapes in which modules are read."""

    learning_objectives: list[Title] | None = Field(
        default=None, min_length=1, max_length=12, description="texts; one that the module has keeps its level"
    )
    objectives: list[ObjectiveBody] | None = Field(
        default=None, min_length=1, max_length=12, description="with levels, in place of `learning_objectives`"
    )

    @model_validator(mode="after")
    def _one_list(self) -> Self:
        if self.learning_objectives is not None and self.objectives is not None:
            raise ValueError("Give `objectives` or `learning_objectives`, not both")
        return self


class AddModuleBody(ObjectivesBody):
    """A module over whole documents; without objectives it takes those of its documents."""

    title: Title
    description: Text = ""
    document_ids: list[Id] = Field(min_length=1, max_length=100)
    position: int | None = Field(
        default=None, ge=1, le=1000, description="counted from 1 as `sequence_order` is; absent means last"
    )


class EditModuleBody(ObjectivesBody):
    """The changes of a module; null or absent means unchanged. It is made of whole documents or of single sections."""

    title: Title | None = None
    description: Text | None = None
    document_ids: list[Id] | None = Field(default=None, min_length=1, max_length=100)
    sections: list[SectionBody] | None = Field(default=None, min_length=1, max_length=1000)
    part: Part | None = Field(default=None, description="the group of modules it stands in")


class OrderModulesBody(Body):
    """Every module id of the pathway, in the new order."""

    module_ids: list[Id] = Field(min_length=1, max_length=1000)


class Stage3SelectionsBody(Body):
    """The pathway to take."""

    selected_pathway_id: Id
    start_next: bool = Field(default=False, description="start stage 4 with it")


class Stage3SelectionsView(View):
    """The pathway chosen."""

    selected_pathway_id: str | None
    selected_at: datetime | None


class SectionView(View):
    """A section of a document."""

    document_id: str
    section_id: str
    heading: str


class ModuleView(WithObjectives[ObjectiveView]):
    """A module of a pathway."""

    id: str
    title: str
    description: str
    sequence_order: int
    part: str
    estimated_time: str
    estimated_minutes: int
    document_ids: list[str]
    sections: list[SectionView]


class PathwayView(View):
    """A pathway on offer."""

    id: str
    kind: PathwayKind
    title: str
    description: str
    complexity_level: Level
    estimated_duration: str
    estimated_minutes: int
    prerequisites: list[str]
    revised: bool
    selected: bool
    modules: list[ModuleView]


class PathwaysView(View):
    """All pathways on offer, the widest first."""

    pathways: list[PathwayView]
