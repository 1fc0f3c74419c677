"""Stage 5, pure: which documents are read or refused, and which are left."""

from shared.added.core import added_core
from shared.added.kinds import DOCUMENTS

CORE = added_core(DOCUMENTS)
