"""A process imports, inside functions too, no more lines than it may, and packages of its own extra alone."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import packages_distributions

import pytest

from bench.imports import PROCESSES, ROOT, closure_of

# Lines of this repository that a process may import. A process that needs more says so here.
MOST_LINES = {
    "gateway": 20_300, "repo_clone": 11_000, "doc_analyser": 18_150, "pathway": 9_000, "modules": 22_100, "cli": 17_200,
}  # fmt: skip
ENGINES = ("offline", "anthropic")
DISTRIBUTIONS = packages_distributions()


def _plain(name: str) -> str:
    return re.split(r"[\[>=<]", name)[0].lower().replace("_", "-")


def _needed(extra: str, extras: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for requirement in extras[extra]:
        if requirement.startswith("coursewright["):
            for other in requirement.removeprefix("coursewright[").rstrip("]").split(","):
                yield from _needed(other, extras)
        else:
            yield _plain(requirement)


def _installed(process: str, *engines: str) -> set[str]:
    """The packages of an image of this process."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    return {_plain(one) for one in project["dependencies"]}.union(
        *(_needed(one, extras) for one in (process, *engines))
    )


def _imported(process: str) -> set[str]:
    return {_plain(DISTRIBUTIONS[name][0]) for name in closure_of(PROCESSES[process]).others if name in DISTRIBUTIONS}


@pytest.mark.parametrize("process", PROCESSES)
def test_a_process_imports_only_what_its_extra_installs(process: str) -> None:
    engines = () if process in {"gateway", "repo_clone"} else ENGINES
    assert _imported(process) - _installed(process, *engines) == set()


@pytest.mark.parametrize("process", sorted(set(PROCESSES) - {"cli"}))
def test_an_extra_installs_only_what_its_process_imports(process: str) -> None:
    by_name = {"alembic", "asyncpg", "opentelemetry-api", "opentelemetry-sdk"}  # the migration, a driver, parts of one
    assert _installed(process) - _imported(process) <= by_name


def test_an_engine_is_no_part_of_a_process() -> None:
    """An image of a stage is made with the engines that it is to have, or without any."""
    engines = {"anthropic", "wordllama", "tokenizers", "numpy", "lemminflect"}
    for process in set(PROCESSES) - {"cli"}:
        assert _installed(process) & engines == set()


def test_only_the_stages_that_use_word_vectors_have_them() -> None:
    assert {name for name in PROCESSES if "tokenizers" in _imported(name)} == {"doc_analyser", "modules"}


@pytest.mark.parametrize("process", PROCESSES)
def test_a_process_imports_no_more_lines_than_it_may(process: str) -> None:
    assert closure_of(PROCESSES[process]).lines <= MOST_LINES[process]
