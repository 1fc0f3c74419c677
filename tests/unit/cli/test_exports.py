"""The last words of the command."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.exports import in_words, incomplete_in_words, next_command, write_exports
from cli.patience import Patience
from cli.progress import Bars, Lines, Reporter
from shared.course.export.archive import build_zip
from shared.course.quality_figures import at_least, at_most, is_number
from tests.unit.cli.gateway import Gateway, stage


def module(title: str, status: str = "complete") -> dict[str, Any]:
    return {"title": title, "status": status, "assessment": [1, 2], "estimated_minutes": 40}


def course(*modules: dict[str, Any], kinds: tuple[str, ...] = ("complete", "quickstart")) -> dict[str, Any]:
    unused = ["duplicate of a.md", "licence", "duplicate of b.md", "larger than 1 MiB", "changelog", "not text"]
    documents = [{"used": True, "reason": ""}, *({"used": False, "reason": reason} for reason in unused)]
    return {
        "title": "Learn Jobs", "edition": "e", "modules": list(modules), "documents": documents,
        "pathways": [{"kind": kind} for kind in kinds], "quality": {},
    }  # fmt: skip


def summary_of(made: dict[str, Any], out: Path) -> dict[str, Any]:
    gateway = Gateway(always={"GET /api/courses/c1/exports/json": httpx.Response(200, content=json.dumps(made))})
    return write_exports(gateway.client(), "c1", out, Patience(lambda: None)) | {"seconds": 12.4}


def test_the_end_says_where_the_site_is_and_what_was_left_out_the_most_frequent_reason_first(tmp_path: Path) -> None:
    out = tmp_path / "my course"
    summary = summary_of(course(module("One"), module("Two")), out)
    first, site, left_out = in_words(summary).splitlines()
    assert first == "Learn Jobs: 2 modules, 4 questions, 1 h 20 min, from 1 of 7 documents, in 12.4 s"
    assert site == f"file://{tmp_path}/my%20course/site/index.html"
    assert left_out == (
        "Left out: 2 duplicate, 1 licence, 1 too large, 1 changelog, 1 for other reasons. "
        f"All of them: {out}/site/sources.html"
    )
    assert incomplete_in_words(summary) == ""


def test_an_archive_becomes_a_folder_and_any_other_export_stays_a_file(tmp_path: Path) -> None:
    kinds = {"json": "application/json", "site": "application/zip", "epub": "application/epub+zip"}
    data = {"json": json.dumps(course()).encode(), "site": build_zip({"index.html": b"<p>"}), "epub": b"PK a book"}
    gateway = Gateway(
        always={f"GET /api/courses/c1/exports/{kind}": httpx.Response(200, content=one) for kind, one in data.items()}
        | {"GET /api/courses/c1/exports": httpx.Response(200, json=[
            {"kind": kind, "media_type": media_type} for kind, media_type in kinds.items()
        ])}
    )  # fmt: skip
    write_exports(gateway.client(), "c1", tmp_path, Patience(lambda: None))
    found = {str(path.relative_to(tmp_path)): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {"course.json": data["json"], "site/index.html": b"<p>", "course.epub": data["epub"]}


def test_the_end_says_how_whole_the_course_is_and_how_many_targets_it_meets(tmp_path: Path) -> None:
    made = course(module("One"))
    made["quality"] = {
        "K1": {"whole": at_least("Sections taught whole", 212, 214, 0.9), "median": is_number("x", 1, "1", ok=None)},
        "K2": {"cut": at_most("Lists and tables shown in part", 3, 140, 0.0)},
    }
    summary = summary_of(made, tmp_path)
    told = in_words(summary).splitlines()[2]
    assert told == (
        f"Sections taught whole: 212 of 214. Checks: 1 of 2 targets met. All of them: {tmp_path}/site/quality.html"
    )
    assert summary["checks"]["missed"] == ["Lists and tables shown in part: 3 of 140"]


@pytest.mark.parametrize(("count", "words"), [(1, "1 document was"), (2, "2 documents were")])
def test_the_end_says_of_how_many_documents_parts_were_left_out(count: int, words: str, tmp_path: Path) -> None:
    made = course(module("One"))
    made["documents"] += [{"used": True, "reason": "", "problems": ["line 3: a formula was left out"]}] * count
    told = in_words(summary_of(made, tmp_path)).splitlines()[-1]
    assert told == f"{words} not read in full; what was left out of each: {tmp_path}/site/sources.html"


@pytest.mark.parametrize(
    ("reasons", "kinds"),
    [
        (["over the limit of 3,000 documents of a course", "over the limit of 32 MiB of documents of a course"],
         {"over a limit": 2}),
        (["to read it needs more than 30 s", "to read it needs more than 2 s of processor time",
          "to read it ends the process that works on it each time"], {"too costly to read": 3}),
        (["table of contents", "part of other pages", "settings of a tool", "changelog"],
         {"table of contents": 1, "part of other pages": 1, "settings of a tool": 1, "changelog": 1}),
        (["translation of README.md", "translation of b.md", "older version of a.md"],
         {"translation": 2, "older version": 1}),
        (["The file is binary: it has NUL bytes.", "The file is in no encoding that can be recognised."],
         {"not readable": 2}),
        ([""], {"not used": 1}),
    ],
)  # fmt: skip
def test_reasons_are_counted_by_their_kind(reasons: list[str], kinds: dict[str, int], tmp_path: Path) -> None:
    made = course(module("One")) | {"documents": [{"used": False, "reason": reason} for reason in reasons]}
    assert summary_of(made, tmp_path)["left_out"] == kinds


def test_incomplete_modules_are_named(tmp_path: Path) -> None:
    modules = [module(name, "incomplete") for name in ("One", "Two", "Three", "Four")]
    summary = summary_of(course(module("Whole"), *modules), tmp_path)
    assert incomplete_in_words(summary).startswith("Incomplete: 4 of 5 modules (One; Two; Three; and 1 more). ")


@pytest.mark.parametrize(
    ("kinds", "repository", "says"),
    [
        (("complete", "quickstart"), "a/b", "coursewright generate a/b --pathway quickstart --out {out}-quickstart"),
        (("complete",), "a/b", "coursewright generate a/b --level beginner --out {out}-beginner"),
        (("complete",), "", "coursewright up"),
    ],
)
def test_a_next_command_is_named(kinds: tuple[str, ...], repository: str, says: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    sources = [repository] if repository else []
    assert next_command(summary_of(course(kinds=kinds), out), sources).startswith(says.format(out=out))


def test_the_next_command_can_be_typed_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", [".venv/bin/coursewright", "generate"])
    monkeypatch.setenv("PATH", str(tmp_path))
    summary = summary_of(course(kinds=("complete",)), tmp_path / "out")
    said = next_command(summary, ["a/b"], ["--data-dir", "data"])
    assert said.startswith(".venv/bin/coursewright generate a/b ")
    assert said.endswith(" --data-dir data")


@pytest.mark.parametrize("columns", [40, 80])
def test_a_narrow_terminal_shows_the_percentage_and_the_count(
    columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    with Bars() as bars:
        bars.show(4, stage("STARTED", 88, "Wrote Retries and everything else there is to say of them (8 of 9)").json())
    last = capsys.readouterr().err.splitlines()[-1]
    assert "88 %" in last
    assert "8 of 9" in last


@pytest.mark.parametrize("hostile", ["\x1b[31mred\x07", "a\u202eb", "a\rb"])
def test_a_strangers_text_does_not_steer_the_terminal(
    hostile: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = summary_of(course(module(hostile, "incomplete")) | {"title": hostile}, tmp_path / "out")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    at_work = {"task_id": "t", "status": "STARTED", "progress": 1, "current_step": f"Analysing {hostile}"}
    reporters: tuple[Reporter, ...] = (Lines(), Bars())
    for reporter in reporters:
        with reporter as show:
            show.show(1, at_work)
            show.say(hostile)
    said = in_words(summary) + incomplete_in_words(summary) + capsys.readouterr().err
    assert not set(said) & set("\x1b\x07\u202e\r")
    assert "�" in said
