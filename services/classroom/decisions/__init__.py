"""Commands as decisions: a state and what is asked for become events or a refusal. Pure."""

from shared.events import Event
from shared.kernel.refusals import Refusal

Decision = tuple[Event, ...] | Refusal
