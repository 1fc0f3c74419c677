"""Peak memory of a process tree, as proportional set size: shared pages are counted once."""

import threading
from typing import Self

import psutil


class PeakMemory:
    """Samples a process (this one if none is named) and all below it, five times a second while it is open. Bytes."""

    def __init__(self, process: psutil.Process | None = None) -> None:
        self.peak = 0
        self._process = process or psutil.Process()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._stop.wait(0.2):
            total = 0
            for process in [self._process, *self._process.children(recursive=True)]:
                try:
                    total += process.memory_full_info().pss
                except (psutil.NoSuchProcess, psutil.AccessDenied):
                    continue
            self.peak = max(self.peak, total)
