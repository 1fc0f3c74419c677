"""Under which licence the documentation may be passed on: by licence files, the manifest, or the README. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from pathlib import PurePosixPath
from typing import Any

from shared.docs.untrusted import load_json, load_toml
from shared.events.base import LicenceFacts, Sharing
from shared.language.abroad import LICENCE

LARGEST_BYTES = 200_000
_MOST_FILES, _DEPTH = 12, 2
_NAME = re.compile(
    r"^(?:(?:mit|apache|bsd|gpl|lgpl)[-_])?(?:licen[cs]e|copying|unlicense)(?:[-_][\w-]+(?:\.\d+)*)?(?:\.(?:md|txt|rst|adoc))?$",
    re.IGNORECASE,
)
_OF_DOCS = re.compile(r"[-_](?:docs?|documentation|content|text|cc)|^CC-BY", re.IGNORECASE)
_BARE = re.compile(r"(?:.*/)?\w+(?:\.\w+)?")
_OF_A_LICENCE = re.compile(
    r"[-_](?:mit|apache|[al]?gpl|gfdl|bsd|mpl|epl|isc|cc|unlicense|zlib|boost|bsl|psf)", re.IGNORECASE
)
_ELSEWHERE = re.compile(r"/(?:licen[cs]e|copying)(?:[-.]\w+)*(?=[\s)>\"'\]`]|$)", re.IGNORECASE)
_SHARE = 0.8

# What only this licence says, in the words of its text; the more special licences come first.
_TEXTS: tuple[tuple[str, str], ...] = (
    ("CC-BY-NC-ND-4.0", r"attribution-noncommercial-noderivatives 4\.0"),
    ("CC-BY-NC-SA-4.0", r"attribution-noncommercial-sharealike 4\.0"),
    ("CC-BY-NC-4.0", r"attribution-noncommercial 4\.0"),
    ("CC-BY-ND-4.0", r"attribution-noderivatives 4\.0"),
    ("CC-BY-SA-4.0", r"attribution-sharealike 4\.0"),
    ("CC-BY-4.0", r"attribution 4\.0 international"),
    ("CC-BY-SA-3.0", r"attribution-sharealike 3\.0"),
    ("CC-BY-3.0", r"attribution 3\.0"),
    ("CC0-1.0", r"cc0 1\.0 universal"),
    ("AGPL-3.0", r"gnu affero general public license version 3"),
    ("LGPL-3.0", r"gnu lesser general public license version 3"),
    ("LGPL-2.1", r"gnu lesser general public license version 2\.1"),
    ("GFDL-1.3", r"gnu free documentation license version 1\.3"),
    ("GPL-3.0", r"gnu general public license version 3"),
    ("GPL-2.0", r"gnu general public license version 2"),
    ("Apache-2.0", r"apache license,? version 2\.0"),
    ("MPL-2.0", r"mozilla public license,? version 2\.0"),
    ("EPL-2.0", r"eclipse public license -? ?v ?2\.0"),
    ("EUPL-1.2", r"european union public licence v\. ?1\.2"),
    ("BSL-1.0", r"boost software license - version 1\.0"),
    ("PSF-2.0", r"python software foundation license version 2"),
    ("Unlicense", r"this is free and unencumbered software released into the public domain"),
    ("Zlib", r"altered source versions must be plainly marked as such"),
    ("MIT-0", r"permission is hereby granted, free of charge(?!.*above copyright notice and this permission notice)"),
    ("MIT", r"permission is hereby granted, free of charge.*above copyright notice and this permission notice"),
    ("ISC", r"permission to use, copy, modify, and(?:/or)? distribute this software for any purpose with"),
    ("BSD-3-Clause", r"redistribution and use in source and binary forms.*(?:neither the name|used to endorse)"),
    ("BSD-2-Clause", r"redistribution and use in source and binary forms"),
)  # fmt: skip
_COMPILED = tuple((spdx, re.compile(pattern, re.DOTALL)) for spdx, pattern in _TEXTS)
# A short file may name its licence instead of holding it.
_SHORT = 1_000  # characters
_UNDER = r"\b(?:licensed|released|distributed) under (?:the terms of )?(?:the )?(?:gnu )?{} licen[cs]e"
_NAMES = (
    ("AGPL-3.0", r"agpl[- ]?v?3(?:\.0)?"), ("LGPL-3.0", r"lgpl[- ]?v?3(?:\.0)?"), ("GPL-3.0", r"gpl[- ]?v?3(?:\.0)?"),
    ("MIT", "mit"), ("ISC", "isc"), ("BSD-3-Clause", r"bsd[- ]3[- ]clause"), ("Apache-2.0", r"apache[- ]2\.0"),
)  # fmt: skip
_NAMED = tuple((spdx, re.compile(_UNDER.format(name))) for spdx, name in _NAMES)
_WITH_LIMITS = re.compile(r"-NC-|^NOASSERTION$")
_RESERVED = re.compile(r"all rights reserved|proprietary|confidential")
_DECLARED = re.compile(r"[A-Za-z][\w.+-]{1,40}(?: (?:OR|AND) [A-Za-z][\w.+-]{1,40}){0,3}")
_KNOWN = frozenset(spdx for spdx, _ in _TEXTS)
_README = re.compile(r"readme(?:\.\w+)?", re.IGNORECASE)
# A heading, or a line that names one of Creative Commons: "Lizenz: CC BY 4.0", "The contents are released under …".
_ITS_SECTION = re.compile(
    rf"^(?:(?:(?:#+|=+) [^\n]*{LICENCE}(?:[^\w\n]*| *(?:[(&:,]|and\b)[^\n]*)|{LICENCE} *\n[-=~^]{{4,}})$"
    rf"|\W*{LICENCE}\b(?=[^\n]*\bcc[- ]by)"
    rf"|[^\n]{{0,200}}\b(?:contents?|docs|documentation|texts?|book|guides?)\b[^\n]{{0,200}}under\b"
    rf"(?=[^\n]{{0,200}}\bcc[- ]by))(?P<text>(?:(?!\n[#=]).){{0,1000}})",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_OF_COMMONS = re.compile(
    r"(?:creativecommons\.org/(?:licenses|publicdomain)/|\bcc[- ])(zero|by(?:-nc)?(?:-sa|-nd)?)[/ -](\d\.\d)"
)


def list_licence_files(paths: Iterable[str]) -> list[str]:
    """Licence files at the root and near it, the nearest first."""
    near = (path for path in paths if path.count("/") <= _DEPTH)
    found = [path for path in near if _NAME.match(path.rpartition("/")[2]) or "LICENSES" in path.split("/")[:-1]]
    return sorted(found, key=lambda path: (path.count("/"), path))[:_MOST_FILES]


def find_licence(contents: Mapping[str, bytes], documents: Iterable[str]) -> LicenceFacts:
    """The licence of the documents: of the licence files nearest to most of them; those of documentation come first."""
    files = list_licence_files(contents)
    for folder in _folders_above(documents):
        near = {folder, f"{folder}/LICENSES".removeprefix("./")}
        here = [path for path in files if str(PurePosixPath(path).parent) in near]
        of_docs = [path for path in here if _OF_DOCS.search(PurePosixPath(path).name)]
        for group in (of_docs, _without_parts(here)):
            if group and not all(_refers(contents[path]) for path in group):
                return _judge(group, contents)
    declared = [_declared(contents, path, read) for path, read in _IN_MANIFEST.items()]
    said = (_said(path, data) for path, data in sorted(contents.items()))
    spdx, path = next(filter(None, chain(declared, said)), ("", ""))
    return LicenceFacts(spdx=spdx, path=path, sharing=_sharing(spdx, ""))


def _without_parts(paths: list[str]) -> list[str]:
    """Beside a LICENSE, one such as LICENSE-logo is of a part of the project; LICENSE-MIT is a choice."""
    bare = [path for path in paths if _BARE.fullmatch(path)]
    return [path for path in paths if path in bare or not bare or _OF_A_LICENCE.search(PurePosixPath(path).name)]


def _refers(data: bytes) -> bool:
    """Whether a page is no licence, but shows or links to the file of one."""
    text = data[:LARGEST_BYTES].decode("utf-8", "replace")
    return _ELSEWHERE.search(text) is not None and not recognise(" ".join(text.lower().split()))


def _judge(paths: list[str], contents: Mapping[str, bytes]) -> LicenceFacts:
    texts = {
        path: " ".join(contents[path][:LARGEST_BYTES].decode("utf-8", "replace").lower().split()) for path in paths
    }
    known = {path: spdx for path, text in texts.items() if (spdx := recognise(text))}
    own = [path for path, text in texts.items() if path not in known and len(text) > _SHORT and _BARE.fullmatch(path)]
    ids = sorted(set(known.values())) if not own else []  # the project's licence is one that is not known
    path = next(iter([*own, *known]), paths[0])
    return LicenceFacts(spdx=" OR ".join(ids), path=path, sharing=_sharing(ids[0] if ids else "", texts[path]))


def recognise(text: str) -> str:
    """The SPDX id of a licence's text in small letters with single blanks; "" for one that is not known.

    A text that begins with another licence's name and only mentions a second one is the first.
    """
    found = [(match.start(), at, spdx) for at, (spdx, one) in enumerate(_COMPILED) if (match := one.search(text))]
    named = (spdx for spdx, one in _NAMED if len(text) < _SHORT and one.search(text))
    commons = _OF_COMMONS.search(text) if len(text) < _SHORT else None
    other = f"CC-{commons[1].upper()}-{commons[2]}".replace("-ZERO", "0") if commons else ""
    return min(found, key=lambda one: (one[0] > 600, one[1]))[2] if found else next(named, other)


def _sharing(spdx: str, text: str) -> Sharing:
    if not spdx:
        return "forbidden" if _RESERVED.search(text) else "unclear"
    if "-ND-" in spdx:
        return "forbidden"
    return "allowed" if not _WITH_LIMITS.search(spdx) and spdx.split(" ", maxsplit=1)[0] in _KNOWN else "unclear"


def _folders_above(documents: Iterable[str]) -> list[str]:
    """The deepest folder that holds eight of ten documents, and all above it, up to the root."""
    paths = list(documents)
    counts = Counter(str(parent) for path in paths for parent in PurePosixPath(path).parents)
    holding = [folder for folder, count in counts.items() if count >= _SHARE * len(paths)]
    deepest = max(holding, key=lambda folder: (folder != ".", folder.count("/"), folder), default=".")
    return [deepest, *(str(parent) for parent in PurePosixPath(deepest).parents if deepest != ".")]


_IN_MANIFEST: Mapping[str, Callable[[str], Any]] = {
    "package.json": lambda text: load_json(text).get("license"),
    "pyproject.toml": lambda text: load_toml(text).get("project", {}).get("license"),
    "Cargo.toml": lambda text: load_toml(text).get("package", {}).get("license"),
}


def _declared(contents: Mapping[str, bytes], path: str, read: Callable[[str], Any]) -> tuple[str, str] | None:
    """The licence a manifest names, with its path; a manifest that cannot be read is passed over."""
    try:
        found = read(contents[path][:LARGEST_BYTES].decode())
    except (KeyError, ValueError, AttributeError, TypeError, RecursionError):
        return None
    name = found.get("text") if isinstance(found, dict) else found
    return (name, path) if isinstance(name, str) and _DECLARED.fullmatch(name) else None


def _said(path: str, data: bytes) -> tuple[str, str] | None:
    """The licence that a README names below a heading of its own, with its path."""
    section = _ITS_SECTION.search(data[:LARGEST_BYTES].decode("utf-8", "replace")) if _README.fullmatch(path) else None
    spdx = recognise(" ".join(section["text"].lower().split())) if section else ""
    return (spdx, path) if spdx else None
