"""A product of five stages, and the events it knows. Values, given to whatever needs them."""

from dataclasses import replace

from services.gateway.course.product import Product
from services.gateway.stages.product import PRODUCT
from shared.events import COURSE, Registry
from tests.contract.folder_reader.events import EVENTS
from tests.contract.folder_reader.gateway import FolderReader

FIVE = Product((*PRODUCT.stages, FolderReader()))
COURSE_OF_FIVE = replace(
    COURSE,
    events={**COURSE.events, **{kind.__name__: kind for kind in EVENTS}},
    rights={**COURSE.rights, "folder_reader": EVENTS},
)
KNOWN = Registry((COURSE_OF_FIVE,))
