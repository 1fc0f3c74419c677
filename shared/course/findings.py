"""The findings of gates about a module: stored with the module, and handed to the writer who mends it."""

from shared.kernel.values import Value


class GateFinding(Value):
    """One thing a gate found. `where` is the field, item or objective; `sentence` the offending text, if any.

    Of a section that is not whole, the sentence is one of those that are shown.
    """

    gate: str
    where: str
    detail: str
    sentence: str = ""


class GateReport(Value):
    """The findings of the gates about a module; publishable when `findings` is empty."""

    module_id: str
    checked: int
    findings: tuple[GateFinding, ...] = ()
