"""Trees that run in parallel: translations and older versions."""

import random

import pytest

from services.repo_clone.parallel import find_older_versions
from services.repo_clone.translations import find_translations


def test_folders_of_languages_are_translations_of_the_english_tree() -> None:
    documents = [f"docs/{code}/docs/{page}.md" for code in ("en", "de", "zh-hant") for page in ("index", "guide")]
    found = find_translations(documents)
    assert found == {
        "docs/de/docs/guide.md": "translation of docs/en/docs/guide.md",
        "docs/de/docs/index.md": "translation of docs/en/docs/index.md",
        "docs/zh-hant/docs/guide.md": "translation of docs/en/docs/guide.md",
        "docs/zh-hant/docs/index.md": "translation of docs/en/docs/index.md",
    }


def test_a_page_only_a_translation_has_is_left_out_with_its_tree() -> None:
    documents = ["docs/en/a.md", "docs/en/b.md", "docs/fr/a.md", "docs/fr/b.md", "docs/fr/merci.md"]
    assert find_translations(documents)["docs/fr/merci.md"] == "translation"


def test_a_language_folder_below_unmarked_english_is_a_translation() -> None:
    documents = ["docs/guide.md", "docs/api.md", "docs/zh/guide.md", "docs/zh/api.md"]
    assert find_translations(documents) == {
        "docs/zh/api.md": "translation of docs/api.md",
        "docs/zh/guide.md": "translation of docs/guide.md",
    }


@pytest.mark.parametrize(
    ("path", "original"),
    [
        ("README.ja.md", "README.md"),
        ("README_zh-CN.md", "README.md"),
        ("README-de.md", "README.md"),
        ("docs/guide.zh-Hans.md", "docs/guide.md"),
        ("docs/guide.pt_BR.md", "docs/guide.md"),
        ("README.中文.md", "README.md"),
        ("README_Chinese.md", "README.md"),
        ("doc/README-ja.md", "README.md"),
        ("packages/site/README_KO.md", "README.md"),
    ],
)
def test_a_language_in_the_name_is_a_translation_of_the_file_beside_it(path: str, original: str) -> None:
    assert find_translations([path, original]) == {path: f"translation of {original}"}


def test_a_mark_beside_several_translations_is_a_language_everywhere() -> None:
    documents = ["README.md", "README.french.md", "README.polish.md", "README.old-klingon.md", "README.docker.md"]
    documents += ["a/x.md", "a/x.old-klingon.md", "a/x.draft.md"]
    documents += [f"{folder}/README.{end}" for folder in "bc" for end in ("md", "de.md", "fr.md", "old-klingon.md")]
    found = find_translations(documents)
    assert found["README.old-klingon.md"] == "translation of README.md"
    assert found["a/x.old-klingon.md"] == "translation of a/x.md"
    assert not {"a/x.draft.md", "README.docker.md"} & found.keys()
    assert "README.old-klingon.md" not in find_translations([*documents[:2], "README.old-klingon.md"])


def test_a_folder_for_translations_holds_translations_of_the_docs_folder() -> None:
    documents = [
        "docs/intro.md", "docs/usage.md",
        "i18n/ja/docusaurus-plugin-content-docs/current/intro.md",
        "i18n/ja/docusaurus-plugin-content-docs/current/usage.md",
    ]  # fmt: skip
    assert find_translations(documents) == {
        "i18n/ja/docusaurus-plugin-content-docs/current/intro.md": "translation of docs/intro.md",
        "i18n/ja/docusaurus-plugin-content-docs/current/usage.md": "translation of docs/usage.md",
    }


def test_without_english_the_largest_tree_stays() -> None:
    documents = ["docs/zh/a.md", "docs/zh/b.md", "docs/zh/c.md", "docs/ja/a.md", "docs/ja/b.md"]
    assert find_translations(documents) == {
        "docs/ja/a.md": "translation of docs/zh/a.md",
        "docs/ja/b.md": "translation of docs/zh/b.md",
    }


@pytest.mark.parametrize(
    "documents",
    [
        ["docs/zh/a.md", "docs/zh/b.md"],
        ["docs/cs/classes.md", "docs/py/modules.md", "docs/index.md"],
        ["docs/what-is-it.md", "docs/what-is.md"],
        ["docs/install_cs.md", "docs/install.md"],
        ["commands/sort_ro.md", "commands/sort.md"],
        ["docs/guide.md", "docs/is/other.md", "docs/it/works.md"],
        ["en/a.md", "en/b.md"],
    ],
)
def test_what_merely_looks_like_a_language_is_kept(documents: list[str]) -> None:
    assert find_translations(documents) == {}


def test_versioned_docs_are_older_versions_of_the_docs_folder() -> None:
    documents = ["docs/a.md", "docs/b.md", "versioned_docs/version-1.0/a.md", "versioned_docs/version-1.0/gone.md"]
    assert find_older_versions(documents) == {
        "versioned_docs/version-1.0/a.md": "older version of docs/a.md",
        "versioned_docs/version-1.0/gone.md": "older version",
    }


def test_of_numbered_trees_the_newest_stays() -> None:
    documents = [f"docs/{version}/{page}.md" for version in ("v1.9", "v1.10", "v0.2") for page in ("a", "b")]
    found = find_older_versions(documents)
    assert sorted(found) == ["docs/v0.2/a.md", "docs/v0.2/b.md", "docs/v1.9/a.md", "docs/v1.9/b.md"]
    assert found["docs/v1.9/a.md"] == "older version of docs/v1.10/a.md"


def test_beside_versions_of_the_same_pages_one_with_other_pages_is_older_too() -> None:
    documents = [f"docs/{version}/{page}.md" for version in ("v2.0", "v2.1") for page in ("a", "b")]
    found = find_older_versions([*documents, "docs/v1.3/x.md", "docs/v1.3/y.md"])
    assert sorted(found) == ["docs/v1.3/x.md", "docs/v1.3/y.md", "docs/v2.0/a.md", "docs/v2.0/b.md"]
    assert find_older_versions(["docs/v1.3/x.md", "docs/v1.3/y.md", *documents[2:]]) == {}
    lessons = ["lessons/1.1/types.md", "lessons/1.2/loops.md", "lessons/2.1/README.md", "lessons/2.2/README.md"]
    assert [*find_older_versions(lessons)] == ["lessons/2.1/README.md"]


def test_a_tree_called_latest_outranks_every_number() -> None:
    documents = ["docs/latest/a.md", "docs/latest/b.md", "docs/v2/a.md", "docs/v2/b.md"]
    assert sorted(find_older_versions(documents)) == ["docs/v2/a.md", "docs/v2/b.md"]


def test_of_the_versions_of_a_specification_the_newest_is_taught() -> None:
    documents = [f"versions/{name}.md" for name in ("1.2", "3.10.0", "3.9.1", "3.9.1-editors", "3.10.0-editors")]
    assert find_older_versions([*documents, "book/1.1.md", "book/1.2.md"]) == {
        "versions/1.2.md": "older version of versions/3.10.0.md",
        "versions/3.9.1.md": "older version of versions/3.10.0.md",
        "versions/3.9.1-editors.md": "older version of versions/3.10.0-editors.md",
    }


@pytest.mark.parametrize(
    "documents",
    [
        ["docs/v2/a.md", "docs/v2/b.md", "docs/index.md"],
        ["guides/v1/start.md", "guides/v2/other.md"],
        ["docs/01-intro/a.md", "docs/02-next/a.md"],
    ],
)
def test_numbers_without_a_parallel_tree_are_kept(documents: list[str]) -> None:
    assert find_older_versions(documents) == {}


def test_the_order_of_the_listing_does_not_matter() -> None:
    documents = [f"docs/{code}/{page}.md" for code in ("ja", "ko", "ru", "zh") for page in ("a", "b", "c")]
    shuffled = documents.copy()
    random.Random(7).shuffle(shuffled)
    assert find_translations(documents) == find_translations(shuffled)


def test_a_folder_of_a_language_the_readme_is_translated_to_holds_translations() -> None:
    documents = ["Readme.md", "Readme_zh-CN.md", "docs/terminology.md", "docs/zh-CN/术语表.md"]
    assert find_translations(documents) == {
        "Readme_zh-CN.md": "translation of Readme.md", "docs/zh-CN/术语表.md": "translation",
    }  # fmt: skip
    assert find_translations(["Readme.md", "docs/terminology.md", "docs/zh-CN/术语表.md"]) == {}


def test_folders_named_by_languages_hold_translations_whatever_folders_the_pages_stood_in() -> None:
    base = ["readme.md", "02_Day_Names/02_names.md", "03_Day_Lists/03_lists.md"]
    spanish = ["Spanish/README_sp.md", "Spanish/02_names_sp.md", "Spanish/03_lists_sp.md"]
    persian = ["Persain/02_names.md", "Persain/03_lists.md", "Persain/04_sets.md"]
    assert find_translations([*base, *spanish, *persian]) == {
        "Persain/02_names.md": "translation of 02_Day_Names/02_names.md",
        "Persain/03_lists.md": "translation of 03_Day_Lists/03_lists.md",
        "Persain/04_sets.md": "translation",
        "Spanish/02_names_sp.md": "translation of 02_Day_Names/02_names.md",
        "Spanish/03_lists_sp.md": "translation of 03_Day_Lists/03_lists.md",
        "Spanish/README_sp.md": "translation",
    }


def test_a_folder_for_translations_stands_below_what_it_translates() -> None:
    documents = ["cloud/extensions/a.md", "cloud/languages/he/extensions/a.md", "cloud/languages/zh-CN/extensions/a.md"]
    assert find_translations(documents) == {
        "cloud/languages/he/extensions/a.md": "translation of cloud/extensions/a.md",
        "cloud/languages/zh-CN/extensions/a.md": "translation of cloud/extensions/a.md",
    }


def test_in_a_folder_for_translations_a_name_that_goes_on_from_a_documents_name_is_its_translation() -> None:
    documents = ["README.md", "translations/README-gr.md", "translations/README-zh-simple.md", "translations/how-to.md"]
    assert find_translations(documents) == {
        "translations/README-gr.md": "translation of README.md",
        "translations/README-zh-simple.md": "translation of README.md",
    }


def test_many_pages_at_the_same_places_make_a_translation_of_a_tree_with_more_pages() -> None:
    base = [f"docs/{name}.md" for name in "abcde"]
    tree = [f"docs/zh/{name}.md" for name in "abcde"] + [f"docs/zh/api/{n}.md" for n in range(12)]
    assert find_translations([*base, *tree]).keys() == set(tree)


def test_a_small_english_tree_does_not_make_a_large_one_a_translation() -> None:
    large = [f"docs/zh/{n}.md" for n in range(12)]
    assert find_translations(["docs/en/1.md", *large]) == {}


def test_pages_named_by_their_languages_are_translations_of_the_index_page_beside_them() -> None:
    documents = ["guides/README.md", "guides/deutsch.md", "guides/日本語.md", "guides/russian.md"]
    assert find_translations(documents) == dict.fromkeys(documents[1:], "translation of guides/README.md")
    assert find_translations(["models/README.md", "models/german.md", "models/russian.md"]) == {}


def test_each_folder_beside_those_of_languages_in_a_folder_for_translations_is_one() -> None:
    folders = ("_template", "en", "farsi", "french", "german", "greek", "slovenian")
    documents = [f"src/translations/{one}/README.md" for one in folders]
    others = ["src/README.md", "src/translations/README.md", "src/translations/en/more.md"]
    assert find_translations([*documents, *others]).keys() == set(documents)


def test_documents_of_programming_languages_are_no_translations() -> None:
    assert find_translations(["languages/go/a.md", "languages/java/a.md", "languages/ruby/a.md", "a.md"]) == {}


def test_an_order_that_names_the_newest_tree_too_keeps_no_older_one() -> None:
    documents = [f"docs/{version}/{page}.md" for version in ("v1", "v2") for page in ("start", "api", "index")]
    assert find_older_versions(documents, frozenset({"docs/v1/start.md", "docs/v2/start.md"})).keys() == {
        "docs/v1/start.md", "docs/v1/api.md", "docs/v1/index.md",
    }  # fmt: skip
    assert "docs/v1/start.md" not in find_older_versions(documents, frozenset({"docs/v1/start.md"}))


def test_folders_such_as_5x_are_versions() -> None:
    documents = [f"api/{version}/{page}.md" for version in ("4x", "5x") for page in ("request", "response")]
    assert sorted(find_older_versions(documents)) == ["api/4x/request.md", "api/4x/response.md"]


def test_documentation_in_a_folder_with_a_version_behind_its_name_is_older_than_the_one_beside_it() -> None:
    old, now = "site/docs-v3/home.md", "site/docs/index.md"
    assert find_older_versions([old, now]) == {old: "older version"}
    assert find_older_versions([old, now], frozenset({old})) == {}
    assert find_older_versions([old, "site/guide/index.md"]) == {}


def test_a_folder_for_translations_may_name_each_file_by_its_language_alone() -> None:
    documents = ["README.md", *(f"translations/{code}.md" for code in ("fr", "pt-BR", "it-IT", "jp", "en"))]
    assert set(find_translations(documents)) == {*documents[1:-1]}
    assert find_translations(["README.md", "translations/fr.md", "translations/how-to.md"]) == {}


def test_a_folder_of_an_earlier_edition_beside_one_with_the_same_pages_is_older() -> None:
    pages = [f"{book}/{at}.ipynb" for book in ("book", "book_v1") for at in (1, 2, 3)]
    others = ["part/a.md", "part_v2/b.md", "part_v2/c.md", "step/a.md", "step-1/a.md", "step-1/b.md"]
    others += [f"api{edition}/{page}.md" for edition in ("", "_v2") for page in "ab"]
    assert find_older_versions([*pages, *others]) == dict.fromkeys(pages[3:], "older version")
