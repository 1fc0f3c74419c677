"""Progress on standard error: bars on a terminal, a line per step elsewhere."""

import sys
import time
from types import TracebackType
from typing import Any, Protocol, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from shared.pipeline import PIPELINE


class Reporter(Protocol):
    """Shows stages as they go."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None: ...
    def show(self, number: int, stage: dict[str, Any]) -> None:
        """`stage`: the answer of GET stageN/status."""
        ...


class Bars:
    """One bar per stage."""

    def __init__(self) -> None:
        self._progress = Progress(
            SpinnerColumn(finished_text="[green]✓"), TextColumn("{task.description:<18}"), BarColumn(bar_width=28),
            TextColumn("{task.percentage:>3.0f} %"), TimeElapsedColumn(), TextColumn("[dim]{task.fields[step]}"),
            console=Console(stderr=True),
        )  # fmt: skip
        self._tasks: dict[int, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._progress.stop()

    def show(self, number: int, stage: dict[str, Any]) -> None:
        if stage["status"] == "PENDING" and number not in self._tasks:
            return
        if number not in self._tasks:
            self._tasks[number] = self._progress.add_task(PIPELINE[number - 1].label, total=100, step="")
        step = (stage.get("current_step") or "")[:60]
        self._progress.update(self._tasks[number], completed=stage["progress"], step=step)


class Lines:
    """Plain lines, each once."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._said: dict[int, tuple[str, int]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        return None

    def show(self, number: int, stage: dict[str, Any]) -> None:
        now = (str(stage["status"]), int(stage["progress"]) // 25)
        if now[0] == "PENDING" or self._said.get(number) == now:
            return
        self._said[number] = now
        step = str(stage.get("current_step") or "")
        said = f"{stage['progress']} % {step}" if now[0] == "STARTED" else step[:1].lower() + step[1:]
        self._say(f"[{number}/4] {PIPELINE[number - 1].label}: {said}".rstrip())

    def _say(self, text: str) -> None:
        print(f"{time.monotonic() - self._began:6.1f}s {text}", file=sys.stderr, flush=True)


class Counting:
    """One piece of work that is counted: a bar on a terminal, a line per tenth elsewhere."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._began = time.monotonic()
        self._said = -1
        self._bar = (
            Progress(
                SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=28), MofNCompleteColumn(),
                TimeElapsedColumn(), TimeRemainingColumn(), console=Console(stderr=True),
            )
            if sys.stderr.isatty()
            else None
        )  # fmt: skip
        self._task = self._bar.add_task(label, total=None) if self._bar is not None else None

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, done: int, total: int) -> None:
        """So many of so many."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, total=total)
        elif (tenth := 10 * done // max(total, 1)) > self._said:
            self._said = tenth
            print(
                f"{time.monotonic() - self._began:6.1f}s {self._label}: {done} of {total}", file=sys.stderr, flush=True
            )


def reporter() -> Reporter:
    """Bars on a terminal, lines elsewhere."""
    return Bars() if sys.stderr.isatty() else Lines()
