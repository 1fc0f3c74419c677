"""The licence of the documentation, from licence files and manifests."""

import pytest

from services.repo_clone.licences import find_licence, list_licence_files, recognise

MIT = (
    b"MIT License\n\nCopyright (c) 2024 Somebody\n\nPermission is hereby granted, free of charge, to any person "
    b"obtaining a copy.\n\nThe above copyright notice and this permission notice shall be included in all copies.\n"
)
APACHE = b"                                 Apache License\n                           Version 2.0, January 2004\n"
BSD3 = (
    b"Redistribution and use in source and binary forms, with or without modification, are permitted.\n"
    b"Neither the name of the copyright holder nor the names of its contributors may be used.\n"
)
CC_BY = b"Attribution 4.0 International\n\nCreative Commons Corporation is not a law firm.\n"
CC_BY_NC_ND = b"Attribution-NonCommercial-NoDerivatives 4.0 International\n"
GPL3 = (
    b"GNU GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007\n\n"
    + b"text " * 300
    + b"GNU Affero General Public License version 3"
)
DOCS = [f"docs/{name}.md" for name in "abcde"]


@pytest.mark.parametrize(
    ("text", "spdx"),
    [(MIT, "MIT"), (APACHE, "Apache-2.0"), (BSD3, "BSD-3-Clause"), (CC_BY, "CC-BY-4.0"), (GPL3, "GPL-3.0"),
     (BSD3.split(b"\n", 1)[0], "BSD-2-Clause"), (b"Do as you like.", "")],
)  # fmt: skip
def test_texts_of_licences_are_known(text: bytes, spdx: str) -> None:
    assert recognise(" ".join(text.decode().lower().split())) == spdx


def test_the_file_nearest_to_the_documents_decides() -> None:
    found = find_licence({"LICENSE": MIT, "docs/LICENSE": CC_BY}, DOCS)
    assert (found.spdx, found.path, found.sharing) == ("CC-BY-4.0", "docs/LICENSE", "allowed")
    assert find_licence({"LICENSE": MIT, "docs/LICENSE": CC_BY}, ["README.md", "guide/a.md"]).spdx == "MIT"
    assert find_licence({"LICENSE": MIT, "LICENSE-docs": CC_BY}, DOCS).spdx == "CC-BY-4.0"


@pytest.mark.parametrize("name", ["MIT-LICENSE", "MIT-LICENSE.txt"])
def test_a_licence_file_may_begin_with_the_licences_name(name: str) -> None:
    assert list_licence_files([name, "LIMIT-LICENSE"]) == [name]
    assert find_licence({name: MIT}, DOCS).spdx == "MIT"


@pytest.mark.parametrize(
    ("text", "spdx"),
    [(b"Widgets is licensed under the terms of\nthe LGPLv3 license. See <https://a.example> for its text.", "LGPL-3.0"),
     (b"Released under the MIT License.", "MIT"), (b"Licensed under our own terms, not the MIT license.", ""),
     (b"We have waived all copyright. See http://creativecommons.org/publicdomain/zero/1.0/ for more.", "CC0-1.0"),
     (b"See <https://creativecommons.org/licenses/by-sa/4.0/>.", "CC-BY-SA-4.0")],
)  # fmt: skip
def test_a_licence_that_a_short_file_names_is_known(text: bytes, spdx: str) -> None:
    assert find_licence({"LICENSE.txt": text}, DOCS).spdx == spdx


def test_licences_kept_in_a_folder_of_theirs() -> None:
    assert find_licence({"LICENSES/MIT.txt": MIT, "LICENSES/CC-BY-4.0.txt": CC_BY}, DOCS).spdx == "CC-BY-4.0"


def test_two_licences_of_one_place_are_a_choice() -> None:
    assert find_licence({"LICENSE-MIT": MIT, "LICENSE-APACHE": APACHE}, DOCS).spdx == "Apache-2.0 OR MIT"


def test_a_licence_of_a_part_is_not_that_of_the_documents() -> None:
    found = find_licence({"LICENSE-logo.md": b"CC0 1.0 Universal", "LICENSE.md": MIT}, DOCS)
    assert (found.spdx, found.path) == ("MIT", "LICENSE.md")


@pytest.mark.parametrize(
    "page",
    [b"```{include} ../LICENSE\n```\n", b".. literalinclude:: ../LICENSE\n", b'--8<-- "../LICENSE.txt"\n',
     b"The text is [in the repository](https://example.org/acme/widgets/blob/main/LICENSE).\n"],
)  # fmt: skip
def test_a_page_that_shows_the_licence_of_the_repository_has_no_other(page: bytes) -> None:
    found = find_licence({"docs/license.md": b"# License\n\n" + page, "LICENSE": MIT}, DOCS)
    assert (found.spdx, found.path, found.sharing) == ("MIT", "LICENSE", "allowed")


def test_a_page_that_links_to_the_licences_to_choose_from_has_no_other() -> None:
    page = b"# Licence\n\nSee [one](https://example.org/blob/main/LICENSE-APACHE) or [two](../LICENSE-MIT).\n"
    found = find_licence({"docs/license.md": page, "LICENSE-APACHE": APACHE, "LICENSE-MIT": MIT}, DOCS)
    assert (found.spdx, found.sharing) == ("Apache-2.0 OR MIT", "allowed")


def test_what_may_not_be_adapted_or_is_reserved_is_forbidden_and_what_is_missing_unclear() -> None:
    assert find_licence({"LICENSE": CC_BY_NC_ND}, DOCS).sharing == "forbidden"
    assert find_licence({"LICENSE": b"Copyright X. All rights reserved."}, DOCS).sharing == "forbidden"
    assert find_licence({"LICENSE": b"Be nice."}, DOCS).sharing == "unclear"
    assert find_licence({}, DOCS) == find_licence({"package.json": b"{"}, DOCS)
    assert find_licence({}, DOCS).sharing == "unclear"


@pytest.mark.parametrize(
    ("path", "text", "spdx", "sharing"),
    [
        ("package.json", b'{"license": "ISC"}', "ISC", "allowed"),
        ("pyproject.toml", b'[project]\nlicense = {text = "MIT"}\n', "MIT", "allowed"),
        ("Cargo.toml", b'[package]\nlicense = "MIT OR Apache-2.0"\n', "MIT OR Apache-2.0", "allowed"),
        ("package.json", b'{"license": "SEE LICENSE IN <file>"}', "", "unclear"),
        ("package.json", b'{"license": "UNLICENSED"}', "UNLICENSED", "unclear"),
    ],
)
def test_a_manifest_says_it_where_no_file_does(path: str, text: bytes, spdx: str, sharing: str) -> None:
    found = find_licence({path: text}, DOCS)
    assert (found.spdx, found.sharing) == (spdx, sharing)


SHARE_ALIKE = "under a [Creative Commons Attribution-ShareAlike 4.0 International License](http://a.example)"


@pytest.mark.parametrize(
    ("path", "text", "spdx"),
    [
        ("README.md", f"# Tips\n\n## License\n\nThis work is licensed {SHARE_ALIKE}.\n", "CC-BY-SA-4.0"),
        ("README.rst", "Tips\n====\n\nLicence\n-------\n\nReleased under the MIT License.\n", "MIT"),
        ("README.adoc", "= Tips\n\n== License\n\nReleased under the MIT License.\n", "MIT"),
        ("README.md", "# Tips\n\n## Tips License (MIT)\n\nReleased under the MIT License.\n", "MIT"),
        ("README.md", "# Tips\n\n## Lizenz\n\nCC BY-SA 4.0\n", "CC-BY-SA-4.0"),
        ("README.md", "# Tips\n\n### 版权许可\n\n(http://creativecommons.org/licenses/by-nc/4.0/)\n", "CC-BY-NC-4.0"),
        ("README.md", "# Tips\n\nLizenz: CC BY 4.0 Widgets\n", "CC-BY-4.0"),
        ("README.md", "# Tips\n\nTips are under MIT.\nThe contents are released under CC BY-SA 4.0.\n", "CC-BY-SA-4.0"),
        ("README.md", "# Tips\n\nThe pictures are CC BY 4.0\n", ""),
        ("README.md", "# Tips\n\n## Get a license key\n\nThe client is under the MIT License.\n", ""),
        ("README.md", f"# Tips\n\nThe pictures stand {SHARE_ALIKE}.\n", ""),
        ("docs/README.md", "## License\n\nReleased under the MIT License.\n", ""),
    ],
)
def test_a_readme_says_it_below_a_heading_where_nothing_else_does(path: str, text: str, spdx: str) -> None:
    found = find_licence({path: text.encode()}, DOCS)
    assert (found.spdx, found.path) == (spdx, path if spdx else "")
    assert find_licence({path: text.encode(), "LICENSE": BSD3}, DOCS).spdx == "BSD-3-Clause"


def test_a_licence_that_is_not_known_is_not_the_one_beside_it() -> None:
    own = find_licence({"LICENSE": b"You may read this. " * 60, "LICENSE-MIT": MIT}, DOCS)
    assert (own.spdx, own.path, own.sharing) == ("", "LICENSE", "unclear")
    assert find_licence({"LICENSE": b"Choose one of the two.", "LICENSE-MIT": MIT}, DOCS).spdx == "MIT"
    union = b"EUROPEAN UNION PUBLIC LICENCE v. 1.2\n" + b"text " * 300
    assert find_licence({"LICENSE": union, "LICENSE-MIT": MIT}, DOCS).spdx == "EUPL-1.2 OR MIT"


def test_only_licence_files_near_the_root_are_looked_at() -> None:
    paths = [
        "a/b/c/LICENSE",
        "docs/LICENSE.md",
        "COPYING",
        "licensing.md",
        "src/license.py",
        "LICENCE",
        "LICENSES/MIT.txt",
    ]
    assert list_licence_files(paths) == ["COPYING", "LICENCE", "LICENSES/MIT.txt", "docs/LICENSE.md"]
