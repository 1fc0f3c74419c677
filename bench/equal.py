"""`python -m bench.equal REPOSITORY…`: five runs of each, with other numbers of workers and other orders of hashes.

Exits 1 when a byte of an export differs.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from bench.courses import fresh_folder

# Numbers of worker processes, each with a seed of Python's hashes, which decide the order of a set.
RUNS = ((1, 0), (2, 1), (3, 2), (4, 3), (1, 4))


def make(repository: str, folder: Path, workers: int, seed: int) -> str:
    """The hash of all files of a course that a new stack makes."""
    environment = os.environ | {"WORKER_PROCESSES": str(workers), "PYTHONHASHSEED": str(seed)}
    command = [sys.executable, "-m", "cli.main", "generate", repository]
    folders = ["--data-dir", str(folder / "data"), "--out", str(folder / "out")]
    subprocess.run([*command, *folders], env=environment, stdout=subprocess.DEVNULL, check=True)
    digest = hashlib.sha256()
    for file in sorted(path for path in (folder / "out").rglob("*") if path.is_file()):
        digest.update(f"{file.relative_to(folder)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def main(repositories: list[str]) -> int:
    """Print the hash of each run; 1 when two of a repository differ."""
    differing = []
    for repository in repositories:
        found = set()
        for workers, seed in RUNS:
            with fresh_folder() as folder:
                found.add(made := make(repository, folder, workers, seed))
            print(f"{made[:16]} {repository}: {workers} workers, seed {seed}", flush=True)
        differing += [repository] if len(found) > 1 else []
    print(f"DIFFER: {', '.join(differing)}" if differing else "the same bytes")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
