"""Predict what comes of a program, a template or a command, where the block that it leads to shows it."""

import re
from collections.abc import Iterator, Sequence

from services.modules.offline.items import runs
from services.modules.offline.items.examples import Shown
from services.modules.offline.items.needed_code import LEFT_OUT, write_code
from services.modules.offline.items.predict_output import is_lasting
from services.modules.offline.items.question import Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText, list_lines
from shared.docs.model import Block

_VERB = (
    r"(?:prints?|outputs?|produces?|results? in|render(?:s|ed)(?: to| as)?|returns?|gives?|yields?"
    r"|(?:evaluates?|expands?) to|becomes)"
)
_SAYS = re.compile(
    rf"(?:^(?:the )?(?:output|result)s?(?: is| will be)?|\b{_VERB}(?: (?:this|the following)(?: \w+){{0,2}})?)\W*$",
    re.IGNORECASE,
)
"""A sentence that leads to what the code above it prints, or the code in it."""
_TEMPLATE, _IN_CODE, _MOST_OF_LEAD = re.compile(r"\{\{|\{%"), re.compile(r"`[^`]*[^`\w][^`]*`"), 30
_PROMPT, _DOES, _MOST_BETWEEN = re.compile(r"[>$] "), re.compile(r"[({|=$<]"), 3
_KEY, _MOST_LINES, _LONGEST = re.compile(r'"([^"]+)":'), 7, 80


def ask_led(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each block of a few lines that the blocks before it decide."""
    for at, block in enumerate(one.section.blocks):
        led = _list_led(one, at) if block.kind == "code" else ()
        yield from _ask(one, led, block, said) if led else ()


def _list_led(one: TaughtSection, at: int) -> Sequence[Block]:
    """The blocks that a block comes of: a program with the file that it reads, and the sentence that says so."""
    *before, output = one.section.blocks[: at + 1]
    lead = before[-1] if before else output
    text = lead.sentences[-1].text if lead.sentences else ""
    if not _SAYS.search(text) or len(text.split()) > _MOST_OF_LEAD:
        is_made = output.language == "json" and lead.language in runs.PROGRAMS
        is_next = lead.language not in runs.SHELLS | runs.SETTINGS and output.language in runs.SHELLS - runs.PROGRAMS
        return (lead,) if lead.kind == "code" and (is_made or is_next) else ()
    if _IN_CODE.search(text) and "above" not in text:
        return (lead,)
    *before, program = before[:-1] or [lead]
    is_other = program.language != output.language or "{{" in program.code or not output.language
    if program.kind != "code" or program.language == "text" or not is_other:
        return ()
    if not (program.language or _DOES.search(program.code)):
        return ()
    then = " ".join(sentence.text for sentence in before[-1].sentences).split() if before else ()
    reads = before[-3:] if len(then) in range(1, _MOST_BETWEEN) and any(own.code for own in before[-2:-1]) else ()
    return (*reads, program, lead)


def _ask(one: TaughtSection, led: Sequence[Block], output: Block, said: TaughtText) -> Iterator[Question]:
    """The question what comes of the code that leads to a block."""
    printed = [line for line in list_lines(one, output) if line[0].strip()]
    program = next((block for block in reversed(led) if block.kind == "code"), led[-1])
    text, lines = runs.join(printed), list_lines(one, program)
    is_fit = 0 < len(printed) <= _MOST_LINES and len(text) <= _LONGEST and not _PROMPT.match(text)
    if not (is_fit and is_lasting(text)) or any("```" in own.code or LEFT_OUT.search(own.code) for own in led):
        return
    asked = [block for block in led if block.kind == "code" or block is not led[-1] or led[:-1] == ()]
    code, stem = "\n".join(block.code or _show(block) for block in asked), "\n\n".join(map(_show, asked))
    if lines and not (program.language in runs.SHELLS or _TEMPLATE.search(program.code)):
        shown = Shown(program, "\n".join(line for line, _ in lines[:-1]), lines[-1][0], text, (lines[-1][1],))
        code = write_code(one, shown, said)
        stem = f"```{program.language}\n{code}\n```"
    places = [code.find(key) for key in _KEY.findall(text)]  # a formatter that sorts them is not shown
    if code and runs.decides(code, text) and places == sorted(places):
        yield runs.ask_run(
            one, program, runs.Run(output, "", text, (*(own for _, own in lines[-1:]), runs.span_lines(printed))), stem
        )


def _show(block: Block) -> str:
    return f"```{block.language}\n{block.code}\n```" if block.kind == "code" else block.sentences[-1].text
