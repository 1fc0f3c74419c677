"""`python -m bench.run [--json] [NAME=PATH_OR_URL …]`: start-up, then a course of each repository.

Exits 1 when a figure misses its target. Start-up has one for everybody; those of courses are for two repositories that
are named here, because they depend on what a repository holds: give them as `click=…` and `nats.docs=…`.
"""

import json
import sys
from pathlib import Path
from typing import Any

from bench.courses import fresh_folder, measure_course, measure_start
from bench.routes import table

READY_SECONDS = 5.0
MEMORY_MIB = 1024
DOCUMENTS_PER_SECOND = 30.0
COURSE_SECONDS = {"click": 15.0, "nats.docs": 45.0}


def judge_start(start: dict[str, Any]) -> list[str]:
    """A line per target: `met` or `MISSED`, what was measured, the limit."""
    return [_line("second start and later", max(start["again"]), "s", at_most=READY_SECONDS)]


def judge_course(name: str, course: dict[str, Any]) -> list[str]:
    """Lines for a repository with targets; none for others."""
    if name not in COURSE_SECONDS:
        return []
    return [
        _line(f"{name}: whole course", course["seconds"], "s", at_most=COURSE_SECONDS[name]),
        _line(f"{name}: memory of everything", course["peak_mib"], "MiB", at_most=MEMORY_MIB),
        _line(f"{name}: stage 2", course["analysis"]["stage"], "documents/s", at_least=DOCUMENTS_PER_SECOND),
    ]


def judge_routes(measured: dict[str, dict[str, float]]) -> list[str]:
    """The rates of routes as a table, then a line for each one that has to reach a part of a bare route's rate."""
    return [
        table(measured),
        *(
            _line(f"{name}: part of a bare route", figures["ratio"], "", at_least=figures["target"])
            for name, figures in measured.items()
            if figures["target"]
        ),
    ]


def _line(what: str, measured: float, unit: str, *, at_most: float = float("inf"), at_least: float = 0.0) -> str:
    limit = f"at least {at_least:g}" if at_least else f"at most {at_most:g}"
    verdict = "met   " if at_least <= measured <= at_most else "MISSED"
    return f"{verdict} {what}: {measured:g} {unit}, target {limit}"


def named(argument: str) -> tuple[str, str]:
    """`NAME=REPOSITORY`, or a repository alone, which is then called by its last part."""
    name, equals, repository = argument.partition("=")
    if equals and "/" not in name and ":" not in name:
        return name, repository
    return Path(argument).resolve().name.removesuffix(".git"), argument


def measure_starts(folder: Path) -> dict[str, Any]:
    """Seconds until ready: in an empty data folder, three times in the same, and with a process for each service."""
    first, *again = [measure_start(folder / "data") for _ in range(4)]
    separate = measure_start(folder / "data", processes=True)
    return {"first": round(first, 2), "again": [round(s, 2) for s in again], "processes": round(separate, 2)}


def main(arguments: list[str]) -> int:
    """Measure and print; 1 when a target was missed."""
    repositories = [named(one) for one in arguments if not one.startswith("--")] or [("self", ".")]
    with fresh_folder() as folder:
        results: dict[str, Any] = {"start": measure_starts(folder)}
        verdicts = judge_start(results["start"])
        for name, repository in repositories:
            results[name] = measure_course(folder / "data", repository, folder / name)
            verdicts += judge_course(name, results[name])
            verdicts += judge_routes(results[name].pop("routes"))
    print(json.dumps(results, indent=None if "--json" in arguments else 2, sort_keys=True))
    for verdict in verdicts:
        print(verdict, file=sys.stderr)
    return 1 if any(verdict.startswith("MISSED") for verdict in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
