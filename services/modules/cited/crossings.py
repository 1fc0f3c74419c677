"""Where the links between documents lead: to a section that the course teaches, or to a file. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import dirname, join

from shared.docs.anchors import REFERENCE, fold, slug, with_case
from shared.docs.folders import ancestors
from shared.docs.link_targets import resolve_link
from shared.docs.links import is_external, split_target
from shared.docs.model import Document, Link, Section
from shared.docs.problems import NOT_SHOWN
from shared.docs.rst.directive_kinds import is_target
from shared.engine.distance import SectionKey

_LABEL = re.compile(
    r"^\s*(?:\.\. _(?P<rst>`[^`]+`|[^:`]+):\s*$|\((?P<myst>[^()]+)\)=\s*$"
    r"|\[[\[#](?P<adoc>[^\[\],.%]+)[^\[\]]*\]\]?\s*$)"
    r"|<(?:a|b|dfn|div|em|i|li|p|span|strong|sup|t[dr])\b[^<>]*?\s(?:id|name)\s*=\s*[\"'](?P<html>[^\"'<>]+)[\"']|\{(?::\s*)?#(?P<listed>[\w:.-]+)[^{}]*\}"
    r"|\]\(@id\s+(?P<documenter>[^()]+)\)"
)
_OBJECT = re.compile(
    r"^\s*(?:[-*+]\s+)?(?:\.\.\s+|[`:~]{3,}\{)(?:[a-z]+:)?(?P<kind>auto[a-z]+|(?:current)?module|(?:async)?function|class"
    r"|method|(?:class|static)method|decorator|attribute|property|data|exception|confval|option|directive|role)"
    r"(?:::|\})\s*(?P<name>[~!\w.:-]{1,300})"
)
_ADDED = re.compile(r"^\s*\.\. (?P<type>[a-z][\w-]*)::\s+(?P<name>\S+)\s*$")
_DESCRIBED = re.compile(r"^:::\s+(?P<name>[A-Za-z_][\w.]{0,300})\s*$")
_ORDER = re.compile(r"^\d+[-_.](?=.)")
_NAME = re.compile(r"(?!.*\.(?:md|html?|py|txt)$)[A-Za-z_][\w.:-]*")
_GLOSSARY = re.compile(r"^\s*(?:\.\. |[`:~]{3,}\{)glossary(?:::|\})")
_SUFFIX = re.compile(r"\.(?:mdx?|markdown|html?|rst|adoc|qmd)$")
_FEWEST_MOUNTED, _MOST_MOUNTED, _MOST_FOLDERS, _MOST_OWNERS = 5, 0.7, 50, 6
_BEFORE_HEADING = re.compile(r"^\s*(?:\.\. _[^:]+:|\([^()]+\)=|([!-/:-@\[-`{-~])\1{2,})?\s*$")


@dataclass(frozen=True)
class Place:
    """A file of the source, and what is meant of it: a section with its line, where the file is a document."""

    path: str
    fragment: str = ""
    key: SectionKey | None = None
    heading: str = ""
    line: int = 0


class Crossings:
    """The places of documents (by id) by name and by address; `files` are all that the sources at `urls` have, and
    `site` is where their documentation is published.
    """

    def __init__(
        self, documents: Mapping[str, Document], files: Collection[str], urls: Iterable[str] = (), site: str = ""
    ) -> None:
        addresses = [url.removesuffix(".git") for url in urls if url]
        hosts = "|".join(map(re.escape, addresses))
        projects = "|".join(re.escape(url.rpartition("/")[2].lower()) for url in addresses)
        self._root = re.compile(rf"/docs/(?:{projects})(?=/)")  # of one project on a site of several
        self._own = re.compile(rf"(?:{hosts})/(?:-/)?(?:blob|tree|raw|src)/[^/#]+(?=/)") if hosts else None
        self._documents, self._files, self._site = documents, files, f"{site}/" if site else ""
        self._ids = {document.path: document_id for document_id, document in documents.items()}
        pages = [*documents.values()][::-1]
        self._stated = {at: one.path for one in pages for at in _list_addresses(one, "permalink|url|slug")}
        moved = {at: one.path for one in pages for at in _list_addresses(one, "redirect_from|aliases|id")}
        self._pages = [*(moved | self._stated).items(), *((_slug(one.path), one.path) for one in pages)]
        self._mounted = dict(_find_mounted(pages, self._pages))
        self._anchors: dict[str, dict[str, Section]] = {}
        self._named: dict[str, str] = {}
        self._missing: set[str] = set()
        labelled: dict[str, str] = {}
        for document_id, document in documents.items():
            listed = list(_list_names(document))
            self._missing |= {name for name, section, _ in listed if section is None}
            own = {name: section for name, section, _ in reversed(listed) if section is not None}
            labels = dict(_list_labels(document))
            given = {name for name, _, is_label in listed if is_label}
            for named, names in ((self._named, own | labels), (labelled, given)):
                # A name that two pages give leads to neither of them.
                named.update((name, document_id if name not in named else "") for name in names)
            # A heading that has an anchor of its own is linked by its words too.
            by_words = {fold(slug(one.heading)): one for one in reversed(document.sections)}
            self._anchors[document_id] = by_words | labels | {fold(one.anchor): one for one in document.sections} | own
            spelled = document.format in ("markdown", "mdx")  # an id that some tag has later is not the heading's
            self._anchors[document_id] |= {
                at.anchor: at for at in document.sections if spelled or at.anchor != slug(at.heading)
            }
        self._packages = {name.partition(".")[0] for name in self._named if "." in name}
        self._named |= labelled  # the option `--colors` of one page is not the label `colors` of another

    def find(self, link: Link, origin: str) -> Place | None:
        """The place that a link of the document `origin` names; None for one outside the source or unknown."""
        if link.target.startswith(REFERENCE):
            return self._find_name(link.target.removeprefix(REFERENCE), origin)
        at_host = self._own.match(link.target) if self._own else None
        if at_host:
            return self._place(*resolve_link(link.target[at_host.end() :], "", self._files))
        if self._site and link.target.startswith(self._site):
            path = self._find_page(link.target.removeprefix(self._site[:-1]))
            place = self._place(path, split_target(link.target)[1])
            return place if place and place.key else None
        if is_external(link.target) or link.target == "#":
            return None
        path, fragment = self._find_below_settings(link.target, origin), link.fragment
        path = path or (link.path if link.path in self._files else None)
        path = path or (self._stated.get(_slug(link.path or "")) if link.target.startswith("/") else None)
        for target in (link.target, f"/{link.target}"):  # Hugo counts from the page, then from the root of the pages
            path = path or resolve_link(target, origin, self._files)[0]
        path = path or self._find_page(link.target, origin)
        name = link.target if path is None and _NAME.fullmatch(link.target) else ""  # of a label or an object, in MyST
        if path == origin and fold(fragment) not in self._anchors.get(self._ids.get(path, ""), {}):
            name = fragment
        place = (self._find_name(with_case(name), origin) if name else None) or self._place(path, fragment)
        return None if place and place.path == origin and fragment and not place.key else place

    def _find_below_settings(self, target: str, origin: str) -> str | None:
        """The page or file of a target that begins with a slash, where a conf.py says where Sphinx counts from."""
        above = (f"{folder}/conf.py".lstrip("/") for folder in ancestors(origin))
        settings = next((one for one in above if one in self._files), "")
        return resolve_link(target[1:], settings, self._files)[0] if settings and target.startswith("/") else None

    def _find_page(self, target: str, origin: str = "") -> str | None:
        """The one page whose path ends as the target does, an address and no file; numbers that order pages aside. Of
        several the one in the folder of the `origin` is meant.
        """
        named, _ = split_target(target)
        name = "" if _SUFFIX.search(named) and not named.endswith(".html") else self._root.sub("", _slug(named))
        found = list({path: 0 for slug, path in self._pages if slug.endswith(name)}) if name else []
        nearest = min((path.count("/") for path in found), default=0) if named.startswith("/") else None
        found = [path for path in found if nearest in (None, path.count("/"))]
        beside = [path for path in found if dirname(path) == dirname(origin)]
        stated = self._stated.get(name) or self._mounted.get(name) if named.startswith("/") else None
        return stated or next((own[0] for own in (found, beside) if len(own) == 1), None)

    def _find_name(self, name: str, origin: str) -> Place | None:
        """The page's own label first; a member that has none is told where its owner is described or labelled: a
        heading of the owner's name may be about another thing.
        """
        own, folded = self._ids.get(origin, ""), fold(name)
        if any(one in self._missing and one not in self._named for one in (name, folded)):
            return None
        of_class = _class_in(name) if name.partition(".")[0] in self._packages else ""
        # A class is told where its module is; all that a package holds is not told where the package is.
        steps = range(1, min(_MOST_OWNERS, max(2, name.count("."))))
        owners = (one.rsplit(".", up)[0] for up in steps for one in (name, folded) if "." in one)
        for known in filter(None, (name, of_class, folded, *owners)):
            is_own = known in self._anchors.get(own, {}) and (known in (name, of_class, folded) or known in self._named)
            document_id = own if is_own else self._named.get(known, "")
            if document_id:
                return self._place(self._documents[document_id].path, known)
        return None

    def _place(self, path: str | None, fragment: str) -> Place | None:
        if path is None:
            return None
        document = self._documents.get(document_id := self._ids.get(path, ""))
        section = document.sections[0] if document and document.sections else None
        if document and section and fragment:
            anchors = self._anchors[document_id]
            section = anchors.get(fragment) or anchors.get(fold(fragment)) or _find_near(document, fragment)
        if section is None:
            return Place(path, fragment)
        return Place(path, fragment and section.anchor, (document_id, section.id), section.heading, section.start_line)


def _find_near(document: Document, fragment: str) -> Section | None:
    """The section whose anchor is the fragment but for signs, that defines it, or whose anchor alone begins with it."""
    sought = _letters(fragment)
    begun = [one for one in document.sections if "-" in fragment and _letters(one.anchor).startswith(sought)]
    same = (one for one in document.sections if sought in (_letters(one.anchor), *_list_terms(one)))
    return next(same, begun[0] if len(begun) == 1 else None) if sought else None


def _class_in(name: str) -> str:
    """The class that a dotted name ends in, behind nothing but modules; "" if it does not, or it is a constant."""
    modules, _, last = name.rpartition(".")
    return last if modules and modules == modules.lower() and last[:1].isupper() and not last.isupper() else ""


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name.lower())


def _list_terms(section: Section) -> Iterator[str]:
    return (_letters(block.term) for block in section.blocks if block.term)


def _slug(path: str) -> str:
    """A path from the root of its site as an address has it: in lower case, without steps, numbers of order, the page's
    suffix and the name of an index. Jekyll publishes `_docs/a_page.md` as `docs/a-page`.
    """
    named = (_ORDER.sub("", part) for part in path.lower().split("/") if part.strip("."))
    parts = (f"/{part.lstrip('_').replace('_', '-')}" for part in named)
    return re.sub(r"/(?:index|readme)$", "", _SUFFIX.sub("", "".join(parts)))


def _list_addresses(document: Document, keys: str) -> Iterator[str]:
    """The addresses that the front matter gives a page under some keys. One without a slash counts from its folder."""
    head = re.match(r"(---|\+\+\+)\n.*?\n\1", "\n".join(document.raw_lines[:99]), re.DOTALL)
    found = re.findall(rf"(?m)^(?:{keys})[ \t]*[:=](.*(?:\n[ \t]*-[ \t].*)*)", head[0] if head else "")
    listed = (one for said in found for one in re.split(r"\n[ \t]*-|,", re.sub(r"(?m)\s#.*$", "", said)))
    named = (one.strip(" \t[]\"'\n") for one in listed)
    stated = (one for one in named if one and "://" not in one and " " not in one)
    yield from filter(None, (_slug(join(dirname(document.path), one)) for one in stated))


def _find_mounted(documents: Sequence[Document], pages: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """(address, path): what the site has at `/docs/a` in the folder `src/pages`, where nearly all addresses below
    `/docs` are those of pages of one folder.
    """
    paths = dict(pages)
    folders: dict[str, list[str]] = {}
    for slug_of_page in paths:
        for at in (at for at, sign in enumerate(slug_of_page) if sign == "/"):
            folders.setdefault(slug_of_page[at:], []).append(slug_of_page[:at])
    targets = (link.target for document in documents for link in document.links if link.target.startswith("/"))
    below: dict[str, Counter[str]] = {}
    for target, count in Counter(split_target(target)[0] for target in targets).items():
        first, _, rest = _slug(target).removeprefix("/").partition("/")
        below.setdefault(f"/{first}", Counter()).update({f"/{rest}": count} if rest else {})
    mounted = set[str]()
    for first, rests in sorted(below.items(), key=lambda one: (-one[1].total(), one[0])):
        found = Counter[str]()
        for rest, count in rests.items():
            found.update(dict.fromkeys(folders.get(rest, ())[:_MOST_FOLDERS], count))
        folder, count = max(found.items(), key=lambda one: (one[1], one[0]), default=("", 0))
        if folder not in mounted and count >= max(_FEWEST_MOUNTED, _MOST_MOUNTED * rests.total()):
            mounted.add(folder)
            yield from ((first + rest, paths[folder + rest]) for rest in rests if folder + rest in paths)


def _list_labels(document: Document) -> Iterator[tuple[str, Section]]:
    """The labels that Sphinx makes of a page's path and its headings, `guide/start:First steps`, from each folder."""
    parts = document.path.rpartition(".")[0].split("/")
    for section in reversed(document.sections):
        for at in range(len(parts)):
            yield fold(f"{'/'.join(parts[at:])}:{section.heading}"), section


def _list_names(document: Document) -> Iterator[tuple[str, Section | None, bool]]:
    """The names that a document gives its places, folded and those of code with their case as well, with the section
    each leads to, in its order, and whether it is a label; None for one that the section only says it does not show.
    """
    if not document.sections:
        return
    if any(map(_GLOSSARY.match, document.raw_lines)):
        terms = [(block.term, one) for one in document.sections for block in one.blocks]
        terms += [(at.heading, at) for at in document.sections if document.raw_lines[at.start_line - 1][:1].isspace()]
        parts = [(part, one) for term, one in terms for part in term.split(", ")]
        yield from ((fold(f"term-{term}"), one, False) for term, one in (*terms, *parts) if term)
    missing = " ".join(one.text for one in document.sentences if one.text.endswith(NOT_SHOWN))
    module, at = "", 0
    for number, line in enumerate(document.raw_lines, 1):
        while at + 1 < len(document.sections) and document.sections[at + 1].start_line <= number:
            at += 1
        labels = (found for match in _LABEL.finditer(line) for found in match.groups() if found)
        if label := next(labels, "") or _added(line):
            yield fold(label), document.sections[_after(document, number, at)], True
        if found := _DESCRIBED.match(line) or _OBJECT.match(line):
            name = found["name"].lstrip("~!")
            made = [one for one in document.sections[: at + 1] if one.start_line == number]  # headed by their names
            around = document.sections[at - len(made)]
            if "kind" in found.re.groupindex and found["kind"] in ("module", "currentmodule", "automodule"):
                module = name
            if found.groupdict().get("kind") == "currentmodule":
                continue  # it is described on another page
            shown = next((one for one in made[:1] if name.endswith(one.heading)), around)
            home = None if f"`{name}`" in missing else shown
            told = [(name, home), *((f"{module}.{one.heading}", one) for one in made)]
            told += ((f"{name.removesuffix('.' + one.heading.partition('.')[0])}.{one.heading}", one) for one in made)
            told += ((one.heading, one) for one in made if "." in one.heading or one.heading[:1].isupper())
            told += [(f"{module}.{name}", home)] if module and module != name else []
            yield from ((form(called), place, False) for called, place in told for form in (with_case, fold))
            if last := _class_in(name):
                yield with_case(last), home, False  # whichever module of the project it is named with


def _added(line: str) -> str:
    """The target that a directive of a project's own is for the role of its name; "" for another line."""
    found = _ADDED.match(line)
    return "-".join(found.groups()) if found and is_target(*found.groups()) else ""


def _after(document: Document, number: int, at: int) -> int:
    """The section that a label stands for: the next one when only its heading follows, else the one around it."""
    if at + 1 == len(document.sections):
        return at
    following = document.sections[at + 1].start_line
    between = document.raw_lines[number : following - 1]
    return at + 1 if len(between) < 8 and all(_BEFORE_HEADING.match(one) or _added(one) for one in between) else at
