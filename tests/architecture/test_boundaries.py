"""Boundaries beyond import-linter: pure cores, one publisher, the same files in every stage, import budgets."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from bench.imports import PROCESSES, workers_of
from shared.added.kinds import KINDS
from shared.pipeline import PIPELINE

ROOT = Path(__file__).parents[2]
STAGES = [row.name for row in PIPELINE]

# The stages that read files which users add have one core.
CORES = sorted(
    {
        "shared/added/core.py" if stage in {kind.stage for kind in KINDS} else f"services/{stage}/core.py"
        for stage in STAGES
    }
)


def _files(*folders: str) -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for folder in folders for path in (ROOT / folder).glob("*.py"))


PURE = [
    *CORES,
    *_files("services/gateway/course", "services/gateway/fold", "services/gateway/stages", "shared/events"),
    *(
        f"services/gateway/write/{name}.py"
        for name in ("choices", "decide", "generations", "now", "pathway_edits", "runs")
    ),
    "services/classroom/rights.py",
    "services/notifier/core.py",
    *_files("services/classroom/decisions"),
    "shared/added/kinds.py",
    "shared/pipeline.py",
]
IMPURE_MODULES = {
    "asyncio", "io", "logging", "os", "pathlib", "random", "secrets", "socket", "subprocess", "sys", "tempfile",
    "threading", "time", "uuid", "uuid6", "structlog", "nats", "sqlalchemy", "obstore", "httpx", "anthropic", "git",
    "openai",
}  # fmt: skip


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("name", PURE)
def test_a_core_imports_nothing_that_touches_the_world(name: str) -> None:
    assert imported(ROOT / name) & IMPURE_MODULES == set()


@pytest.mark.parametrize("name", PURE)
def test_a_core_does_not_ask_what_time_it_is(name: str) -> None:
    calls = [
        ast.unparse(node.func)
        for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
    assert [call for call in calls if call.endswith((".now", ".utcnow", ".today"))] == []


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_has_the_same_files(stage: str) -> None:
    folder = ROOT / "services" / stage
    missing = [
        name for name in ("README.md", "core.py", "effects.py", "app.py", "settings.py") if not (folder / name).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("file", CORES)
def test_a_core_reads_in_the_same_order_everywhere(file: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    wanted = ["State", "evolve", "Action", "next_action", "Outcome", "decide", "plan", "CORE"]
    defined: list[str] = []
    for node in tree.body:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                defined.append(name)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                defined.append(name)
    if "plan" not in defined:
        wanted.remove("plan")  # a start that says no more than the attempt
    if file.startswith("shared/"):
        wanted.remove("CORE")  # a function makes one of each kind
    assert [name for name in defined if name in wanted] == wanted


@pytest.mark.parametrize(
    ("modules", "forbidden"),
    [
        (
            ["services.gateway.host", "services.classroom.host", "services.notifier.host", "services.tutor.host"],
            {"anthropic", "openai", "wordllama", "numpy", "docutils", "git", "faststream"},
        ),
        (
            [f"services.{stage}.app" for stage in STAGES],
            {"anthropic", "openai", "wordllama", "fastapi", "sqlalchemy", "alembic"},
        ),
        (["cli.main"], {"anthropic", "openai", "wordllama", "fastapi", "sqlalchemy", "faststream", "nats"}),
        (["shared.events"], {"nats", "structlog", "obstore", "anyio"}),
        (
            [name for stage in STAGES for name in workers_of(PROCESSES[stage])],
            {"anthropic", "openai", "faststream", "nats", "fastapi", "sqlalchemy", "httpx", "git"},
        ),
    ],
    ids=["servers", "stages", "command", "contract", "workers"],
)
def test_a_process_loads_only_what_it_needs_at_its_start(modules: list[str], forbidden: set[str]) -> None:
    code = f"import sys\nfor m in {modules!r}: __import__(m)\nprint(' '.join(sorted({forbidden!r} & set(sys.modules))))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
