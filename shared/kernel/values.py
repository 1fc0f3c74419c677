"""The base of values that are stored as JSON."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """Frozen; readers ignore fields they do not know, so that a stored value of a later version still loads."""

    model_config = ConfigDict(frozen=True, extra="ignore")
