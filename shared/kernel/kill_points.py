"""Named places where a test may end this very process, to prove that dying there does no harm.

For tests only. Without COURSEWRIGHT_KILL_POINTS in the environment `reached` returns at once. With it, the variable
names a folder; a file `K3:doc_analyser` in it that holds `2` arms one point: the second time `doc_analyser` gets
there, the file is removed and the process gets SIGKILL, or the signal that follows the number (`2 STOP`). Whoever
starts the process again starts it unarmed.
"""

import os
import signal
import sys
from collections import Counter
from enum import StrEnum
from pathlib import Path

VARIABLE = "COURSEWRIGHT_KILL_POINTS"


class KillPoint(StrEnum):
    """Where a stage, the projector, the eraser, or a question to a model can be cut."""

    message_received = "K1"
    effect_half_done = "K2"
    effect_done = "K3"  # and no event sent
    event_sent = "K4"  # and nobody has looked at the acknowledgement
    event_stored = "K5"  # and the request is not acknowledged
    before_commit = "K6"  # of the projector's transaction
    after_commit = "K7"
    before_call = "L1"  # there is no L2, during a call: that is cut where the call arrives
    answer_received = "L3"  # and not stored
    answer_stored = "L4"  # and not used
    part_erased = "E1"  # of a deleted course; and the rest is not


class _Armed:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._reached: Counter[tuple[str, int]] = Counter()

    def reach(self, name: str) -> None:
        file = self._folder / name
        try:
            wanted, _, how = file.read_text(encoding="ascii").strip().partition(" ")
            armed = (name, file.stat().st_mtime_ns)
            self._reached[armed] += 1
            if self._reached[armed] < int(wanted):
                return
            file.unlink()
        except FileNotFoundError:
            return
        sys.stderr.write(f"killed at {name}\n")
        sys.stderr.flush()
        os.kill(os.getpid(), signal.Signals[f"SIG{how or 'KILL'}"])


_armed = _Armed(Path(os.environ[VARIABLE])) if os.environ.get(VARIABLE) else None


def reached(point: KillPoint, where: str) -> None:
    """Say that `where` (a stage, `projector`, a kind of answer, what was erased) has come to this point."""
    if _armed is not None:
        _armed.reach(f"{point}:{where}")
