"""Kill points do nothing unless a test armed them, and then exactly once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shared.kernel.kill_points import VARIABLE, KillPoint
from shared.pipeline import PIPELINE

ROOT = Path(__file__).parents[2]
_THREE_TIMES = """
from shared.kernel.kill_points import KillPoint, reached
for number in range(3):
    print(number, flush=True)
    reached(KillPoint.effect_done, "pathway")
    reached(KillPoint.effect_done, "modules")
"""


def go_there(folder: Path | None) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    if folder is not None:
        environment[VARIABLE] = str(folder)
    return subprocess.run(
        [sys.executable, "-c", _THREE_TIMES], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_without_the_variable_nothing_happens() -> None:
    assert go_there(None).returncode == 0


def test_a_point_that_is_not_armed_is_passed(tmp_path: Path) -> None:
    (tmp_path / "K3:doc_analyser").write_text("1")
    assert go_there(tmp_path).returncode == 0
    assert (tmp_path / "K3:doc_analyser").exists()


def test_the_process_dies_at_the_time_asked_for_and_never_again(tmp_path: Path) -> None:
    (tmp_path / "K3:pathway").write_text("2")
    dead = go_there(tmp_path)
    assert (dead.returncode, dead.stdout.split()) == (-9, ["0", "1"])
    assert "killed at K3:pathway" in dead.stderr
    assert go_there(tmp_path).returncode == 0


@pytest.mark.parametrize("point", KillPoint, ids=lambda point: point.value)
def test_every_point_is_in_the_code_of_those_that_pass_it(point: KillPoint) -> None:
    sources = [
        file.read_text(encoding="utf-8") for top in ("services", "shared") for file in (ROOT / top).rglob("*.py")
    ]
    assert any(f"reached(KillPoint.{point.name}, " in source for source in sources)


@pytest.mark.parametrize("stage", PIPELINE.by_name)
def test_every_stage_can_be_cut_in_the_middle_of_its_work(stage: str) -> None:
    own = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "services" / stage).rglob("*.py"))
    added = (ROOT / "shared" / "added" / "effects.py").read_text(encoding="utf-8")
    shared = "AddedEffects(" in own and "reached(KillPoint.effect_half_done, self.reader.kind.stage)" in added
    assert shared or f'reached(KillPoint.effect_half_done, "{stage}")' in own
