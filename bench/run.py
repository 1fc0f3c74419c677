"""`python -m bench.run [--json] [NAME=PATH_OR_URL[:SECONDS] …]`: start-up, then a course of each repository.

Exits 1 when a measured figure misses its target: ready in 5 s from the second start on, 1 GiB for everything, and the
seconds given for a repository.
"""

import json
import shutil
import sys

from bench.courses import fresh_folder, measure_course, measure_start

READY_SECONDS = 5.0
MEMORY_MIB = 1024


def main(arguments: list[str]) -> int:
    """Measure and print; 1 when a target was missed."""
    as_json = "--json" in arguments
    targets = [argument for argument in arguments if not argument.startswith("--")] or ["self=."]
    folder = fresh_folder()
    missed: list[str] = []
    results: dict[str, object] = {}
    try:
        first = measure_start(folder / "data")
        again = [measure_start(folder / "data") for _ in range(3)]
        separate = measure_start(folder / "data", processes=True)
        results["start"] = {
            "first": round(first, 2),
            "again": [round(s, 2) for s in again],
            "processes": round(separate, 2),
        }
        if max(again) > READY_SECONDS:
            missed.append(f"ready in {max(again):.1f} s, target {READY_SECONDS}")
        for target in targets:
            name, _, rest = target.partition("=")
            repository, limit = _split_limit(rest)
            course = measure_course(folder / "data", repository, folder / name)
            results[name] = course
            if limit and course["seconds"] > limit:
                missed.append(f"{name} took {course['seconds']} s, target {limit}")
            if course["peak_mib"] > MEMORY_MIB:
                missed.append(f"{name} took {course['peak_mib']} MiB, target {MEMORY_MIB}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(results, indent=None if as_json else 2, sort_keys=True))
    for miss in missed:
        print(f"missed: {miss}", file=sys.stderr)
    return 1 if missed else 0


def _split_limit(text: str) -> tuple[str, float]:
    head, colon, tail = text.rpartition(":")
    return (head, float(tail)) if colon and tail.replace(".", "", 1).isdigit() else (text, 0.0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
