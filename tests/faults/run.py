"""`python -m tests.faults.run [--quick] [--only P4,P5] [--jobs 3] [--json FILE]`: try to break every promise and count.

Prints one line per promise as it ends, then the counts; exit 0 only if every promise held.
"""

import argparse
import importlib
import json
import multiprocessing
import pkgutil
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from cli.local.outside_clusters import remove_below
from tests.faults import promises
from tests.faults.promise import Outcome, Promise, Scale


def list_promises() -> tuple[Promise, ...]:
    """Every promise there is a module for, in the order of their numbers."""
    found = [
        importlib.import_module(f"{promises.__name__}.{item.name}") for item in pkgutil.iter_modules(promises.__path__)
    ]
    return tuple(sorted((module.PROMISE for module in found), key=lambda promise: int(promise.id.removeprefix("P"))))


def prove(promise: Promise, scale: Scale) -> Outcome:
    """One promise in a folder of its own, which is removed unless the promise broke."""
    folder = Path(tempfile.mkdtemp(prefix=f"coursewright-{promise.id.lower()}-"))
    folder.chmod(0o755)
    with _logged_to(folder / "run.log"):
        try:
            outcome = promise.prove(scale, folder)
        finally:
            remove_below(folder)
    if outcome.held:
        shutil.rmtree(folder, ignore_errors=True)
    return outcome


@dataclass(frozen=True)
class Tried:
    """A promise with what came of it, and the seconds that it took."""

    promise: Promise
    outcome: Outcome
    seconds: float


def _judge(promise: Promise, scale: Scale) -> Tried:
    """The same, whatever happens: the promises after one that breaks off are tried too."""
    began = time.monotonic()
    try:
        outcome = prove(promise, scale)
    except Exception as error:  # noqa: BLE001 - the boundary of one promise
        traceback.print_exc()
        outcome = Outcome(0, failures=(f"broke off: {type(error).__name__}: {error}",))
    return Tried(promise, outcome, time.monotonic() - began)


def _judge_all(promises: Sequence[Promise], scale: Scale) -> list[Tried]:
    return [_judge(promise, scale) for promise in promises]


def _judge_side_by_side(promises: Sequence[Promise], scale: Scale, jobs: int) -> Iterator[Tried]:
    """First those that are tried alone, then the others in `jobs` processes at a time, as they end; promises with the
    same evidence stay in one process.
    """
    yield from (_judge(promise, scale) for promise in promises if promise.alone)
    groups: dict[str, list[Promise]] = {}
    for promise in (one for one in promises if not one.alone):
        groups.setdefault(promise.evidence or promise.id, []).append(promise)
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        for done in as_completed([pool.submit(_judge_all, group, scale) for group in groups.values()]):
            yield from done.result()


@contextmanager
def _logged_to(path: Path) -> Iterator[None]:
    """Log nothing: lines about servers that are made to go away would hide the verdicts."""
    before = structlog.get_config()
    with path.open("w", encoding="utf-8") as file:
        structlog.configure(logger_factory=structlog.WriteLoggerFactory(file=file))
        try:
            yield
        finally:
            structlog.configure(**before)


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for; the exit code."""
    parser = argparse.ArgumentParser(description="Try to break every promise of reliability, and count")
    parser.add_argument("--quick", action="store_true", help="the part that CI runs")
    parser.add_argument("--only", default="", help="numbers of promises, separated by commas")
    parser.add_argument("--jobs", type=int, default=1, help="how many are tried side by side")
    parser.add_argument("--json", type=Path, help="write the outcomes to this file")
    options = parser.parse_args(arguments)
    wanted = {name.strip().upper() for name in options.only.split(",") if name.strip()}
    chosen = [promise for promise in list_promises() if not wanted or promise.id in wanted]
    if wanted - {promise.id for promise in chosen}:
        parser.error(f"no such promise: {', '.join(sorted(wanted - {promise.id for promise in chosen}))}")
    scale = Scale.quick if options.quick else Scale.full
    outcomes: dict[str, Outcome] = {}
    tries = _judge_side_by_side(chosen, scale, options.jobs) if options.jobs > 1 else (_judge(p, scale) for p in chosen)
    for tried in tries:
        promise, outcome = tried.promise, tried.outcome
        outcomes[promise.id] = outcome
        figures = "  ".join(f"{name}={value}" for name, value in outcome.figures.items())
        print(
            f"{'held  ' if outcome.held else 'BROKEN'} {promise.id:<4} {promise.text}: {outcome.runs} runs, "
            f"{outcome.lost} lost, {outcome.doubled} doubled, {tried.seconds:.0f} s  {figures}",
            flush=True,
        )
        for failure in outcome.failures:
            print(f"         {failure}", flush=True)
    held = sum(outcome.held for outcome in outcomes.values())
    total = [sum(getattr(outcome, name) for outcome in outcomes.values()) for name in ("runs", "lost", "doubled")]
    print(f"{held} of {len(outcomes)} promises held; {total[0]} runs, {total[1]} lost, {total[2]} doubled")
    if options.json:
        report = {
            name: {"held": o.held, "runs": o.runs, "lost": o.lost, "doubled": o.doubled,
                   "failures": o.failures, "figures": o.figures}
            for name, o in outcomes.items()
        }  # fmt: skip
        options.json.write_text(json.dumps(report, indent=2, default=str), encoding="utf-8")
    return 0 if outcomes and held == len(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
