"""Names that every process on NATS needs: the streams beside the events, the durable of webhooks, and where a user
finds the API and its answers.
"""

from shared.pipeline import PIPELINE

BROUGHT_OVER = "BROUGHT_OVER"  # where a log of before lies while it is brought over
PROGRESS = "PROGRESS"
DEAD = "DEAD"

REQUEST_COUNTS = "limits.requests"  # the processes of the API tell each other how often callers called

# Whether a model can be asked; the name of the user that answers follows.
ENGINE_READY = "engines.ready"

TUTOR = "tutor.answer"  # the classroom asks for an answer to a learner

WEBHOOKS = "webhooks"  # the durable that tells users' addresses

STAGES = "stages"  # one process that hosts all stages, as the local stack has by default
SUBSCRIBER = "subscriber"  # another system
THE_TUTOR = "tutor"  # answers what the classroom asks

API = "$JS.API"
# Where the API of the log is imported: under its own name the server would answer for the account itself as well. Other
# systems know this as JetStream's domain `coursewright`.
IMPORTED_API = "$JS.coursewright.API"


def inbox_prefix(user: str) -> str:
    """Where a user's answers arrive."""
    return f"_INBOX_{user}"


def api_prefix(user: str) -> str:
    """Where a user finds JetStream's API: one that has an account of its own finds it where it is imported."""
    return IMPORTED_API if user in {STAGES, SUBSCRIBER, THE_TUTOR, *PIPELINE.by_name} else API
