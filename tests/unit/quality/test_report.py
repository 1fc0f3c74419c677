import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from shared.course.git_files import open_commit
from shared.course.model import Course
from shared.course.quality import METRICS
from shared.course.quality_words import TITLES
from shared.course.report import main, read_documents
from shared.kernel.errors import NotFound, PermanentError

from .sample import course
from .sample_repository import FILES


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "kettle"
    for path, data in FILES.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    for command in (["init", "-q"], ["add", "."], [*identity, "commit", "-q", "-m", "All"]):
        subprocess.run(["git", "-C", str(folder), *command], check=True)
    return folder


def _commit(repository: Path) -> str:
    done = subprocess.run(["git", "-C", str(repository), "rev-parse", "HEAD"], check=True, capture_output=True)
    return done.stdout.decode().strip()


def _write(folder: Path, written: Course, commit: str) -> str:
    source = written.sources[0].model_copy(update={"commit": commit})
    path = folder / "course.json"
    path.write_text(written.model_copy(update={"sources": [source]}).model_dump_json(), encoding="utf-8")
    return str(path)


def test_a_true_course_is_reported_with_exit_code_nought(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([_write(tmp_path, course(), _commit(repository)), str(repository)]) == 0
    said = capsys.readouterr().out
    assert "Every target is met." in said
    assert "Sections taught whole: 10 of 10" in said
    assert "Not checked: whether a sentence follows from its lines" in said


def test_every_figure_has_a_family_with_a_title_in_plain_words() -> None:
    assert set(TITLES) == set(METRICS)
    assert not any("well written" in title for title in TITLES.values())


def test_a_bare_repository_serves_as_well(repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(repository), str(bare)], check=True)
    assert main([_write(tmp_path, course(), _commit(repository)), str(bare), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["Q1"]["resolving"]["value"] == 1.0


def test_a_later_change_of_the_work_tree_changes_nothing(repository: Path, tmp_path: Path) -> None:
    path = _write(tmp_path, course(), _commit(repository))
    (repository / "docs/start.md").write_text("gone")
    assert main([path, str(repository)]) == 0


def test_a_missed_target_is_named_and_exits_with_one(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *rest = course().modules
    untrue = first.model_copy(update={"introduction": f"{first.introduction}\n\nYou pass --force to it."})
    path = _write(tmp_path, course().model_copy(update={"modules": [untrue, *rest]}), _commit(repository))
    assert main([path, str(repository), "--findings"]) == 1
    out = capsys.readouterr().out
    assert "figures miss their target: Q2 uncited_facts" in out
    assert "m-start Q2 introduction: names a fact and has no citation | You pass --force to it." in out


def test_a_folder_without_the_commit_exits_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([_write(tmp_path, course(), "2" * 40), str(tmp_path)]) == 2
    assert "holds commit" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "{}", "not json"])
def test_a_file_that_is_no_course_exits_with_two(tmp_path: Path, text: str) -> None:
    path = tmp_path / "course.json"
    path.write_text(text)
    assert main([str(path), str(tmp_path)]) == 2


def test_a_file_that_is_missing_exits_with_two(tmp_path: Path) -> None:
    assert main([str(tmp_path / "none.json"), str(tmp_path)]) == 2


def test_files_are_read_at_the_commit(repository: Path) -> None:
    read = open_commit(repository, _commit(repository))
    assert read("docs/start.md") == FILES["docs/start.md"]
    with pytest.raises(NotFound):
        read("docs/none.md")
    with pytest.raises(PermanentError):
        open_commit(repository, "3" * 40)


def test_a_document_is_read_with_the_files_its_includes_lead_to() -> None:
    files = {
        "a.md": b"# A\n\n::: pkg.run\n",
        "pkg/__init__.py": b"from .core import run\n",
        "pkg/core.py": b"def run():\n    'Runs.'\n",
    }

    def raw(path: str) -> bytes:
        if path not in files:
            raise NotFound(path, code="not_found")
        return files[path]

    first = replace(course().documents[0], path="a.md", used=True)
    (document,) = read_documents(course().model_copy(update={"documents": [first]}), raw)
    assert [block.code for section in document.sections for block in section.blocks] == ["def run():", ""]
    assert [sentence.text for sentence in document.sentences] == ["Runs."]
