"""`python -m bench.imports [MODULE…]`: the imports of each process, in lines of this repository and in milliseconds.

Imports inside functions count: a process holds them sooner or later. Imports for type checkers alone do not. A stage is
two processes: the host, and the workers that import what the host names (`away` in shared.workers.away). What has to be
chosen first by a setting, a request or a document (`later`: a model, an export, a format's reader) is counted apart.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shared.engine.model.providers import ADAPTERS
from shared.pipeline import PIPELINE

ROOT = Path(__file__).parents[1]
OURS = ("services", "shared", "cli")
PROCESSES = {
    "gateway": "services.gateway.host",
    "classroom": "services.classroom.host",
    "notifier": "services.notifier.host",
    "tutor": "services.tutor.host",
    **{row.name: f"services.{row.name}.app" for row in PIPELINE},
    "cli": "cli.main",
}
PROVIDERS = ROOT / "shared/engine/model/providers.py"
SERVE = "shared.workers.serve"
"""The program of a worker process."""


@dataclass(frozen=True)
class Closure:
    """The files of this repository that a module imports, directly or not, and the other packages' top-level names."""

    files: frozenset[Path]
    others: frozenset[str]

    @property
    def lines(self) -> int:
        return sum(len(file.read_text(encoding="utf-8").splitlines()) for file in self.files)


def closure_of(*modules: str) -> Closure:
    files, others, waiting = set[Path](), set[str](), [*modules]
    while waiting:
        name = waiting.pop()
        file = file_of(name)
        if file is None:
            others.add(name.partition(".")[0])
        elif file not in files:
            files.add(file)
            waiting += _imported(file)
            waiting += [name.rpartition(".")[0]] if "." in name else []  # a package runs before what is in it
    return Closure(frozenset(files), frozenset(others - set(sys.stdlib_module_names)))


def workers_of(*host: str) -> tuple[str, ...]:
    """The modules that the worker processes of a host import: those it names, and the program they run."""
    named = {name for file in closure_of(*host).files for _, name in aways_of(file)}
    return (SERVE, *sorted(named)) if named else ()


def chosen_of(*process: str) -> tuple[str, ...]:
    """The modules that a process imports when settings, requests and documents choose all that there is, adapters of
    models aside.
    """
    return tuple(sorted({name.partition(":")[0] for file in closure_of(*process).files for _, name in laters_of(file)}))


def aways_of(file: Path) -> tuple[tuple[str, str], ...]:
    """The modules that a file names for worker processes: the variable, and the module's full name."""
    return _named_by("away", file)


def laters_of(file: Path) -> tuple[tuple[str, str], ...]:
    """What a file imports when it is first called: the variable, and `module:name`."""
    return _named_by("later", file)


@cache
def _named_by(function: str, file: Path) -> tuple[tuple[str, str], ...]:
    text = file.read_text(encoding="utf-8")
    if f"{function}(" not in text:  # most files name nothing, and to parse them takes long
        return ()
    return tuple(named for node in ast.walk(ast.parse(text)) for named in _name(function, node))


def _name(function: str, node: ast.AST) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Assign(
            targets=[ast.Name(id=variable)],
            value=ast.Call(func=ast.Name(id=called), args=[ast.Constant(value=str(name))]),
        ) if called == function:
            yield variable, name


def files_of(file: Path) -> frozenset[Path]:
    """The files of this repository that a file imports itself."""
    return frozenset(found for name in _imported(file) if (found := file_of(name)) is not None and found != file)


def milliseconds(*modules: str) -> float:
    """The median of five new processes, less that of an empty one."""
    return _median(f"import {', '.join(modules)}") - _median("pass")


def _median(code: str) -> float:
    timed = f"import time; began = time.perf_counter()\n{code}\nprint(time.perf_counter() - began)"
    runs = [
        float(
            subprocess.run([sys.executable, "-c", timed], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        )
        for _ in range(5)
    ]
    return 1000 * sorted(runs)[2]


def file_of(module: str) -> Path | None:
    """The file of a module of this repository; None for another one."""
    path = ROOT.joinpath(*module.split("."))
    if module.partition(".")[0] not in OURS:
        return None
    return next(file for file in (path.with_suffix(".py"), path / "__init__.py") if file.exists())


@cache
def _imported(file: Path) -> tuple[str, ...]:
    package = file.parent.relative_to(ROOT).parts
    return tuple(_names(ast.parse(file.read_text(encoding="utf-8")), package))


def _names(node: ast.AST, package: tuple[str, ...]) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=module, names=names, level=level):
            start = package[: len(package) - level + 1] if level else ()
            base = ".".join([*start, *([module] if module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in names if _is_module(f"{base}.{alias.name}"))
        case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=otherwise):
            for one in otherwise:
                yield from _names(one, package)
            return
    for child in ast.iter_child_nodes(node):
        yield from _names(child, package)


def _is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return name.partition(".")[0] in OURS and (path.with_suffix(".py").exists() or (path / "__init__.py").exists())


def main() -> None:
    for name, host in PROCESSES.items() if len(sys.argv) == 1 else [(one, one) for one in sys.argv[1:]]:
        workers, chosen = workers_of(host), chosen_of(host)
        _say(name, host)
        if workers:
            _say("  its workers", *workers)
            _say("  all chosen", *workers, *chosen_of(*workers))
            print(f"{'  both':<14}{closure_of(host, *workers).lines:>7} lines")
        if chosen:
            _say("  all chosen", host, *chosen)
            if workers:
                _say("  its workers", *workers_of(host, *chosen))
        if PROVIDERS in closure_of(host, *chosen).files:
            for engine, adapter in ADAPTERS.items():
                more = closure_of(host, *chosen, adapter).lines - closure_of(host, *chosen).lines
                print(f"  {engine:<12}{more:>+7} lines")


def _say(name: str, *modules: str) -> None:
    closure = closure_of(*modules)
    print(f"{name:<14}{closure.lines:>7} lines {len(closure.files):>5} files {milliseconds(*modules):>7.0f} ms")
    print(f"{'':<14}{' '.join(sorted(closure.others))}")


if __name__ == "__main__":
    main()
