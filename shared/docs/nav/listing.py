"""All navigation readers share this: the repository's files, and entries checked against them."""

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import yaml

from shared.docs.encoding import decode, text_lines
from shared.docs.formats import format_of
from shared.docs.front_matter import read_front_matter
from shared.docs.link_targets import resolve_link
from shared.docs.links import is_external
from shared.docs.navigation import Navigation, NavigationEntry
from shared.docs.plain import plain_text
from shared.docs.untrusted import BoundedLoader, bounded, load_json, load_toml
from shared.kernel.errors import UnreadableText

MAX_ENTRIES = 20_000
MAX_DEPTH = 20
_MAX_VALUES = 100_000
_MAX_CHARACTERS = 2_000_000
_FOREIGN = frozenset(
    {"node_modules", "vendor", "third_party", "fixtures", "__fixtures__", "__tests__", "testdata", ".git"}
)
_AT_FORGE = re.compile(r"^https?://(?:github|gitlab)\.com/[^/]+/[^/]+/(?:-/)?(?:wiki|(?:blob|tree)/[^/]+)/")


@dataclass
class Listing:
    """The files of a repository and a way to read them; what cannot be read counts as empty."""

    paths: Sequence[str]
    read: Callable[[str], bytes]
    _texts: dict[str, str] = field(default_factory=dict)

    @cached_property
    def own(self) -> tuple[str, ...]:
        """The paths, sorted, without those of other projects that were copied in."""
        return tuple(sorted(path for path in self.paths if not _FOREIGN.intersection(path.split("/")[:-1])))

    @cached_property
    def documents(self) -> frozenset[str]:
        """The files that are documentation by their name."""
        return frozenset(path for path in self.own if format_of(path) is not None)

    def named(self, *names: str) -> tuple[str, ...]:
        """Paths whose last part is one of `names`."""
        return tuple(path for path in self.own if posixpath.basename(path) in names)

    def below(self, folder: str) -> tuple[str, ...]:
        """Documents in a folder ("" is the root) and the folders in it, sorted."""
        prefix = f"{folder}/" if folder else ""
        return tuple(path for path in self.own if path.startswith(prefix) and path in self.documents)

    def text(self, path: str) -> str:
        """The text of a file, "" when there is none."""
        if path not in self._texts:
            try:
                text = decode(self.read(path))[0]
            except (UnreadableText, KeyError, OSError):
                text = ""
            self._texts[path] = text if len(text) <= _MAX_CHARACTERS else ""
        return self._texts[path]

    def front_matter(self, path: str) -> Mapping[str, object]:
        """The front matter of a document."""
        return read_front_matter(text_lines(self.text(path))).values

    def yaml(self, path: str) -> object:
        """A YAML file as plain values; tags no safe reader knows become None. None when it is broken."""
        try:
            loaded: object = bounded(_TolerantLoader(self.text(path)).get_single_data(), [_MAX_VALUES])
        except (yaml.YAMLError, ValueError, RecursionError):
            return None
        return loaded

    def data(self, path: str) -> object:
        """A file of JSON, TOML or YAML as plain values; None when it is broken."""
        read = {".json": load_json, ".toml": load_toml}.get(posixpath.splitext(path)[1])
        if read is None:
            return self.yaml(path)
        try:
            return read(self.text(path))
        except (ValueError, RecursionError):
            return None

    def document(self, target: str, from_path: str) -> str | None:
        """The document that a target written in `from_path` leads to, by its address at the forge too."""
        target = _AT_FORGE.sub("/", target)
        if not target or is_external(target):
            return None
        return resolve_link(target, from_path, self.documents)[0]


class _TolerantLoader(BoundedLoader):
    """Safe, and deaf to tags such as `!ENV` and `!!python/name:…`."""


def _ignored(_loader: yaml.Loader, _suffix: str, _node: yaml.Node) -> None:
    """A value only the site's own generator understands."""


_TolerantLoader.add_multi_constructor("!", _ignored)
_TolerantLoader.add_multi_constructor("tag:yaml.org,2002:python/", _ignored)


class Made(NavigationEntry):
    """A page that is not there; its title is its path."""


def entry(title: object, path: str | None, depth: int) -> NavigationEntry:
    """An entry with its title as plain text, whatever the configuration held."""
    text = title if isinstance(title, str) else ""
    return NavigationEntry(plain_text(re.sub(r"\s+", " ", text).strip()), path, min(depth, MAX_DEPTH))


def navigation(origin: str, entries: Iterable[NavigationEntry]) -> Navigation:
    """A navigation in which every document stands once, and every group has a title and something in it."""
    kept: list[NavigationEntry] = []
    seen: set[str] = set()
    missing: dict[str, None] = {}
    for item in entries:
        if len(kept) + len(missing) >= MAX_ENTRIES:
            break
        if isinstance(item, Made):
            missing[item.title] = None
            continue
        if item.path is None and item.title:
            kept.append(item)
        elif item.path is not None and item.path not in seen:
            seen.add(item.path)
            kept.append(item)
    filled: list[NavigationEntry] = []
    for item in reversed(kept):
        if item.path is not None or (filled and filled[-1].depth > item.depth):
            filled.append(item)
    if not any(item.path for item in filled):
        return Navigation()
    return Navigation(origin, tuple(reversed(filled)), tuple(missing))


def nested(value: object) -> list[object]:
    """`value` if it is a list, else nothing."""
    return value if isinstance(value, list) else []


def mapping(value: object) -> Mapping[object, object]:
    """`value` if it is a mapping, else nothing."""
    return value if isinstance(value, dict) else {}
