"""The findings of gates about a module: stored with the module, and handed to the writer who mends it."""

from shared.kernel.values import Value

BLOCKING = frozenset({"Q1", "Q2", "Q3", "Q5", "Q7", "Q19", "L1", "K1", "K2", "K3", "K5", "K6", "K10"})
"""Gates with whose findings a module is not complete, whatever the engine."""

DROPPED = BLOCKING | {"Q9", "Q10", "Q11", "K8"}
"""Gates whose findings cost a module the item, objective, sentence of the frame or section at fault.

The other findings are for a writer who can mend them. The author's sentences stay as they are: a section is not lost
over a word that points back.
"""

_LESSON = ("introduction", "main_content")


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


def list_blocking(report: GateReport) -> tuple[GateFinding, ...]:
    """The findings with which a module is not published."""
    return tuple(finding for finding in report.findings if finding.gate in BLOCKING)


def list_dropped(report: GateReport) -> tuple[GateFinding, ...]:
    """The findings whose text is taken out when nobody mends it."""
    return tuple(finding for finding in report.findings if finding.gate in DROPPED)


def list_dropped_of_author(report: GateReport) -> tuple[GateFinding, ...]:
    """As `list_dropped`, for a lesson in the author's words: one name that a check misses costs no section.

    The course's report counts such names. A sentence of which most words are missed is not the author's, and goes.
    """
    strange = {(finding.where, finding.sentence) for finding in report.findings if finding.gate == "Q4"}
    return tuple(
        one
        for one in list_dropped(report)
        if one.gate != "Q3" or one.where not in _LESSON or (one.where, one.sentence) in strange
    )
