"""How long modules and pathways take, by the published rule and the measure of what was written. Pure."""

import math
from collections.abc import Mapping, Sequence

from shared.course.field_text import read_module
from shared.course.model import Module
from shared.course.sentence_marks import strip_marks
from shared.engine.code_lines import is_output_language
from shared.engine.minutes import CODE_LINES_PER_MINUTE, OUTPUT_LINES_PER_MINUTE, WORDS_PER_MINUTE
from shared.engine.types import Pathway


def with_minutes(modules: Sequence[Module]) -> list[Module]:
    """The modules with the minutes of what they hold."""
    return [module.model_copy(update={"estimated_minutes": estimate_module(module)}) for module in modules]


def estimate_module(module: Module) -> int:
    """Words / 200, lines of code / 12, lines of output / 40 and 1 per item, rounded up."""
    words = code = output = 0
    for field in read_module(module):
        texts = [one.text for one in field.statements] + [one.text for one in field.headings]
        words += sum(len(strip_marks(text).split()) for text in texts)
        for before, block in zip(["", *(one.language for one in field.code)], field.code, strict=False):
            lines = sum(1 for line in block.text.splitlines() if line.strip())
            is_output = is_output_language(block.language, before)
            output, code = (output + lines, code) if is_output else (output, code + lines)
    reading = words / WORDS_PER_MINUTE + code / CODE_LINES_PER_MINUTE + output / OUTPUT_LINES_PER_MINUTE
    return max(1, math.ceil(reading) + len(module.assessment))


def estimate_pathways(pathways: Sequence[Pathway], modules: Sequence[Module]) -> dict[str, int]:
    """Minutes of each pathway by its id: those of its modules, as written, else as planned and scaled alike."""
    written = {module.id: module.estimated_minutes for module in modules}
    scale = _scale(pathways, written)
    return {
        pathway.id: max(1, round(sum(written.get(one.id, scale * one.estimated_minutes) for one in pathway.modules)))
        for pathway in pathways
    }


def _scale(pathways: Sequence[Pathway], written: Mapping[str, int]) -> float:
    """How much longer the written modules are than they were planned."""
    planned = {one.id: one.estimated_minutes for pathway in pathways for one in pathway.modules}
    known = [module_id for module_id in written if module_id in planned]
    return sum(written[one] for one in known) / sum(planned[one] for one in known) if known else 1.0
