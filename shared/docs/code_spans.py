"""Code among words, as CommonMark writes it. Pure."""

import re


def code_span(text: str) -> str:
    """A CommonMark code span; the fence is longer than any run of backticks inside."""
    inner = text.strip()
    if not inner:
        return ""
    longest = max((len(run) for run in re.findall(r"`+", inner)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if inner.startswith("`") or inner.endswith("`") else ""
    return f"{fence}{pad}{inner}{pad}{fence}"
