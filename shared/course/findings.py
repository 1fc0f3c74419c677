"""The findings of gates about a module: stored with the module, and handed to the writer who mends it."""

from pydantic import BaseModel, ConfigDict


class _Value(BaseModel):
    """Frozen; readers ignore fields they do not know, so that a stored value of a later version still loads."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class GateFinding(_Value):
    """One thing a gate found. `where` is the field, item or objective; `sentence` the offending text, if any.

    Of a section that is not whole, the sentence is one of those that are shown.
    """

    gate: str
    where: str
    detail: str
    sentence: str = ""


class GateReport(_Value):
    """The findings of the gates about a module; publishable when `findings` is empty."""

    module_id: str
    checked: int
    findings: tuple[GateFinding, ...] = ()
