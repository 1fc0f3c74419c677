"""How well the order of a course agrees with people: `python -m bench.prerequisites python=PATH elixir=PATH …`.

Each PATH is a Git repository of an Exercism track: `concepts/*/about.md` hold one concept each, `config.json` says
which concepts people hold to be needed for which. Only the concept documents are read to find the order.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import PurePosixPath

from services.doc_analyser.offline.documents import study
from services.doc_analyser.offline.graph import build_graph
from services.doc_analyser.offline.inputs import DocumentFile
from shared.docs.navigation import Navigation
from shared.engine.types import DocumentAnalysis
from shared.kernel.errors import NothingToTeach

Edge = tuple[str, str]


def main() -> None:
    """Print per track and pooled: human edges, the share that runs backwards, the alphabet's share, own edges."""
    pooled = [0, 0, 0]
    for argument in sys.argv[1:]:
        name, _, path = argument.partition("=")
        analyses = [one for one in _analyses(path) if one is not None]
        known = {_slug(one.path): one for one in analyses}
        edges = [edge for edge in _human_edges(path) if set(edge) <= known.keys()]
        graph = build_graph(analyses, Navigation())
        slugs = {one.document_id: _slug(one.path) for one in analyses}
        place: dict[str, int] = {}
        for document_id, _ in graph.section_order:
            place.setdefault(slugs[document_id], len(place))
        backward = sum(place[before] > place[after] for before, after in edges)
        alphabet = sum(before > after for before, after in edges)
        closure = _closure(edges)
        own = [(slugs[before], slugs[after]) for before, after in graph.document_edges]
        agree, against = len(closure.intersection(own)), len(closure.intersection((b, a) for a, b in own))
        pooled = [pooled[0] + backward, pooled[1] + alphabet, pooled[2] + len(edges)]
        print(f"{name}: {len(analyses)} documents, {len(edges)} human edges, backward {backward / len(edges):.1%}"
              f" (alphabet {alphabet / len(edges):.1%}), own edges {agree} agree, {against} contradict")  # fmt: skip
    print(f"pooled: backward {pooled[0] / pooled[2]:.1%} (alphabet {pooled[1] / pooled[2]:.1%})")


def _analyses(repository: str) -> Iterable[DocumentAnalysis | None]:
    listed = _git(repository, "ls-tree", "-r", "--name-only", "HEAD", "concepts").decode().splitlines()
    for path in (path for path in listed if PurePosixPath(path).name == "about.md"):
        file = DocumentFile(path, "s", "0" * 64, path, _git(repository, "show", f"HEAD:{path}"), {})
        try:
            yield study(file, "").analysis
        except NothingToTeach:
            yield None


def _human_edges(repository: str) -> list[Edge]:
    exercises = json.loads(_git(repository, "show", "HEAD:config.json"))["exercises"]["concept"]
    return sorted(
        {
            (before, after)
            for exercise in exercises
            if exercise.get("status") != "deprecated"
            for after in exercise["concepts"]
            for before in exercise["prerequisites"]
            if before != after
        }
    )


def _closure(edges: Iterable[Edge]) -> set[Edge]:
    found = set(edges)
    while True:
        more = {(a, d) for a, b in found for c, d in found if b == c} - found
        if not more:
            return found
        found |= more


def _slug(path: str) -> str:
    return PurePosixPath(path).parent.name


def _git(repository: str, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", repository, *arguments], capture_output=True, check=True).stdout


if __name__ == "__main__":
    main()
