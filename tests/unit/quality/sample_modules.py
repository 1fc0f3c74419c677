"""The sample's modules: true, cited, and without a flaw that a rule can see."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from shared.course.model import Module

from .sample_repository import cite


@cache
def _written() -> list[dict[str, Any]]:
    written: list[dict[str, Any]] = yaml.safe_load(
        Path(__file__).with_name("sample_modules.yaml").read_text(encoding="utf-8")
    )
    return [one | {"citations": [cite(*row) for row in one["citations"]]} for one in written]


def start_module() -> Module:
    """The first module."""
    return Module.model_validate(_written()[0])


def plans_module() -> Module:
    """The second module."""
    return Module.model_validate(_written()[1])


def errors_module() -> Module:
    """The third module."""
    return Module.model_validate(_written()[2])
