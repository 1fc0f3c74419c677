"""`python -m tests.simulator --seeds 10000 [--from N]`, or `--seed S --trace` for one of them."""

import argparse
import sys
import time
from collections import Counter

from tests.simulator.run import run_seeds, silent
from tests.simulator.world import simulate


def main(arguments: list[str]) -> int:
    """Exit 0 only if every seed held."""
    parser = argparse.ArgumentParser(description="Simulate the whole pipeline under schedules made from seeds")
    parser.add_argument("--seeds", type=int, default=1000, help="how many seeds")
    parser.add_argument("--from", dest="first", type=int, default=0, help="the first seed")
    parser.add_argument("--seed", type=int, help="one seed only")
    parser.add_argument("--trace", action="store_true", help="print what happens, step by step")
    options = parser.parse_args(arguments)
    if options.seed is not None:
        with silent():
            outcome = simulate(options.seed, tracing=options.trace)
        print("\n".join(outcome.trace))
        print(outcome.broken or f"held: {outcome.events} events, {outcome.steps} steps, {outcome.seconds:.0f} s")
        return 1 if outcome.broken else 0
    began = time.monotonic()
    summary = run_seeds(range(options.first, options.first + options.seeds))
    for outcome in summary.broken[:10]:
        print(f"seed {outcome.seed}: {outcome.broken}")
    took = time.monotonic() - began
    ends = Counter(end for end in summary.ends)
    print(
        f"{summary.runs} seeds, {len(summary.broken)} broken, {summary.events} events, {summary.steps} steps, "
        f"{summary.seconds / 3600:.0f} virtual hours in {took:.0f} s; runs ended: "
        + ", ".join(f"{name or 'with their course'} {count}" for name, count in sorted(ends.items()))
    )
    return 1 if summary.broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
