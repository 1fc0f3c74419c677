"""Trees of documents that run in parallel: translations of one text, and its older versions. Pure, from paths alone."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

_LANGUAGES = frozenset({
    "af", "am", "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "el", "eo", "es", "et", "eu",
    "fa", "fi", "fil", "fr", "ga", "gl", "gu", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk",
    "km", "kn", "ko", "ky", "lo", "lt", "lv", "mk", "ml", "mn", "mr", "ms", "my", "nb", "ne", "nl", "nn", "no",
    "pa", "pl", "ps", "pt", "ro", "ru", "si", "sk", "sl", "so", "sq", "sr", "sv", "sw", "ta", "te", "tg", "th",
    "tk", "tl", "tr", "uk", "ur", "uz", "vi", "yo", "zh", "zu", "cn", "tw", "jp", "kr", "em"
})  # fmt: skip
# Words of two letters that file names also use for other things: what-is-it.md, install_cs.md.
_AMBIGUOUS = frozenset({
    "am", "be", "cs", "el", "em", "et", "he", "id", "is", "it", "lo", "ml", "my", "no", "pa", "ps", "si", "so",
    "te", "tr"
})  # fmt: skip
_ENGLISH = frozenset({"en", "en-us", "en-gb", "english"})
_CODE = re.compile(r"^(?P<language>[a-z]{2,3})(?:-(?:[a-z]{2}|\d{3}|hans|hant|latn|cyrl)(?:-[a-z]{2})?)?$")
_SUFFIXED = re.compile(
    r"^(?P<stem>.+?)(?P<mark>[._-])(?P<code>[a-z]{2,3}(?:[-_](?:[a-z]{2}|hans|hant|\d{3}))?)\.(?P<ending>\w+)$",
    re.IGNORECASE,
)
# README.中文.md, README_Chinese.md: a language by its own name, or by its English one.
_NAMED = re.compile(r"^(?P<stem>.+?)[._-](?P<language>[^\W\d_]+)\.(?P<ending>\w+)$")
_LANGUAGE_NAMES = frozenset({
    "arabic", "chinese", "czech", "dutch", "french", "german", "greek", "hebrew", "hindi", "hungarian", "indonesian",
    "italian", "japanese", "korean", "persian", "polish", "portuguese", "russian", "spanish", "swedish", "thai",
    "turkish", "ukrainian", "vietnamese"
})  # fmt: skip
_TRANSLATIONS = frozenset({
    "i18n", "l10n", "translations", "translation", "locales", "locale", "lang", "langs", "languages"
})  # fmt: skip
_VERSION = re.compile(r"^(?:version-|v)\d+(?:\.(?:\d+|x))*$|^\d+(?:\.(?:\d+|x))+$")
_CURRENT = frozenset({
    "latest", "current", "stable", "main", "master", "next", "dev", "edge"
})  # fmt: skip
_VERSIONED_DOCS = "versioned_docs"
_MOST = 0.5
_MANY = 0.3
_LEAST_PAIRS = 2

Tree = dict[str, str]  # path inside the tree → path
Trees = Mapping[str, Mapping[str, Tree]]  # folder above → name of the tree's folder → tree


def find_translations(documents: Sequence[str]) -> dict[str, str]:
    """Translated documents and why: "translation of docs/index.md". English stays, else the largest tree."""
    documents, known = sorted(documents), frozenset(documents)
    found = {path: original for path in documents if (original := _original_beside(path, known))}
    trees = _trees(documents, _language)
    marked = {code for path in found if (code := _marked_language(path))}
    for above, siblings in sorted(trees.items()):
        unmarked = _unmarked(above, documents)
        for code in sorted(siblings.keys() - _ENGLISH):
            translated = _translated(above, code, siblings, unmarked, known)
            # A language some file is translated to names what its folder holds, whatever the files in it are called.
            found |= translated or (dict.fromkeys(siblings[code].values(), "") if code in marked else {})
    return {path: f"translation of {original}" if original else "translation" for path, original in found.items()}


def find_older_versions(documents: Sequence[str]) -> dict[str, str]:
    """Documents of older versions and why: "older version of docs/index.md". The newest tree stays."""
    documents = sorted(documents)
    trees = _trees(documents, lambda part: part if _VERSION.match(part) else None)
    found: dict[str, str] = {}
    for above, versions in sorted(trees.items()):
        name, current = _current(above, versions, documents)
        for version, tree in sorted(versions.items()):
            pairs = [inside for inside in tree if inside in current]
            if version != name and (len(pairs) >= _MANY * min(len(tree), len(current)) or _is_versioned(above)):
                found |= {
                    path: f"older version of {current[inside]}" if inside in current else "older version"
                    for inside, path in tree.items()
                }
    return found


def _trees(documents: Iterable[str], name_of: Callable[[str], str | None]) -> Trees:
    """The trees opened by the first folder of each path that `name_of` has a name for."""
    trees: defaultdict[str, defaultdict[str, Tree]] = defaultdict(lambda: defaultdict(dict))
    for path in documents:
        parts = path.split("/")
        for at, part in enumerate(parts[:-1]):
            if (name := name_of(part)) is not None:
                trees["/".join(parts[:at])][name]["/".join(parts[at + 1 :])] = path
                break
    return trees


def _language(part: str) -> str | None:
    """The language code a folder is named by, in lower case with hyphens."""
    code = part.lower().replace("_", "-")
    match = _CODE.match(code)
    return code if code in _ENGLISH or (match and match["language"] in _LANGUAGES | {"en"}) else None


def _original_beside(path: str, known: AbstractSet[str]) -> str | None:
    """`README.ja.md`, `guide_zh-CN.md`: a language code before the ending, beside the file without it."""
    folder, slash, name = path.rpartition("/")
    named = _NAMED.match(name)
    if named and (not named["language"].isascii() or named["language"].lower() in _LANGUAGE_NAMES):
        original = f"{folder}{slash}{named['stem']}.{named['ending']}"
        return original if original in known else None
    match = _SUFFIXED.match(name)
    code = _language(match["code"]) if match else None
    if match is None or code is None or code in _ENGLISH:
        return None
    if match["mark"] != "." and code in _AMBIGUOUS and match["stem"].lower() != "readme":
        return None
    for stem in (match["stem"], *(f"{match['stem']}{mark}en" for mark in "._-")):
        if (original := f"{folder}{slash}{stem}.{match['ending']}") in known:
            return original
    # doc/README-ja.md, docs/README.fr.md: of the one everybody sees first.
    at_root = f"{match['stem']}.{match['ending']}"
    return at_root if match["stem"].lower() == "readme" and folder.count("/") == 0 and at_root in known else None


def _marked_language(path: str) -> str | None:
    match = _SUFFIXED.match(path.rpartition("/")[2])
    return _language(match["code"]) if match else None


def _translated(
    above: str, code: str, trees: Mapping[str, Tree], unmarked: Tree, known: AbstractSet[str]
) -> dict[str, str]:
    """The paths of one language's tree with their originals ("" when unknown); nothing when it is no translation.

    `trees` are those of the folder `above`, `unmarked` its documents outside of all of them.
    """
    tree = trees[code]
    siblings = {name: other for name, other in trees.items() if name != code}
    languages = {name: other for name, other in siblings.items() if name not in _ENGLISH}
    bases = [other for name, other in siblings.items() if name in _ENGLISH] + [unmarked]
    originals = {path: _original(inside, bases, known) for inside, path in tree.items()}
    pairs = sum(1 for original in originals.values() if original)
    if pairs >= _MOST * len(tree) and (pairs >= _LEAST_PAIRS or languages or "-" in code):
        return originals
    if any(name in _ENGLISH for name in siblings) and (pairs or _is_for_translations(above)):
        return originals
    if not languages or not (_is_for_translations(above) or _overlap(tree, languages)):
        return {}
    largest = min([code, *languages], key=lambda name: (-len(trees[name]), name))
    if largest == code and not pairs:
        return {}
    source = {} if pairs else trees[largest]
    return {path: originals[path] or source.get(inside, "") for inside, path in tree.items()}


def _is_for_translations(above: str) -> bool:
    return bool(_TRANSLATIONS & set(above.lower().split("/")))


def _overlap(tree: Tree, others: Mapping[str, Tree]) -> bool:
    return any(len(tree.keys() & other.keys()) >= _MOST * min(len(tree), len(other)) for other in others.values())


def _unmarked(above: str, documents: Sequence[str]) -> Tree:
    """The documents right below a folder, outside its language folders: docs/guide.md beside docs/de/guide.md."""
    below = _below(f"{above}/" if above else "", documents)
    return {inside: path for inside, path in below.items() if _language(inside.split("/")[0]) is None}


def _original(inside: str, bases: Sequence[Tree], known: AbstractSet[str]) -> str:
    """The document a translation at this place of its tree stands for; Docusaurus puts folders of its own between."""
    for base in bases:
        if inside in base:
            return base[inside]
    parts = inside.split("/")
    shorter = ("/".join(parts[skipped:]) for skipped in range(1, min(3, len(parts))))
    return next((f"docs/{rest}" for rest in (inside, *shorter) if f"docs/{rest}" in known), "")


def _is_versioned(above: str) -> bool:
    return above.rsplit("/", maxsplit=1)[-1] == _VERSIONED_DOCS


def _current(above: str, versions: Mapping[str, Tree], documents: Sequence[str]) -> tuple[str, Tree]:
    """The tree that counts now, and its name among the versions ("" when it is not one of them)."""
    if _is_versioned(above):
        place = f"{above.removesuffix(_VERSIONED_DOCS)}docs/"
        if unversioned := _below(place, documents):
            return "", unversioned
    start = f"{above}/" if above else ""
    for name in sorted(_CURRENT):
        if tree := _below(f"{start}{name}/", documents):
            return "", tree
    beside = {i: p for i, p in _below(start, documents).items() if not _VERSION.match(i.split("/")[0])}
    if any(len(tree.keys() & beside.keys()) >= max(_LEAST_PAIRS, _MOST * len(tree)) for tree in versions.values()):
        return "", beside
    newest = max(versions, key=_number)
    return newest, versions[newest]


def _below(start: str, documents: Sequence[str]) -> Tree:
    """The documents whose paths begin so, which stand side by side in the sorted `documents`."""
    first, after = bisect_left(documents, start), len(documents)
    if start:
        after = bisect_left(documents, start[:-1] + chr(ord("/") + 1))
    return {path.removeprefix(start): path for path in documents[first:after]}


def _number(version: str) -> tuple[tuple[int, ...], str]:
    return tuple(int(number) for number in re.findall(r"\d+", version)), version
