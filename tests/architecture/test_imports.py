"""A process imports, inside functions too, no more lines than it may, and packages of its own extra alone.

A stage is two processes: its host, and the workers that import what the host names (shared.workers.away).
"""

import ast
import inspect
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from importlib.metadata import packages_distributions

import pytest

from bench.imports import PROCESSES, ROOT, aways_of, chosen_of, closure_of, laters_of, workers_of
from shared.engine.model.providers import ADAPTERS

# Lines of this repository that a process may import. A process that needs more says so here.
MOST_LINES = {
    "gateway": 27_650, "classroom": 19_700, "notifier": 8_550, "tutor": 7_450, "repo_clone": 7_850,
    "doc_analyser": 6_900, "pathway": 6_400, "modules": 7_350, "cli": 24_110, "documents": 6_150, "lectures": 6_600,
}  # fmt: skip
MOST_LINES_OF_WORKERS = {
    "repo_clone": 5_450, "doc_analyser": 11_000, "pathway": 4_350, "modules": 14_620, "documents": 4_000,
    "lectures": 1_800,
}  # fmt: skip
MOST_LINES_CHOSEN = {
    "repo_clone": 600, "doc_analyser": 1_500, "pathway": 1_450, "modules": 1_650, "documents": 600, "lectures": 1_650,
}  # fmt: skip
FILES_WITH_NAMES = sorted(
    file.relative_to(ROOT).as_posix()
    for folder in ("services", "shared", "cli")
    for file in (ROOT / folder).rglob("*.py")
    if aways_of(file) or laters_of(file)
)
ENGINES = ("offline", "anthropic", "openai")
BESIDE = ("transcription", "diagrams")  # extras that a process does without where they are not installed
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
    """The packages of a process and of its workers, for a course by a model too: one image has them all."""
    host = (PROCESSES[process], *chosen_of(PROCESSES[process]))
    workers = workers_of(*host)
    others = closure_of(*host, *workers, *chosen_of(*workers)).others
    return {_plain(DISTRIBUTIONS[name][0]) for name in others if name in DISTRIBUTIONS}


@pytest.mark.parametrize("process", PROCESSES)
def test_a_process_imports_only_what_its_extra_installs(process: str) -> None:
    plain = {"notifier", "repo_clone", "documents"}
    beside = () if process in plain else ("transcription",) if process == "lectures" else (*ENGINES, *BESIDE)
    assert _imported(process) - _installed(process, *beside) == set()


@pytest.mark.parametrize("process", sorted(set(PROCESSES) - {"cli"}))
def test_an_extra_installs_only_what_its_process_imports(process: str) -> None:
    by_name = {"alembic", "asyncpg", "opentelemetry-api", "opentelemetry-sdk", "python-multipart"}  # found by name
    by_name.add("websockets")  # uvicorn finds it
    by_name |= {"obstore"} if process == "classroom" else set()  # every process has it; the classroom keeps no contents
    by_name |= {"uuid6"} if process == "tutor" else set()  # the same: the tutor makes no ids
    assert _installed(process) - _imported(process) <= by_name


def test_an_engine_is_no_part_of_a_process() -> None:
    """An image of a stage is made with the engines that it is to have, or without any."""
    engines = {"anthropic", "openai", "wordllama", "tokenizers", "numpy", "lemminflect"}
    for process in set(PROCESSES) - {"cli"}:
        assert _installed(process) & engines == set()


@pytest.mark.parametrize(("engine", "adapter"), ADAPTERS.items())
def test_a_host_imports_the_adapter_of_an_engine_when_it_is_chosen(engine: str, adapter: str) -> None:
    found = closure_of(adapter)
    assert engine in found.others
    assert {_plain(DISTRIBUTIONS[name][0]) for name in found.others if name in DISTRIBUTIONS} <= _installed(
        "modules", engine
    )
    hosts = [closure_of(host, *chosen_of(host)) for host in PROCESSES.values()]
    assert [
        host for host in hosts if engine in host.others or ROOT / f"{adapter.replace('.', '/')}.py" in host.files
    ] == []


def test_only_processes_that_use_word_vectors_or_hear_speech_have_tokenizers() -> None:
    using = {"classroom", "cli", "gateway", "lectures"}
    assert {name for name in PROCESSES if "tokenizers" in _imported(name)} == using


@pytest.mark.parametrize("process", PROCESSES)
def test_a_process_imports_no_more_lines_than_it_may(process: str) -> None:
    assert closure_of(PROCESSES[process]).lines <= MOST_LINES[process]


@pytest.mark.parametrize("stage", MOST_LINES_CHOSEN)
def test_what_has_to_be_chosen_is_imported_when_it_is(stage: str) -> None:
    host = closure_of(PROCESSES[stage])
    chosen = closure_of(PROCESSES[stage], *chosen_of(PROCESSES[stage]))
    needed = {"shared/workers/isolation.py", "shared/kernel/probe.py"}
    if stage in {"doc_analyser", "pathway", "modules"}:
        needed |= {f"services/{stage}/{name}.py" for name in ("model", "prompts", "answers")}
        needed |= {f"shared/engine/model/{name}.py" for name in ("client", "provider", "question")}
    assert needed <= {file.relative_to(ROOT).as_posix() for file in chosen.files - host.files}
    assert chosen.lines - host.lines <= MOST_LINES_CHOSEN[stage]


@pytest.mark.parametrize("stage", MOST_LINES_OF_WORKERS)
def test_workers_import_no_more_lines_than_they_may(stage: str) -> None:
    assert closure_of(*workers_of(PROCESSES[stage])).lines <= MOST_LINES_OF_WORKERS[stage]


@pytest.mark.parametrize("stage", MOST_LINES_OF_WORKERS)
def test_a_host_imports_no_module_that_it_names(stage: str) -> None:
    files = closure_of(PROCESSES[stage]).files
    assert [name for name in workers_of(PROCESSES[stage]) if ROOT / f"{name.replace('.', '/')}.py" in files] == []


def _references() -> Iterator[tuple[str, str, str]]:
    """Each use of a named module in the product: the file, the module, the attribute."""
    for file in FILES_WITH_NAMES:
        named = dict(aways_of(ROOT / file))
        for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
            match node:
                case ast.Attribute(value=ast.Name(id=variable), attr=name) if variable in named:
                    yield file, named[variable], name


def test_each_reference_is_to_a_function_of_the_module_that_is_named() -> None:
    references = list(_references())
    assert ("services/modules/effects.py", "services.modules.writing", "check") in references
    wrong = [
        (file, module, name)
        for file, module, name in references
        if not inspect.isfunction(found := getattr(import_module(module), name, None)) or found.__module__ != module
    ]
    assert wrong == []


@pytest.mark.parametrize("file", FILES_WITH_NAMES)
def test_a_type_checker_sees_what_is_named(file: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    seen = {
        f"{one.module}.{alias.name}"
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for one in node.body
        if isinstance(one, ast.ImportFrom)
        for alias in one.names
    }
    named = {*aways_of(ROOT / file), *laters_of(ROOT / file)}
    assert {name.replace(":", ".") for _, name in named} <= seen


def test_a_stage_names_work_of_its_own_or_shared_work() -> None:
    rooms = {(file.split("/")[1], *module.split(".")[:2]) for file, module, _ in _references()}
    assert {(stage, top, room) for stage, top, room in rooms if top == "services" and room != stage} == set()
