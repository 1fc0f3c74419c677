"""The quality report of a finished course, for anybody who has its folder and the repository.

`python -m shared.course.report COURSE_JSON [REPOSITORY] [--json | --findings]` prints the figures and exits with 1 when
a target is missed, with 2 when the files cannot be read.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from shared.course.course_gates import check_course
from shared.course.git_files import open_commit
from shared.course.model import Course, Source
from shared.course.quality import list_missed, measure
from shared.course.quality_figures import read_course
from shared.course.quality_words import NOT_CHECKED, TITLES, say_figure
from shared.course.schema import parse_course
from shared.docs.encoding import decode
from shared.docs.limits import INCLUDE_DEPTH
from shared.docs.model import Document
from shared.docs.reader import read_document
from shared.docs.references import find_references
from shared.kernel.errors import CoursewrightError, NotFound, PermanentError, UnreadableText


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m shared.course.report", description="Measure a finished course.")
    parser.add_argument("course", type=Path, help="course.json")
    parser.add_argument(
        "repository", type=Path, nargs="?", help="a work tree or bare repository that holds the course's commit"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--findings", action="store_true", help="also print every finding of the gates")
    options = parser.parse_args(arguments)
    try:
        course = load_course(options.course)
        raw = open_sources(course, options.course.parent, options.repository)
        documents = read_documents(course, raw)
        quality = measure(course, raw, documents)
    except CoursewrightError as error:
        sys.stderr.write(f"error: {error.message}\n")
        return 2
    lines = [json.dumps(quality, indent=2, ensure_ascii=False)] if options.json else list(render_figures(quality))
    if options.findings:
        lines += render_findings(course, raw, documents)
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if any(list_missed(quality)) else 0


def open_sources(course: Course, folder: Path, repository: Path | None) -> Callable[[str], bytes]:
    """A reader of the files a course was made from: those of its repository at the commit, and the texts of its
    documents and lectures, which lie beside course.json in an export. The reader raises NotFound; raises
    PermanentError for a repository that is missing.
    """
    commits = [source.commit for source in course.sources if isinstance(source, Source)]
    if commits and repository is None:
        raise PermanentError("The course was made from a repository: name it", code="repository_missing")
    read = open_commit(repository, commits[0]) if repository is not None and commits else _nothing
    documents = {source.id for source in course.sources if not isinstance(source, Source)}
    texts = {one.path: one.sha256 for one in course.documents if one.source_id in documents}

    def raw(path: str) -> bytes:
        if path not in texts:
            return read(path)
        try:
            data = (folder / "assets" / f"{texts[path]}.md").read_bytes()
        except OSError as error:
            raise NotFound(f"The text {path} does not lie beside the course") from error
        if hashlib.sha256(data).hexdigest() != texts[path]:
            raise PermanentError(f"The text {path} is not the one that the course cites", code="other_text")
        return data

    return raw


def _nothing(path: str) -> bytes:
    raise NotFound(f"No file {path}")


def load_course(path: Path) -> Course:
    """Read course.json; raises PermanentError."""
    try:
        course = parse_course(path.read_bytes())
    except OSError as error:
        raise PermanentError(f"{path} cannot be read: {error.strerror}", code="unreadable") from error
    if not course.sources:
        raise PermanentError(f"{path} names no source", code="invalid_course")
    return course


def read_documents(course: Course, raw: Callable[[str], bytes]) -> list[Document]:
    """The course's used documents, parsed as the stages parse them; one that cannot be read is left out."""
    documents = []
    for entry in course.documents:
        if entry.used:
            try:
                data = raw(entry.path)
                documents.append(read_document(entry.path, data, _read_includes(entry.path, data, raw)))
            except (NotFound, UnreadableText):
                continue
    return documents


def _read_includes(path: str, data: bytes, raw: Callable[[str], bytes]) -> dict[str, bytes]:
    """The files that a document includes, and those that these include."""
    found = {path: data}
    new = [path]
    for _ in range(INCLUDE_DEPTH):
        wanted = {other for one in new for other in _find_includes(one, found[one])} - found.keys()
        new = []
        for other in sorted(wanted):
            try:
                found[other] = raw(other)
                new.append(other)
            except NotFound:
                continue
    return {other: data for other, data in found.items() if other != path}


def _find_includes(path: str, data: bytes) -> tuple[str, ...]:
    try:
        return find_references(path, decode(data)[0]).includes
    except UnreadableText:
        return ()


def render_figures(quality: Mapping[str, Any]) -> Iterator[str]:
    """The demand of each family, then a line for each figure: verdict, name, target, finding."""
    for metric, figures in quality.items():
        yield TITLES.get(metric, metric)
        for name, figure in figures.items():
            verdict = {True: "ok", False: "MISSED", None: "-"}[figure["ok"]]
            label = f"{metric} {name}"
            yield f"  {verdict:<7}{label:<20}{figure['target']:<18}{say_figure(figure)}".rstrip()
    missed = list(list_missed(quality))
    yield f"{len(missed)} figures miss their target: {', '.join(missed)}" if missed else "Every target is met."
    yield f"Not checked: {'; '.join(NOT_CHECKED)}."


def render_findings(course: Course, raw: Callable[[str], bytes], documents: Sequence[Document]) -> Iterator[str]:
    """One line per finding of the gates, module after module, then those about the whole course."""
    facts = read_course(course, raw, documents)
    found = [(module.module.id, finding) for module in facts.modules for finding in module.findings]
    for place, finding in [*found, *(("course", finding) for finding in check_course(facts))]:
        sentence = " ".join(finding.sentence.split())
        yield f"{place} {finding.gate} {finding.where}: {finding.detail} | {sentence}".rstrip(" |")


if __name__ == "__main__":
    sys.exit(main())
