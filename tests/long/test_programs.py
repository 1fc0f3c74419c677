"""What a learner's program costs besides its interpreter."""

import asyncio
import resource
import statistics
import sys
from pathlib import Path

import pytest

from shared.code.port import CodeLimits, CodeRefused, RunLanguage
from shared.code.sandbox import Sandbox

pytestmark = pytest.mark.long
_PAIRS = 25
_MOST_MILLISECONDS = 150


@pytest.mark.parametrize(("language", "name"), [("python", "main.py"), ("javascript", "main.js")])
async def test_a_room_costs_little_beside_the_interpreter(language: RunLanguage, name: str, tmp_path: Path) -> None:
    sandbox, program = Sandbox(CodeLimits()), tmp_path / name
    if language not in sandbox.languages:
        pytest.skip("this machine has no node")
    program.write_text("", encoding="utf-8")
    command = [*sandbox.languages[language].command[:-1], str(program)]
    costs: list[tuple[float, float]] = []
    for _ in range(_PAIRS):
        at_first = spent()
        await (await asyncio.create_subprocess_exec(*command)).wait()
        bare = spent() - at_first
        try:
            result = await sandbox.run(language, "", "")
        except CodeRefused as refused:
            pytest.skip(refused.message)
        costs.append((bare, spent() - at_first - bare))
        assert result.verdict == "finished"
    bare, room = (statistics.median(one) * 1000 for one in zip(*costs, strict=True))
    sys.stdout.write(f"{language}: {bare:.0f} ms bare, {room:.0f} ms in a room\n")
    assert room - bare <= _MOST_MILLISECONDS


def spent() -> float:
    """Processor time of all processes that have ended: other work of the machine counts for little."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
