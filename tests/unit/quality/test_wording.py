import pytest

from shared.course import wording
from shared.course.vocabulary import BLOOM_VERBS


@pytest.mark.parametrize(
    "claim",
    [
        "Water boils quickly in a kettle.",
        "You may need to return that outcome to the caller.",
        "You can pass a callback to the parser.",
        "The page renders before the data arrives.",
        "The first step installs the program.",
        "Modules are loaded once.",
        "The module loads its settings once.",
    ],
)
def test_a_claim_is_no_signpost(claim: str) -> None:
    assert not wording.is_signpost(claim)


@pytest.mark.parametrize(
    "text", ["This is it.", "It runs.", "**However**, it runs.", "As mentioned above, it runs.", "(These too.)"]
)
def test_openings_that_need_what_stood_before_point_back(text: str) -> None:
    assert wording.points_back(text)


@pytest.mark.parametrize(
    "text", ["A plan runs.", "Items are counted.", "Italy is warm.", "`it` is a name.", "Thistles grow."]
)
def test_other_openings_stand_alone(text: str) -> None:
    assert not wording.points_back(text)


@pytest.mark.parametrize(
    "text", ["TODO: write", "Lorem ipsum dolor", "This content is being developed.", "Coming soon!"]
)
def test_fillers_are_found(text: str) -> None:
    assert wording.find_filler(text)


@pytest.mark.parametrize(
    "text", ["Use a placeholder in the query.", "The content of a file.", "Todos are kept in a list."]
)
def test_ordinary_words_are_no_fillers(text: str) -> None:
    assert wording.find_filler(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "!!! note", "::: tip", "{% if x %}", "{{ name }}", "[!NOTE] Read", ":ref:`x`", ".. note::", "[[_TOC_]]",
        "A |version| here", "<Tabs>", "Heading {#id}", "see xref:a[b]", "a&nbsp;b", "<!-- x -->", "Example::",
        "Run it ::", "Run :: it",
    ],
)  # fmt: skip
def test_leftover_markup_is_found(text: str) -> None:
    assert wording.find_leftover(text)


@pytest.mark.parametrize(
    "text",
    [
        "A ratio of 3:1 is fine.", "See a and b, 5 < 6.", "Tea &amp; milk.", "One | two", "Ends with a colon:",
        "Brackets [like this] are fine.", "Use ` or so.", "Stars * are fine.", "The classifier Topic :: Software.",
    ],
)  # fmt: skip
def test_ordinary_signs_are_no_leftovers(text: str) -> None:
    assert wording.find_leftover(text) is None


def test_stems_join_the_forms_of_a_word() -> None:
    assert wording.stem_content_words("The schedulers are scheduling") == ["schedul", "schedul"]
    assert wording.stem_content_words("Häuser", "de") == wording.stem_content_words("Haus", "de")
    assert wording.stem_content_words("plans", "xx") == ["plans"]
    assert wording.stem_content_words("比較する API 字", "ja") == ["比較", "較す", "する", "api", "字"]


def test_verbs_fit_their_level_only() -> None:
    assert wording.verb_fits("Install the program", "apply")
    assert not wording.verb_fits("Install the program", "remember")
    assert not wording.verb_fits("", "apply")
    assert all(wording.verb_fits(verb.title(), level) for level, verbs in BLOOM_VERBS.items() for verb in verbs)


def test_levels_have_a_distance() -> None:
    assert wording.level_distance("remember", "create") == 5
    assert wording.level_distance("apply", "understand") == 1


@pytest.mark.parametrize("text", ["变量`i`是`let`声明的", "変数`i`は`let`です", "변수`i`는`let`이다"])
def test_a_name_of_code_between_letters_that_need_no_blanks_is_a_word_of_its_own(text: str) -> None:
    assert wording.list_words(text.replace("`", "")) == wording.list_words(text)


def test_a_word_with_leftover_markup_behind_it_is_found_whole() -> None:
    assert wording.find_leftover("Example of settings.toml::") == "settings.toml::"
