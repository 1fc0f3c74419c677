"""The repository as a stranger finds it: links lead somewhere, no secrets, no paths of one machine, clean locks."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def tracked(*endings: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    return [ROOT / name for name in listed if name.endswith(endings) and (ROOT / name).is_file()]


def anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", tracked(".md"), ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_of_the_docs_leads_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, fragment = target.partition("#")
        found = (path.parent / name).resolve() if name else path
        assert found.exists(), f"{path.name}: {target}"
        if fragment and found.suffix == ".md":
            assert fragment in anchors(found), f"{path.name}: {target}"


def test_a_picture_of_the_docs_is_small() -> None:
    pictures = {path: path.stat().st_size for path in tracked(".png")}
    assert pictures
    assert {path.name: size for path, size in pictures.items() if size >= 150_000} == {}


def test_no_file_holds_a_path_of_one_machine_or_a_secret() -> None:
    pattern = re.compile(
        r"(?<![\w/.])/(?:work|home/[a-z]+|root|Users/[A-Z][a-z]+)/|-----BEGIN [A-Z ]*PRIVATE KEY|"
        r"sk-ant-[A-Za-z0-9]{8}|ghp_[A-Za-z0-9]{20}"
    )
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked(".py", ".md", ".toml", ".lock", ".json", ".yaml", ".html", ".css", ".js", "Makefile")
        for match in [pattern.search(path.read_text(encoding="utf-8", errors="replace"))]
        if match and path.name != Path(__file__).name
    ]
    assert found == []


def test_the_lock_has_a_hash_for_everything_and_names_no_host() -> None:
    text = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("requirements.lock", "diagrams.lock"))
    assert "http://" not in text
    assert "https://" not in text
    assert "index-url" not in text
    packages = [block for block in re.split(r"\n(?=[a-z])", text) if "==" in block]
    assert len(packages) > 40
    assert [block.split("==")[0] for block in packages if "--hash=sha256:" not in block] == []


def test_every_direct_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()
    names = [re.split(r"[\[<>=~! ]", spec)[0].lower() for spec in wanted]
    assert [name for name in names if not re.search(rf"^{re.escape(name)}==", lock, re.MULTILINE)] == []
