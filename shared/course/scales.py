"""Scales that analyses and courses are described with. These names are the published format: add, never rename."""

from typing import Final, Literal

ONE_SITTING_MINUTES: Final = 10
"""A course that takes no longer has one pathway: a choice of ways through it helps nobody."""

Bloom = Literal["remember", "understand", "apply", "analyze", "evaluate", "create"]
DocType = Literal[
    "tutorial", "guide", "reference", "api", "example", "overview", "configuration", "troubleshooting", "faq"
]
ItemForm = Literal[
    "predict_output", "choose", "fill_call", "find_wrong", "what_happens", "compare", "order", "match", "other"
]
