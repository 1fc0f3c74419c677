"""Everything the lock installs has a licence we may use; what is not plainly permissive is named, with the reason."""

import re
from importlib.metadata import Distribution, PackageMetadata, distributions
from pathlib import Path

import pytest

LOCKS = [Path(__file__).parents[2] / name for name in ("requirements.lock", "diagrams.lock")]

PERMISSIVE = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0",
    "Zlib",
}  # fmt: skip
# What packages without a licence expression write instead, and which of the above that is.
SPELLED = {
    "Apache 2.0": "Apache-2.0", "Apache Software License": "Apache-2.0", "BSD 2-Clause License": "BSD-2-Clause",
    "BSD-3-Clause, Apache-2.0, dependency licenses": "BSD-3-Clause",  # pypdfium2 with pdfium
    "BSD License": "BSD-3-Clause", "3-Clause BSD License": "BSD-3-Clause", "ISC License": "ISC",
    "ISC License (ISCL)": "ISC", "MIT License": "MIT", "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}  # fmt: skip
# Weak copyleft, by file: used as published, unchanged, so nothing of ours comes under it.
MPL = {
    "certifi": "a list of authorities, as published by Mozilla",
    "hypothesis": "runs in tests only",
    "pathspec": "runs in checks only",
    "tqdm": "of the loader of word vectors, unchanged",
}


def licences(declared: Distribution) -> set[str]:
    """The licences a distribution names, as SPDX identifiers where they are known."""
    meta = declared.metadata
    text = _first(meta, "License-Expression")
    if not text:
        classes = [line.rsplit("::", 1)[1].strip() for line in meta.get_all("Classifier") or [] if "License ::" in line]
        first = _first(meta, "License").split("\n", 1)[0].strip()
        text = " AND ".join(SPELLED.get(name, name) for name in (classes or [first]) if name != "DFSG approved")
    parts = (SPELLED.get(name, name) for name in re.split(r"\s+(?:AND|OR)\s+|[()]", text) if name)
    return set(parts) or {"none named"}


def _first(meta: PackageMetadata, field: str) -> str:
    return str(meta[field]) if field in meta else ""


def locked() -> set[str]:
    """Names of the locks; those for other systems are not installed here and are seen on theirs."""
    text = "".join(lock.read_text(encoding="utf-8") for lock in LOCKS)
    return set(re.findall(r"^([A-Za-z0-9_.-]+)==", text, re.MULTILINE))


INSTALLED = {re.sub(r"[-_.]+", "-", found.name).lower(): found for found in distributions()}


@pytest.mark.parametrize("name", sorted(locked() & set(INSTALLED)))
def test_a_package_has_a_licence_we_may_use(name: str) -> None:
    assert licences(INSTALLED[name]) <= PERMISSIVE | ({"MPL-2.0"} if name in MPL else set())


def test_nearly_all_of_the_lock_is_looked_at() -> None:
    assert locked() - set(INSTALLED) <= {"colorama", "httpx2-jsfetch", "legacy-cgi", "merman", "pywin32"}, (
        "for others only"
    )
    assert {name for name in locked() & set(INSTALLED) if "MPL-2.0" in licences(INSTALLED[name])} == set(MPL)


@pytest.mark.parametrize("text", ["GPL-3.0-or-later", "AGPL-3.0-only", "LGPL-2.1-only OR GPL-2.0-only", ""])
def test_copyleft_and_silence_are_refused(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "made_up-1.dist-info"
    folder.mkdir()
    folder.joinpath("METADATA").write_text(
        f"Metadata-Version: 2.4\nName: made-up\nVersion: 1\nLicense-Expression: {text}\n", encoding="utf-8"
    )
    assert not licences(Distribution.at(folder)) <= PERMISSIVE
