"""The command as an operator types it, and stage 1 with a repository."""

from pathlib import Path

import pytest

from tests.integration.clone_stage import GUIDE, Stage
from tests.support.command import command
from tests.unit.repo_clone.git_repositories import make_repository

__all__ = ["command"]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


@pytest.fixture
def documented(tmp_path: Path) -> Path:
    return make_repository(
        tmp_path / "thing.git",
        {
            "README.md": b"# Thing\n\nThe thing does things for people who have things to do.\n",
            "mkdocs.yml": b"nav:\n  - Home: index.md\n  - Guide: guide.md\n",
            "docs/index.md": b"# Home\n\nWelcome to the thing. ![how](img/how.png)\n\n--8<-- \"docs/parts/note.md\"\n",
            "docs/guide.md": GUIDE + b"\n```python\n--8<-- \"src/main.py\"\n```\n",
            "docs/parts/note.md": b"A note that other pages include.\n\n--8<-- \"docs/parts/deep.py\"\n",
            "docs/parts/deep.py": b"print(2)\n",
            "docs/img/how.png": b"\x89PNG\r\n\x1a\n" + bytes(20),
            "docs/img/unused.png": b"\x89PNG\r\n\x1a\n" + bytes(21),
            "src/main.py": b"print(1)\n",
            "src/other.py": b"print(3)\n",
            "CHANGELOG.md": b"# Changes\n\n- 1.0\n",
        },
    )  # fmt: skip
