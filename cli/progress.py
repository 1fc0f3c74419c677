"""Progress on standard error: bars on a terminal, a line per step elsewhere."""

import re
import sys
import time
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Column

from shared.docs.problems import printable
from shared.pipeline import PIPELINE, Pipeline

_WIDE = 80


class Bars:
    """One bar per stage; where the terminal is narrow, what the stage does stands in the bar's place."""

    def __init__(self, pipeline: Pipeline = PIPELINE) -> None:
        self._pipeline = pipeline
        console = Console(stderr=True)
        is_wide = console.width >= _WIDE
        bar: list[ProgressColumn] = [BarColumn(bar_width=28)] if is_wide else []
        clock: list[ProgressColumn] = [TimeElapsedColumn()] if is_wide else []
        step = TextColumn("[dim]{task.fields[step]}", table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis"))
        self._progress = Progress(
            SpinnerColumn(finished_text="[green]✓"), TextColumn("{task.description}"), *bar,
            TextColumn("{task.fields[percent]}", justify="right"), *clock, step,
            console=console, expand=True,
        )  # fmt: skip
        # Something moves from the first moment on.
        self._waiting: TaskID | None = self._progress.add_task("Getting ready", total=None, step="", percent="")
        self._tasks: dict[int, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end_waiting()
        self._progress.stop()

    def show(self, number: int, stage: dict[str, Any]) -> None:
        """`stage`: the answer of GET stageN/status."""
        if not stage["task_id"]:  # nobody asked for it yet
            return
        self._end_waiting()
        if number not in self._tasks:
            label = self._pipeline[number - 1].label
            self._tasks[number] = self._progress.add_task(label, total=100, step="", percent="")
        step, percent = _count_first(_step_of(stage)), stage["progress"]
        self._progress.update(self._tasks[number], completed=percent, step=escape(step), percent=f"{percent} %")

    def say(self, text: str) -> None:
        """Something beside the stages."""
        self._progress.console.print(printable(text), markup=False, highlight=False)

    def _end_waiting(self) -> None:
        if self._waiting is not None:
            self._progress.remove_task(self._waiting)
            self._waiting = None


def _count_first(step: str) -> str:
    """`Wrote Retries (8 of 9)` as `8 of 9: Wrote Retries`: a narrow terminal cuts the end."""
    counted = re.fullmatch(r"(.*) \((\d+ of \d+)\)", step)
    return f"{counted[2]}: {counted[1]}" if counted else step


def _step_of(stage: dict[str, Any]) -> str:
    """The step; of a stage that waits, when it begins again and why it has to. A step names strangers' files."""
    step = str(stage.get("current_step") or "")
    if stage["status"] == "RETRY" and (due := stage.get("next_attempt_at")):
        seconds = max(0, round((datetime.fromisoformat(due) - datetime.now(UTC)).total_seconds()))
        step = f"attempt {stage['attempt'] + 1} in {seconds} s (Ctrl-C stops): {stage.get('error_message') or step}"
    return printable(step)


class Lines:
    """Plain lines, each once. `began`: when the command did, by the monotonic clock."""

    def __init__(self, began: float | None = None, pipeline: Pipeline = PIPELINE) -> None:
        self._pipeline = pipeline
        self._began = time.monotonic() if began is None else began
        self._said: dict[int, tuple[object, ...]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        return None

    def show(self, number: int, stage: dict[str, Any]) -> None:
        now = (str(stage["status"]), int(stage["progress"]) // 25, stage.get("next_attempt_at"))
        if now[0] == "PENDING" or self._said.get(number) == now:
            return
        self._said[number] = now
        step = _step_of(stage)
        said = f"{stage['progress']} % {step}" if now[0] == "STARTED" else step[:1].lower() + step[1:]
        last = max(number, len(self._pipeline.unattended))
        self.say(f"[{number}/{last}] {self._pipeline[number - 1].label}: {said}".rstrip())

    def say(self, text: str) -> None:
        print(f"{time.monotonic() - self._began:6.1f}s {printable(text)}", file=sys.stderr, flush=True)


Reporter = Bars | Lines


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


def reporter(began: float) -> Reporter:
    """Bars on a terminal, lines elsewhere. `began`: when the command did."""
    return Bars() if sys.stderr.isatty() else Lines(began)
