"""Generated clients compile strictly and make a course. Node and npm are needed."""

import json
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.courses import fresh_folder
from cli.local.stack import LocalStack
from services.gateway.openapi import TARGET
from tests.support.sample_repository import make_repository

pytestmark = [pytest.mark.long, pytest.mark.timeout(0)]

_SOURCES = Path(__file__).parent / "clients"
_PACKAGE = "generated_client"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with fresh_folder() as made:
        yield made


@pytest.fixture(scope="module")
def stack(folder: Path) -> Iterator[LocalStack]:
    with LocalStack(folder / "data", durable=False).running() as made:
        yield made


@pytest.fixture(scope="module")
def repository(folder: Path) -> str:
    return str(make_repository(folder / "repository"))


def run(*arguments: str | Path, cwd: Path) -> str:
    done = subprocess.run(arguments, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_client_in_typescript(folder: Path, stack: LocalStack, repository: str) -> None:
    place = folder / "typescript"
    shutil.copytree(_SOURCES, place, ignore=shutil.ignore_patterns("node_modules", "built", "api.d.ts"))
    run("npm", "ci", "--no-fund", "--no-audit", cwd=place)
    run("npx", "openapi-typescript", TARGET, "--output", "api.d.ts", cwd=place)
    run("npx", "tsc", "--project", ".", cwd=place)
    made = json.loads(run("node", "built/course.js", stack.url, stack.token, repository, cwd=place))
    assert made["total"] == made["modules"] > 1
    assert made["page"] == 1


def test_a_client_in_python(folder: Path, stack: LocalStack, repository: str) -> None:
    place = folder / "python"
    venv.create(place / "venv", with_pip=True)
    tools = place / "venv" / "bin"
    needed = _SOURCES / "requirements.txt"
    run(tools / "python", "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:", "-r", needed, cwd=place)
    how = "--path", TARGET, "--output-path", place / _PACKAGE, "--meta", "none"
    run(tools / "openapi-python-client", "generate", *how, cwd=place)
    run(sys.executable, "-m", "mypy", "--strict", "--config-file=", place / _PACKAGE, cwd=place)
    shutil.copy(_SOURCES / "course.py.txt", place / "course.py")
    assert run(tools / "python", "course.py", stack.url, stack.token, repository, cwd=place)
