"""A product of five stages, and the events it knows. Values, given to whatever needs them."""

from services.gateway.course.product import Product
from services.gateway.stages.product import PRODUCT
from shared.events import EVENT_TYPES
from tests.contract.folder_reader.events import EVENTS
from tests.contract.folder_reader.gateway import FolderReader

FIVE = Product((*PRODUCT.stages, FolderReader()))
KNOWN = {**EVENT_TYPES, **{kind.__name__: kind for kind in EVENTS}}
