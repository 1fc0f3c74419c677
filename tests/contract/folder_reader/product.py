"""A product of five stages, and the events it knows. Values, given to whatever needs them."""

from dataclasses import replace

from services.gateway.course.product import Product
from services.gateway.stages.product import PRODUCT
from shared.events import Registry
from shared.events.courses import COURSE
from shared.events.stage import StageCanceled, StageDead, StageRetryScheduled
from tests.contract.folder_reader.events import EVENTS, FolderReadRequested
from tests.contract.folder_reader.gateway import FolderReader

FIVE = Product((*PRODUCT.stages, FolderReader()))
COURSE_OF_FIVE = replace(
    COURSE,
    events={**COURSE.events, **{kind.__name__: kind for kind in (FolderReadRequested, *EVENTS)}},
    rights={
        **COURSE.rights,
        "gateway": (*COURSE.rights["gateway"], FolderReadRequested),
        "folder_reader": (*EVENTS, StageRetryScheduled, StageCanceled, StageDead),
    },
)
KNOWN = Registry((COURSE_OF_FIVE,))
