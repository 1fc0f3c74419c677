"""Stage 6, pure: which lectures have a text or are refused, and which are left."""

from shared.added.core import added_core
from shared.added.kinds import LECTURES

CORE = added_core(LECTURES)
