"""The missing parts of an incomplete module, in words for somebody who takes the course."""

import re

_PLAIN = {
    "Q1": "A citation does not lead to the lines it names",
    "Q2": "Something is said without a source",
    "Q3": "A name, a number or a quotation is not in the cited lines",
    "Q5": "A code block is not the source's own",
    "Q7": "Something is used before it is taught",
    "Q19": "Something is empty, said twice, or says nothing",
    "K1": "A section is not whole",
    "K2": "A list or a table is not whole",
    "K3": "Code is not whole",
    "K5": "The summary says what the lesson does not",
    "K6": "A question does not ask for understanding",
    "K8": "An objective is not about what is taught",
    "K10": "A sentence of the frame says nothing of the module",
    "L1": "A link or a picture leads nowhere",
}
_GATE = re.compile(r"(\w+): (.+)", re.DOTALL)


def tell_problem(problem: str) -> str:
    """A problem as a module states it ("Q3: not in the cited lines: x") as a sentence without the name of its check."""
    found = _GATE.fullmatch(problem)
    if found is None or found[1] not in _PLAIN:
        return problem if problem.endswith(".") else f"{problem}."
    return f"{_PLAIN[found[1]]} ({found[2].rstrip('.')})."
