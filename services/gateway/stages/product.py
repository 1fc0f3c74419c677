"""The stages of the product, in order."""

from services.gateway.course.product import Product
from services.gateway.stages.doc_analyser import DocAnalyser
from services.gateway.stages.documents import Documents
from services.gateway.stages.lectures import Lectures
from services.gateway.stages.modules import Modules
from services.gateway.stages.pathway import Pathways
from services.gateway.stages.repo_clone import RepoClone

PRODUCT = Product((RepoClone(), DocAnalyser(), Pathways(), Modules(), Documents(), Lectures()))
