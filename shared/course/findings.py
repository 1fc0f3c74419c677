"""What a gate says of a module: stored with the module, and handed to the writer who mends it."""

from pydantic import BaseModel, ConfigDict


class _Value(BaseModel):
    """Frozen; readers ignore fields they do not know, so that a stored value of a later version still loads."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class GateFinding(_Value):
    """One thing a gate found. `where` is the field or item id; `sentence` the offending text, if any.

    A finding about a section of the source names its lines: start_line..end_line of `path`, else "" and 0.
    """

    gate: str
    where: str
    detail: str
    sentence: str = ""
    path: str = ""
    start_line: int = 0
    end_line: int = 0


class GateReport(_Value):
    """What the gates say of a module; publishable when `findings` is empty."""

    module_id: str
    checked: int
    findings: tuple[GateFinding, ...] = ()
