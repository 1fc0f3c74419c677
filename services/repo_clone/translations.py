"""Translations of documents: a tree for each language, or a language in a file's name. Pure, from paths alone."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from services.repo_clone.parallel import LEAST_PAIRS, MOST, Tree, documents_below, find_trees

_LANGUAGES = frozenset({
    "af", "am", "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "el", "eo", "es", "et", "eu",
    "fa", "fi", "fil", "fr", "ga", "gl", "gu", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk",
    "km", "kn", "ko", "ky", "lo", "lt", "lv", "mk", "ml", "mn", "mr", "ms", "my", "nb", "ne", "nl", "nn", "no",
    "pa", "pl", "ps", "pt", "ro", "ru", "si", "sk", "sl", "so", "sq", "sr", "sv", "sw", "ta", "te", "tg", "th",
    "tk", "tl", "tr", "uk", "ur", "uz", "vi", "yo", "zh", "zu", "cn", "tw", "jp", "kr", "em"
})  # fmt: skip
# Words of two letters that file names also use for other things: what-is-it.md, install_cs.md, sort_ro.md (read-only).
_AMBIGUOUS = frozenset({
    "am", "be", "cs", "el", "em", "et", "he", "id", "is", "it", "lo", "ml", "my", "no", "pa", "ps", "ro", "si",
    "so", "te", "tr"
})  # fmt: skip
_ENGLISH = frozenset({"en", "en-us", "en-gb", "english"})
_CODE = re.compile(r"^(?P<language>[a-z]{2,3})(?:-(?:[a-z]{2}|\d{3}|hans|hant|latn|cyrl)(?:-[a-z]{2})?)?$")
_SUFFIXED = re.compile(
    r"^(?P<stem>.+?)(?P<mark>[._-])(?P<code>[a-z]{2,3}(?:[-_](?:[a-z]{2}|hans|hant|\d{3}))?)\.(?P<ending>\w+)$",
    re.IGNORECASE,
)
# README.中文.md, README_Chinese.md: a language by its own name, or by its English one.
_NAMED = re.compile(r"^(?P<stem>.+?)[._-](?P<language>[^\W\d_]+)\.(?P<ending>\w+)$")
_MARKED = re.compile(r"(?P<stem>.*[^./])\.(?P<word>[^\W\d_]+(?:-[^\W\d_]+)*)\.(?P<ending>\w+)$")
_LEAST_TRANSLATIONS, _LEAST_MARKED = 2, 3
_LANGUAGE_NAMES = frozenset({
    "arabic", "bengali", "bulgarian", "catalan", "chinese", "croatian", "czech", "danish", "dutch", "finnish",
    "french", "german", "greek", "hebrew", "hindi", "hungarian", "indonesian", "italian", "japanese", "korean",
    "malay", "norwegian", "persian", "polish", "portuguese", "romanian", "russian", "serbian", "slovak", "spanish",
    "swedish", "tamil", "telugu", "thai", "turkish", "ukrainian", "urdu", "uzbek", "vietnamese"
})  # fmt: skip
_OWN_NAMES = frozenset({
    "deutsch", "español", "français", "italiano", "português", "português-do-brasil", "polski", "русский",
    "українська", "العربية", "中文", "简体中文", "正體中文", "繁體中文", "日本語", "한국어"
})  # fmt: skip
_LEAST_OWN_NAMES = 2
_LEAST_LANGUAGES = 3
"""From so many languages on, each folder of a folder for translations is one, whatever it is called."""
# For names with letters swapped: Persain.
_LETTERS = {(name[0], *sorted(name)): name for name in _LANGUAGE_NAMES | _OWN_NAMES}
_OWN_SUFFIX = re.compile(r"[._-][a-z]{2}(?=\.\w+$)")
_INDEX = re.compile(r"^(?:_?index|readme|home)\b")
_SURE_PAIRS, _SURE_SHARE = 5, 0.2
_TRANSLATIONS = frozenset({
    "i18n", "l10n", "translations", "translation", "locales", "locale", "lang", "langs", "languages"
})  # fmt: skip


def find_translations(documents: Sequence[str]) -> dict[str, str]:
    """Translated documents and why: "translation of docs/index.md". English stays, else the largest tree."""
    documents, known = sorted(documents), frozenset(documents)
    found = dict(_named_by_languages(documents))
    found |= {path: original for path in documents if (original := _original_beside(path, known))}
    found |= _marked_as_others(documents, found, known)
    trees = find_trees(documents, _language_of_folder)
    marked = {code for path in found if (code := _marked_language(path))}
    for above, siblings in sorted(trees.items()):
        unmarked = _unmarked(above, documents)
        for code in sorted(siblings.keys() - _ENGLISH):
            translated = _translated(above, code, siblings, unmarked, known)
            # A language some file is translated to names what its folder holds, whatever the files in it are called.
            found |= translated or (dict.fromkeys(siblings[code].values(), "") if code in marked else {})
        if _is_for_translations(above.rpartition("/")[2]) and len(siblings.keys() - _ENGLISH) >= _LEAST_LANGUAGES:
            found |= {path: found.get(path, "") for path in _in_folders_below(above, documents, unmarked)}
    return {path: f"translation of {original}" if original else "translation" for path, original in found.items()}


def _marked_as_others(documents: Sequence[str], found: Mapping[str, str], known: AbstractSet[str]) -> dict[str, str]:
    """`README.klingon.md` beside README.md and several translations of it, where other documents have it as well."""
    translations = Counter(found.values())
    marked: dict[str, tuple[str, str]] = {}
    for path in documents:
        mark = _MARKED.match(path)
        original = f"{mark['stem']}.{mark['ending']}" if mark else ""
        if mark and original in known and path not in found:
            marked[path] = mark["word"].lower(), original
    beside = Counter(word for word, original in marked.values() if translations[original] >= _LEAST_TRANSLATIONS)
    words = {word for word, times in beside.items() if times >= _LEAST_MARKED}
    return {path: original for path, (word, original) in marked.items() if word in words}


def _in_folders_below(above: str, documents: Sequence[str], unmarked: Tree) -> list[str]:
    """Documents in folders below one for translations; of those in English the copies of what stands outside."""
    parts = {path: inside.partition("/") for inside, path in documents_below(f"{above}/", documents).items()}
    return [path for path, (at, _, rest) in parts.items() if rest in unmarked or (rest and at.lower() not in _ENGLISH)]


def _language(part: str) -> str | None:
    """The language code a folder is named by, in lower case with hyphens."""
    code = part.lower().replace("_", "-")
    match = _CODE.match(code)
    return code if code in _ENGLISH or (match and match["language"] in _LANGUAGES | {"en"}) else None


def _language_of_folder(part: str) -> str | None:
    """The language a folder is named by: its code, or its name in lower case."""
    name = part.lower()
    return _language(part) or _LETTERS.get((name[:1], *sorted(name)))


def _named_by_languages(documents: Sequence[str]) -> Iterator[tuple[str, str]]:
    """`guides/deutsch.md`, `guides/日本語.md`, `translations/fr.md`: documents, each named by its language."""
    folders: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for path in documents:
        folder, _, name = path.rpartition("/")
        folders[folder][name.rpartition(".")[0].lower()] = path
    for folder, stems in folders.items():
        if _is_for_translations(folder.rpartition("/")[2]) and len([*filter(_language, stems)]) >= _LEAST_LANGUAGES:
            yield from ((path, "") for stem, path in stems.items() if stem not in _ENGLISH)
        if len(_OWN_NAMES & stems.keys()) >= _LEAST_OWN_NAMES:
            original = next((path for stem, path in stems.items() if _INDEX.match(stem)), "")
            yield from ((stems[stem], original) for stem in sorted(stems.keys() & (_OWN_NAMES | _LANGUAGE_NAMES)))


def _original_beside(path: str, known: AbstractSet[str]) -> str | None:
    """`README.ja.md`, `guide_zh-CN.md`: a language before the ending, beside the file without it or in a folder for
    translations below it.
    """
    folder, slash, name = path.rpartition("/")
    named = _NAMED.match(name)
    if named and (not named["language"].isascii() or named["language"].lower() in _LANGUAGE_NAMES):
        original = f"{folder}{slash}{named['stem']}.{named['ending']}"
        return original if original in known else None
    if _is_for_translations(folder.rpartition("/")[2]) and (above := _original_above(path, known)):
        return above
    match = _SUFFIXED.match(name)
    code = _language(match["code"]) if match else None
    if match is None or code is None or code in _ENGLISH:
        return None
    if match["mark"] != "." and code in _AMBIGUOUS and match["stem"].lower() != "readme":
        return None
    for stem in (match["stem"], *(f"{match['stem']}{mark}en" for mark in "._-")):
        if (original := f"{folder}{slash}{stem}.{match['ending']}") in known:
            return original
    # doc/README-ja.md, packages/site/README.fr.md: of the one everybody sees first.
    at_root = f"{match['stem']}.{match['ending']}"
    return at_root if match["stem"].lower() == "readme" and at_root in known else None


def _original_above(path: str, known: AbstractSet[str]) -> str | None:
    """`translations/README-zh-simple.md`: the document above the folder whose name this one goes on from."""
    folder, _, name = path.rpartition("/")
    above = folder[: folder.rfind("/") + 1]
    stem, _, ending = name.rpartition(".")
    starts = (stem[: mark.start()] for mark in re.finditer(r"[._-]", stem))
    return next((found for start in starts if (found := f"{above}{start}.{ending}") in known), None)


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
    names = _by_name(bases) if code not in _AMBIGUOUS else {}
    originals = {path: _original(inside, bases, known) or _namesake(path, names) for inside, path in tree.items()}
    pairs = sum(1 for original in originals.values() if original)
    if pairs >= MOST * len(tree) and (pairs >= LEAST_PAIRS or languages or "-" in code):
        return originals
    if pairs >= max(_SURE_PAIRS, _SURE_SHARE * len(tree)) and code not in _AMBIGUOUS:
        return originals
    english = sum(len(other) for name, other in siblings.items() if name in _ENGLISH)
    if english >= _SURE_SHARE * len(tree) and (pairs or _is_for_translations(above)):
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
    return any(len(tree.keys() & other.keys()) >= MOST * min(len(tree), len(other)) for other in others.values())


def _unmarked(above: str, documents: Sequence[str]) -> Tree:
    """The documents below a folder, outside its language folders: docs/guide.md beside docs/de/guide.md.

    A folder for translations stands below the documents it translates.
    """
    folder, _, last = above.rpartition("/")
    only_in = last if _is_for_translations(last) else ""
    above = folder if only_in else above
    below = documents_below(f"{above}/" if above else "", documents)
    first_parts = ((inside, path, inside.split("/")[0]) for inside, path in below.items())
    return {i: path for i, path, part in first_parts if part != only_in and _language_of_folder(part) is None}


def _original(inside: str, bases: Sequence[Tree], known: AbstractSet[str]) -> str:
    """The document a translation at this place of its tree stands for; Docusaurus puts folders of its own between."""
    for base in bases:
        if inside in base:
            return base[inside]
    parts = inside.split("/")
    shorter = ("/".join(parts[skipped:]) for skipped in range(1, min(3, len(parts))))
    return next((f"docs/{rest}" for rest in (inside, *shorter) if f"docs/{rest}" in known), "")


def _by_name(bases: Sequence[Tree]) -> dict[str, str]:
    """File name in lower case → the outermost document of that name, those that stand for their folders left out."""
    paths = sorted((path for base in bases for path in base.values()), key=lambda path: (-path.count("/"), path))
    named = {path.rpartition("/")[2].lower(): path for path in paths}
    return {name: path for name, path in named.items() if not _INDEX.match(name)}


def _namesake(path: str, names: Mapping[str, str]) -> str:
    """The document with the name of this one, in whatever folder, a language's two letters aside."""
    name = path.rpartition("/")[2].lower()
    return names.get(name) or names.get(_OWN_SUFFIX.sub("", name), "")
