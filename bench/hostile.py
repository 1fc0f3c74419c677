"""`python -m bench.hostile [--only NAME,…] [REPOSITORY]`: hostile repositories, each beside an ordinary one.

Prints for each: seconds to its end, the ordinary course's seconds alone and beside it, and the peak memory of the stage
process with its workers (proportional set size: pages that forked processes share count once). Exits 1 when one takes
longer than 60 s, when the ordinary course takes more than twice its time alone, or when the stages need more than
600 MiB.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import psutil

from bench.courses import fresh_folder
from bench.memory import PeakMemory
from cli.client import Client
from cli.local.stack import LocalStack
from cli.patience import Patience

MOST_SECONDS = 60.0
MOST_SLOWER = 2.0
MOST_MIB = 600
_BYTES = 900_000
_ENDS = {"SUCCESS", "FAILURE", "REVOKED"}

Files = Iterable[tuple[str, str]]


def _pages(ending: str, title: str, snippets: Iterable[str]) -> Files:
    """For each snippet a page of it as one line, and a page of it as paragraphs."""
    for number, snippet in enumerate(snippets):
        times = _BYTES // len(snippet)
        yield f"line-{number}{ending}", title + snippet * times + "\n"
        yield f"paragraphs-{number}{ending}", title + (snippet * 40 + "\n\n") * (times // 40)


def _markdown() -> Files:
    yield "shout.md", "# Shout\n\n" + ("The widget says " + "!" * 19_900 + "\n\n") * 16
    yield "fifty.md", "# Many\n\n" + ("The widget says " + "?!." * 300 + "\n\n") * 900
    yield from _pages(
        ".md", "# Page\n\n", ["[a](", "*a_ ", "`", "![", "<a ", "<!-- ", "> ", "- ", "| a ", "&amp", "\\"]
    )


def _mdx() -> Files:
    yield from _pages(".mdx", "# Page\n\n", ["{ ", "<A ", "<A>", "{`", "import a ", "{/* ", "<></"])


def _rst() -> Files:
    yield from _pages(".rst", "Page\n====\n\n", ["a-a-", "`a ", "*a ", "|a", "``", ":a:`", ".. a::\n", "_a "])


def _asciidoc() -> Files:
    yield from _pages(".adoc", "= Page\n\n", ["a::", "{a", "[[a", "<<a", "+a ", "*a ", "|===\n", "a:b[", "'`"])


def _notebooks() -> Files:
    for name, text in _markdown():
        cells = [{"cell_type": "markdown", "metadata": {}, "source": text[:300_000].splitlines(keepends=True)}]
        notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        yield name.replace(".md", ".ipynb"), json.dumps(notebook)


def _includes() -> Files:
    yield "part.md", "A part of the text that is included.\n" * 27_000
    yield "README.md", "# All\n\nThe text that has it all.\n\n" + '--8<-- "part.md"\n\n' * 20_000
    yield "book.rst", "All\n===\n\nThe text that has it all.\n\n" + ".. include:: part.md\n\n" * 20_000


def _blocks() -> Files:
    yield "README.md", "# Code\n\nAll the code there is.\n\n" + "Next:\n\n```python\nx = 1\n```\n\n" * 30_000


def _tiny_files() -> Files:
    text = "# Part {0}\n\nThe part {0} of the machine turns the wheel number {0}.\n"
    return ((f"docs/{n // 500}/part-{n}.md", text.format(n)) for n in range(50_000))


def _large_files() -> Files:
    for number in range(430):
        lines = (f"The wheel {number} turns the axle {at} when the motor runs.\n" for at in range(19_000))
        yield f"docs/large-{number}.md", f"# Large {number}\n\n" + "".join(lines)


SUITES: dict[str, Callable[[], Files]] = {
    "markdown": _markdown, "mdx": _mdx, "rst": _rst, "asciidoc": _asciidoc, "notebooks": _notebooks,
    "includes": _includes, "blocks": _blocks, "tiny files": _tiny_files, "large files": _large_files,
}  # fmt: skip


def make_repository(folder: Path, files: Files) -> Path:
    """A Git repository of some files, with one ordinary page."""
    for name, text in [("ordinary.md", "# Ordinary\n\nA wheel is a part that turns on an axle.\n"), *files]:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    author = ["-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "gc.auto=0"]
    for arguments in (["init", "-q"], ["add", "-A"], [*author, "commit", "-qm", "all"]):
        subprocess.run(["git", "-C", str(folder), *arguments], check=True)
    return folder


def make_course(client: Client, repository: str) -> tuple[str, float, str]:
    """The course, seconds to the end of its generation, and how it ended."""
    began = time.monotonic()
    course_id = client.create_course(f"Learn {Path(repository).name}", "")
    client.generate(course_id, {"repo_url": repository})
    patience = Patience(lambda: None)  # as the command line has it: a machine that is this busy may answer late
    while (status := patience.ask(lambda: client.status(course_id)))["status"] not in _ENDS:
        time.sleep(0.1)
    return course_id, time.monotonic() - began, str(status["status"])


def measure(stack: LocalStack, client: Client, ordinary: str, alone: float, suite: str, folder: Path) -> bool:
    """Print a row; whether every target was met."""
    hostile = str(make_repository(folder / suite.replace(" ", "-"), SUITES[suite]()))
    found: list[tuple[str, float, str]] = []
    with PeakMemory(psutil.Process(stack.services["stages"].pid)) as memory:
        thread = threading.Thread(target=lambda: found.append(make_course(client, hostile)))
        thread.start()
        time.sleep(1.0)  # the hostile one is at work
        _, beside, _ = make_course(client, ordinary)
        thread.join()
        peak = memory.peak // 2**20
    _, seconds, end = found[0]
    is_met = seconds <= MOST_SECONDS and beside <= MOST_SLOWER * alone and peak <= MOST_MIB
    verdict = "met   " if is_met else "MISSED"
    print(
        f"{verdict} {suite:12} {seconds:6.1f} s {end}, ordinary {alone:.1f} s alone {beside:.1f} s beside, {peak} MiB"
    )
    return is_met


def main(arguments: list[str]) -> int:
    """Measure every suite, or those named."""
    only = arguments[arguments.index("--only") + 1].split(",") if "--only" in arguments else list(SUITES)
    repositories = [one for one in arguments if not one.startswith("--") and one.split(",")[0] not in SUITES]
    ordinary = str(Path(repositories[0] if repositories else ".").resolve())
    with (
        fresh_folder() as folder, LocalStack(folder / "data").running() as stack,
        closing(Client(stack.url, stack.token)) as client,
    ):  # fmt: skip
        make_course(client, ordinary)  # libraries are loaded after it
        _, alone, _ = make_course(client, ordinary)
        met = [measure(stack, client, ordinary, alone, suite, folder) for suite in only]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
