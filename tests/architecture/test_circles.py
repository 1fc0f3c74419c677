"""No folder imports another one that imports it, directly or by way of others, and few files do."""

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from bench.imports import OURS, ROOT, aways_of, file_of, files_of, laters_of

LONGEST = 2  # files that may import one another
# Folders of rooms: what lies openly in them is a room of one file.
HOUSES = frozenset({"cli", "services/classroom", "services/gateway", "shared", "shared/docs"})
# Files that put their folder together with a folder in it, and that neither of these imports.
ROOFS = frozenset({"cli/operate/backup_commands.py", "shared/course/export/registry.py"})

Graph = Mapping[str, frozenset[str]]


def _files() -> dict[str, frozenset[str]]:
    """The files that each file of the product imports, or names for worker processes or for later, by path."""
    found = [file for folder in OURS for file in (ROOT / folder).rglob("*.py")]
    return {_path(file): frozenset(map(_path, {*files_of(file), *_named_by(file)})) for file in found}


def _named_by(file: Path) -> Iterator[Path]:
    names = [name.partition(":")[0] for _, name in (*aways_of(file), *laters_of(file))]
    yield from (found for module in names if (found := file_of(module)) is not None)


def _path(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def _rooms(files: Graph, roofs: frozenset[str]) -> dict[str, frozenset[str]]:
    """What each room imports of others."""

    def room(path: str) -> str:
        folder = path.rpartition("/")[0]
        return path if folder in HOUSES or path in roofs else folder

    rooms: dict[str, set[str]] = {}
    for path, imported in files.items():
        rooms.setdefault(room(path), set()).update(map(room, imported))
    return {name: frozenset(others - {name}) for name, others in rooms.items()}


def _circles(graph: Graph) -> list[frozenset[str]]:
    """The sets of nodes that reach one another, by the size of the set."""
    left, circles = dict(graph), []
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            start = error.args[1][0]
            circle = frozenset(one for one in _reached(left, start) if start in _reached(left, one))
            circles.append(circle)
            left = {one: others - circle for one, others in left.items() if one not in circle}
        else:
            return sorted(circles, key=len)


def _reached(graph: Graph, start: str) -> set[str]:
    """All that a node leads to; itself only by a circle."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for other in graph.get(waiting.pop(), frozenset()) - found:
            found.add(other)
            waiting.append(other)
    return found


def _named(*pairs: str) -> Iterator[tuple[str, frozenset[str]]]:
    for pair in pairs:
        name, _, others = pair.partition(">")
        yield name, frozenset(others.split())


@pytest.mark.parametrize(
    ("graph", "circles"),
    [
        (["a>b c", "b>c", "c>"], []),
        (["a>b", "b>a", "c>a"], ["ab"]),
        (["a>b", "b>c", "c>a d", "d>e", "e>d"], ["de", "abc"]),
        (["a>b c", "b>a", "c>a"], ["abc"]),
    ],
)
def test_circles_are_found(graph: Iterable[str], circles: list[str]) -> None:
    assert _circles(dict(_named(*graph))) == [frozenset(circle) for circle in circles]


def test_no_room_is_in_a_circle() -> None:
    assert [sorted(circle) for circle in _circles(_rooms(_files(), ROOFS))] == []


def test_files_in_a_circle_are_few_and_neighbours() -> None:
    circles = _circles(_files())
    assert [sorted(circle) for circle in circles if len(circle) > LONGEST] == []
    assert [sorted(circle) for circle in circles if len({path.rpartition("/")[0] for path in circle}) > 1] == []


@pytest.mark.parametrize("roof", sorted(ROOFS))
def test_each_roof_is_needed(roof: str) -> None:
    assert _circles(_rooms(_files(), ROOFS - {roof})) != []


def test_each_room_has_a_sentence() -> None:
    told = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = {path.split("/")[1] for path in _files() if path.startswith("shared/") and path.count("/") > 1}
    assert {room for room in rooms if f"| `shared/{room}` | " not in told} == set()
