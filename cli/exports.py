"""A finished course on disk, and what the command says of it at its end."""

import json
import shlex
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from cli.client import Client
from cli.ending import own_name
from cli.patience import Patience
from shared.course.export.archive import unpack
from shared.course.in_words import counted, minutes_in_words
from shared.docs.problems import printable

_ARCHIVE = "application/zip"
_REASONS_SHOWN = 4
_MODULES_SHOWN = 3
# How reasons begin that name a file, a figure or a limit, and what they are counted as. Other reasons are short.
_KINDS = (
    ("duplicate of ", "duplicate"),
    ("translation of ", "translation"),
    ("older version of ", "older version"),
    ("over the limit of ", "over a limit"),
    ("larger than ", "too large"),
    ("kept in Git LFS", "kept in Git LFS"),
    ("to read it ", "too costly to read"),
    ("only says that its text has moved", "moved"),
    ("no text to teach from: ", "no text that could be read"),
    ("no text of its own", "only links and generated entries"),
    ("The file has ", "too large"),
    ("The file is ", "not readable"),
    ("The model", "declined by the model"),
)


def write_exports(client: Client, course_id: str, out: Path, patience: Patience) -> dict[str, Any]:
    """Every export in the output folder, an archive as a folder of its kind; the figures of course.json."""
    out.mkdir(parents=True, exist_ok=True)
    for export in patience.ask(lambda: client.exports(course_id)):
        kind = str(export["kind"])
        data = patience.ask(partial(client.export, course_id, kind))
        if export["media_type"] == _ARCHIVE:
            shutil.rmtree(out / kind, ignore_errors=True)
            unpack(data, out / kind)
        else:
            (out / f"course.{kind}").write_bytes(data)
    return _summary(json.loads((out / "course.json").read_bytes()), out)


def _summary(course: Mapping[str, Any], out: Path) -> dict[str, Any]:
    modules, documents = course["modules"], course["documents"]
    incomplete = [module["title"] for module in modules if module["status"] != "complete"]
    left_out = Counter(_kind(document["reason"]) for document in documents if not document["used"])
    return {
        "out": str(out),
        "site": (out / "site" / "index.html").resolve().as_uri(),
        "title": course["title"],
        "edition": course["edition"],
        "status": "incomplete" if incomplete else "complete",
        "incomplete": incomplete,
        "documents": len(documents),
        "documents_used": sum(document["used"] for document in documents),
        "left_out": dict(left_out.most_common()),
        "documents_in_part": sum(bool(document.get("problems")) for document in documents),
        "pathways": len(course["pathways"]),
        "pathway_kinds": list(dict.fromkeys(pathway["kind"] for pathway in course["pathways"])),
        "modules": len(modules),
        "items": sum(len(module["assessment"]) for module in modules),
        "minutes": sum(module["estimated_minutes"] for module in modules),
        "checks": _checks(course["quality"]),
    }


def _checks(quality: Mapping[str, Any]) -> dict[str, Any]:
    """How whole the course is, how many targets there are and which are missed, in words."""
    from shared.course.quality_words import count_figures, say_missed

    targets, met = count_figures(quality)
    whole = quality.get("K1", {}).get("whole", {}).get("text", "")
    return {"whole": whole, "targets": targets, "met": met, "missed": list(say_missed(quality))}


def _kind(reason: str) -> str:
    """The reason in a few words, for counting: `duplicate of a.md` and `duplicate of b.md` are one."""
    return next((kind for opening, kind in _KINDS if reason.startswith(opening)), reason or "not used")


def in_words(summary: Mapping[str, Any]) -> str:
    """The course in a few lines: its size, where to open it, and the documents that were left out."""
    asked = f"{counted(summary['modules'], 'module')}, {counted(summary['items'], 'question')}"
    size = f"{asked}, {minutes_in_words(summary['minutes'])}"
    used = f"from {summary['documents_used']} of {summary['documents']} documents, in {summary['seconds']} s"
    lines = [f"{printable(summary['title'])}: {size}, {used}", summary["site"]]
    if (checks := summary["checks"])["targets"]:
        whole = f"{checks['whole']}. " if checks["whole"] else ""
        met = f"{checks['met']} of {checks['targets']} targets met"
        lines.append(f"{whole}Checks: {met}. All of them: {summary['out']}/site/quality.html")
    if summary["left_out"]:
        lines.append(f"Left out: {_reasons(summary['left_out'])}. All of them: {summary['out']}/site/sources.html")
    if count := summary["documents_in_part"]:
        documents = f"{counted(count, 'document')} {'was' if count == 1 else 'were'}"
        lines.append(f"{documents} not read in full; what was left out of each: {summary['out']}/site/sources.html")
    return "\n".join(lines)


def next_command(summary: Mapping[str, Any], sources: Sequence[str], where: Sequence[str] = ()) -> str:
    """A command that makes more of the same sources: a shorter course when there is one, else one for beginners.
    `where`: the options that name the same gateway or data, so that nothing is read or paid for again.
    """
    if not sources:
        return f"{shlex.quote(own_name())} up, to keep a stack running for more courses"
    out = str(summary["out"]).rstrip("/")
    quick = "quickstart" in summary["pathway_kinds"]
    more = (
        ["--pathway", "quickstart", "--out", f"{out}-quickstart"]
        if quick
        else ["--level", "beginner", "--out", f"{out}-beginner"]
    )
    others = [part for one in sources[1:] for part in ("--source", one)]
    return shlex.join([own_name(), "generate", sources[0], *others, *more, *where])


def _reasons(left_out: Mapping[str, int]) -> str:
    shown = [f"{count} {reason}" for reason, count in list(left_out.items())[:_REASONS_SHOWN]]
    others = sum(list(left_out.values())[_REASONS_SHOWN:])
    return ", ".join(shown + ([f"{others} for other reasons"] if others else []))


def incomplete_in_words(summary: Mapping[str, Any]) -> str:
    """Which modules are incomplete; "" when none is."""
    titles: Sequence[str] = summary["incomplete"]
    if not titles:
        return ""
    named = printable("; ".join(titles[:_MODULES_SHOWN]))
    more = f"; and {len(titles) - _MODULES_SHOWN} more" if len(titles) > _MODULES_SHOWN else ""
    return (
        f"Incomplete: {len(titles)} of {summary['modules']} modules ({named}{more}). "
        f"{summary['out']}/course.json says why, under problems"
    )
