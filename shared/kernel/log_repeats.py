"""Log lines that repeat: the first of a kind are written, later ones of the same minute are counted."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_PERIOD_SECONDS = 60.0
# Lines of a kind in a period. What goes wrong repeats itself; what goes well is told of each thing.
_FIRST_WARNINGS = 20
_FIRST_OTHERS = 300
_KINDS = 2000

Kind = tuple[str, ...]


@dataclass
class _Count:
    began: float
    most: int
    lines: int = 0


class Repeats:
    """`pass_on` judges lines, from any thread. `told` is given each kind that was cut short, with how many lines of it
    were left out, once its minute is over and another line comes.
    """

    def __init__(self, told: Callable[[Kind, int], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._told = told
        self._clock = clock
        self._counts: OrderedDict[Kind, _Count] = OrderedDict()  # by when they began
        self._lock = threading.Lock()

    def pass_on(self, kind: Kind, *, is_warning: bool) -> bool:
        """Whether to write this line."""
        with self._lock:
            now = self._clock()
            cut = self._forget(now)
            count = self._counts.setdefault(kind, _Count(now, _FIRST_WARNINGS if is_warning else _FIRST_OTHERS))
            count.lines += 1
            passes = count.lines <= count.most
        for one, left_out in cut:
            self._told(one, left_out)
        return passes

    def _forget(self, now: float) -> list[tuple[Kind, int]]:
        """Forget the kinds whose period is over, and the oldest when there are too many; those that were cut short."""
        cut = []
        while self._counts:
            kind, count = next(iter(self._counts.items()))
            if now - count.began < _PERIOD_SECONDS and len(self._counts) < _KINDS:
                break
            del self._counts[kind]
            if count.lines > count.most:
                cut.append((kind, count.lines - count.most))
        return cut
