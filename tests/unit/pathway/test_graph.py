import tracemalloc
from collections.abc import Sequence

import numpy as np
import pytest

from services.doc_analyser.offline.graph import build_graph
from services.doc_analyser.offline.homes import choose_homes
from services.doc_analyser.offline.order import best_order, read_author
from services.doc_analyser.offline.signs import weigh
from shared.docs.navigation import Navigation, NavigationEntry
from shared.engine.reading_order import is_apart, is_news, reading_order
from shared.engine.types import DocumentAnalysis
from shared.language.terms import term_key
from tests.unit.analysis.build import contents
from tests.unit.pathway.build import page, section

STREAM = ("stream", "A stream is a sequence of messages that is kept.")
CONSUMER = ("consumer", "A consumer is a view of a stream that remembers its place.")
SPEAKS_OF_BOTH = section("Views", terms=["consumer", "stream"])


def names(graph_order: tuple[object, ...]) -> list[str]:
    return [getattr(analysis, "path", "") for analysis in graph_order]


def stream_page(path: str = "docs/stream.md", **more: object) -> DocumentAnalysis:
    return page(path, "Stream", sections=[section("Streams", terms=["stream"])], concepts=[STREAM], **more)  # type: ignore[arg-type]


def consumer_page(path: str = "docs/consumer.md") -> DocumentAnalysis:
    return page(path, "Consumer", sections=[SPEAKS_OF_BOTH], concepts=[CONSUMER])


def test_one_term_has_one_home_the_section_about_it() -> None:
    passing = [("streams", "Streams are said to be long in passing here.")]
    early = page("docs/a.md", sections=[section("A", terms=["stream"])], concepts=passing, evidence=1)
    home = stream_page("docs/b.md")
    graph = build_graph([early, home], Navigation())
    assert [(c.name, c.document_id) for c in graph.concepts] == [("stream", home.document_id)]


def test_a_term_that_only_its_home_uses_is_no_concept_unless_its_page_has_no_other() -> None:
    home = page("docs/views.md", "Views", sections=[section("Streams", terms=["stream"])], concepts=[STREAM])
    assert [concept.name for concept in build_graph([home], Navigation()).concepts] == ["stream"]
    views = ("Views", "A view is what a person sees of the messages.")
    titled = page("docs/views.md", "Views", sections=[section("Streams", terms=["stream"])], concepts=[STREAM, views])
    assert [concept.name for concept in build_graph([titled], Navigation()).concepts] == ["Views"]


def test_what_only_a_heading_names_is_a_concept_where_its_page_has_no_better_one_and_nothing_needs_it() -> None:
    headed = page(
        "docs/a.md", "Opening", sections=[section("Streams", terms=["stream"])], concepts=[STREAM], evidence=-1
    )
    graph = build_graph([headed, consumer_page(), page("docs/x.md", sections=[SPEAKS_OF_BOTH])], Navigation())
    assert {concept.name: concept.prerequisites for concept in graph.concepts} == {"consumer": (), "stream": ()}
    defined = page("docs/b.md", "Stream", sections=[section("Streams", terms=["stream"])], concepts=[STREAM])
    graph = build_graph([headed, defined, consumer_page()], Navigation())
    assert [c.definition.span.path for c in graph.concepts if c.name == "stream"] == ["docs/b.md"]


def test_what_only_the_code_of_a_section_calls_is_needed_there_but_a_word_so_named_is_not() -> None:
    def needs(name: str, key: str) -> list[tuple[str, ...]]:
        first = page("docs/a.md", "Opening", sections=[section(key.rsplit(maxsplit=1)[-1].title(), terms=[key])],
                     concepts=[(name, "What people typed into a field of the form is one.")], evidence=-1)  # fmt: skip
        objects = page("docs/b.md", "Shapes", sections=[section("Objects", words=90, terms=[key, "z object"])],
                       concepts=[("z.object", "A form holds several fields of all kinds.")], evidence=-1)  # fmt: skip
        order = contents(("", first.path, 0), ("", objects.path, 0))
        return [one.prerequisites for one in build_graph([first, objects], order).concepts]

    assert [len(found) for found in needs("z.string", "z string")] == [0, 1]
    assert [len(found) for found in needs("text", "text")] == [0, 0]


def test_a_common_word_that_a_home_says_once_in_passing_is_not_needed_there() -> None:
    lists = page("docs/a.md", "Lists", sections=[section("Lists", terms=["list"])],
                 concepts=[("Lists", "Lists are things in a row, one after the other.")])  # fmt: skip
    users = [page(f"docs/{name}.md", sections=[section(name, terms=["list", "consumer"])]) for name in "cd"]

    def needed(times: int) -> int:
        said = section("Consumer", terms=["list"]).model_copy(update={"mentions": (("list", times),)})
        consumer = page("docs/b.md", "Consumer", sections=[said], concepts=[CONSUMER])
        order = contents(*[("", one.path, 0) for one in (lists, consumer, *users)])
        found = build_graph([lists, consumer, *users], order).concepts
        return sum(len(concept.prerequisites) for concept in found)

    assert (needed(1), needed(2)) == (0, 1)


@pytest.mark.parametrize(
    ("name", "said", "is_needed"),
    [
        ("Class", "A consumer is a first-class reader of it.", False),
        ("Class", "A consumer is a class that reads.", True),
        ("_build", "A consumer is what users build by hand.", False),
        ("_build", "A consumer is what stands in _build after it.", True),
    ],
)
def test_a_part_of_a_compound_and_a_word_in_another_spelling_are_not_needed(
    name: str, said: str, *, is_needed: bool
) -> None:
    key = name.strip("_").lower()
    first = page("docs/a.md", name, sections=[section(name, terms=[key])],
                 concepts=[(name, f"{name} is a folder that holds all.")])  # fmt: skip
    users = [page(f"docs/{one}.md", sections=[section(one, terms=[key, "consumer"])]) for one in "cd"]
    consumer = page("docs/b.md", "Consumer", sections=[section("Consumer", words=2000, terms=["consumer", key])],
                    concepts=[("Consumer", said)])  # fmt: skip
    order = contents(*[("", one.path, 0) for one in (first, consumer, *users)])
    found = {one.name: one for one in build_graph([first, consumer, *users], order).concepts}
    assert name in found
    assert bool(found["Consumer"].prerequisites) is is_needed


def test_a_glossary_says_what_a_thing_is_and_a_page_of_that_title_stays_its_home() -> None:
    told = "A stream is a log of messages."
    stream = page("docs/a.md", "Message streams", sections=[section("Message streams", terms=["message stream"])],
                  concepts=[("Message streams", "Message streams are parts of it.")])  # fmt: skip
    entry = section("message stream", terms=["message stream"])
    glossary = page("docs/z.md", "Glossary", sections=[entry], concepts=[("message stream", told)], evidence=4)
    users = [page(f"docs/{one}.md", sections=[section(one, terms=["message stream"])]) for one in "cd"]
    order = contents(*[("", one.path, 0) for one in (stream, *users, glossary)])
    (found,) = build_graph([stream, *users, glossary], order).concepts
    assert (found.document_id, found.definition.text) == (stream.document_id, told)
    alike = page("docs/y.md", "Message streams", sections=stream.sections,
                 concepts=[("Message streams", "Message streams are parts.")])  # fmt: skip
    for pages in (
        [stream.model_copy(update={"title": "More"})],
        [stream, alike],
    ):  # no page is the one that tells of it
        (found,) = build_graph([*pages, *users, glossary], order).concepts
        assert (found.document_id, found.definition.text) == (glossary.document_id, told)


def test_what_a_list_says_is_not_needed_by_each_of_its_entries_but_what_holds_the_list_is() -> None:
    def needed(heading: str, title: str = "More", sentence: str = "How long it waits.") -> list[str]:
        options = section(heading, words=90, terms=["setting", "stream", "waittime"])
        entry = page("docs/b.md", title, sections=[options], concepts=[("WaitTime", sentence)], evidence=4)
        held = page("docs/b.md", title, sections=[options], concepts=[("Setting", "A setting is a line of a file.")])
        both = entry.model_copy(update={"key_concepts": (*entry.key_concepts, *held.key_concepts)})
        other = page("docs/c.md", sections=[section("C", terms=["setting", "waittime"])])
        pages = [stream_page("docs/a.md"), both, other, page("docs/d.md", sections=other.sections)]
        found = build_graph(pages, contents(*[("", one.path, 0) for one in pages])).concepts
        names = {one.id: one.name for one in found}
        return [names[key] for one in found if one.name == "WaitTime" for key in one.prerequisites]

    assert needed("Options") == []
    assert needed("Options", sentence="How long a stream waits.") == ["stream"]
    assert needed("Settings") == ["Setting"]
    assert needed("Options", title="Settings") == ["Setting"]


def test_a_name_is_at_home_in_the_section_of_that_name_though_a_list_tells_what_it_is() -> None:
    def told(path: str, heading: str, sentence: str, evidence: int) -> DocumentAnalysis:
        return page(path, path, sections=[section(heading, terms=["preparsing"])],
                    concepts=[("preParsing", sentence)], evidence=evidence)  # fmt: skip

    entry = told("docs/a.md", "Options", "`preParsing`: a function called before parsing.", 4)
    own = told("docs/b.md", "preParsing", "If so, the stream has to be returned.", -1)
    homes = [(one.document_id, one.definition.span.path, one.is_told) for one in
             build_graph([entry, own], Navigation()).concepts]  # fmt: skip
    assert homes == [(own.document_id, entry.path, True)]


def test_a_section_headed_by_a_word_is_no_home_where_the_title_of_another_page_has_it() -> None:
    coverage = page("docs/b.md", "Coverage", sections=[section("Blog", terms=["blog"])],
                    concepts=[("Blog", "All the blog views use what you wrote.")])  # fmt: skip
    other = page("docs/c.md", "More", sections=[section("c", terms=["blog"])])

    def kept(title: str) -> list[str]:
        user = page("docs/a.md", title, sections=[section("a", terms=["blog"])])
        return [one.name for one in build_graph([coverage, user, other], Navigation()).concepts]

    assert (kept("Begin"), kept("Blog views")) == (["Blog"], [])


@pytest.mark.parametrize(
    ("is_first", "heading", "times", "folder", "evidence", "is_needed"),
    [
        (True, "Consumer", 1, "docs", (3, 3), True),
        (False, "Consumer", 9, "docs", (3, 3), False),  # in passing
        (True, "Reading", 1, "docs", (3, 3), False),  # a section about something else
        (True, "Reading", 2, "docs", (3, 3), True),
        (True, "Reading", 2, "more", (3, 3), False),  # of another folder
        (True, "Reading", 2, "docs", (4, 3), False),  # a parameter has another sense on another page
        (True, "Reading", 2, "docs", (3, 4), False),  # the section begins with what all its entries have
    ],
)
def test_what_a_section_says_where_it_begins_is_needed_there(
    heading: str, times: int, folder: str, evidence: tuple[int, int], *, is_first: bool, is_needed: bool
) -> None:
    told = [("message stream", "A message stream is a row of messages.")]
    own = [section("Message stream", terms=["message stream"])]
    first = page("docs/a.md", "Message stream", sections=own, concepts=told, evidence=evidence[0])
    said = section(heading, terms=["consumer", "message stream"], is_first=is_first)
    said = said.model_copy(update={"mentions": (("consumer", 2), ("message stream", times))})
    title = heading.replace("Reading", "Work")
    defined = [("consumer", "A consumer is a reader.")]
    consumer = page(f"{folder}/b.md", title, concepts=defined, sections=[said], evidence=evidence[1])
    users = [page(f"docs/{name}.md", sections=[section(name, terms=["message stream", "consumer"])]) for name in "cd"]
    order = contents(*[("", one.path, 0) for one in (first, consumer, *users)])
    found = {one.name: one for one in build_graph([first, consumer, *users], order).concepts}
    assert {*found} == {"message stream", "consumer"}
    assert bool(found["consumer"].prerequisites) is is_needed


def test_a_concept_is_at_home_on_a_page_about_it_and_not_in_the_news() -> None:
    news = page("docs/changelog.md", "Changelog", sections=[section("Message stream", terms=["message stream"])],
                concepts=[("message stream", "A message stream keeps its place now.")], evidence=-1)  # fmt: skip
    told = [("message stream", "A message stream is a row of messages.")]
    home = page("docs/overview.md", "Overview", sections=[section("S", terms=["message stream"])], concepts=told)
    users = [page(f"docs/{name}.md", sections=[section(name, terms=["message stream"])]) for name in "xyz"]
    order = contents(*[("", one.path, 0) for one in (home, *users, news)])
    (found,) = build_graph([home, *users, news], order).concepts
    assert found.document_id == home.document_id


def test_a_word_that_earlier_pages_say_is_a_concept_only_where_a_section_tells_of_it() -> None:
    def kept(sentence: str, word: str = "column", title: str = "Consumer", heading: str = "") -> bool:
        head = heading or ("Consumer" if word == "column" else word)
        home = page("docs/b.md", title, concepts=[CONSUMER, (word, sentence)],
                    sections=[section(head, terms=["consumer", word])])  # fmt: skip
        users = [page(f"docs/{name}.md", sections=[section(name, words=2000, terms=[word, "consumer"])])
                 for name in "acde"]  # fmt: skip
        pages = [users[0], home, *users[1:]]
        return word in choose_homes(pages, {number: number for number in range(5)})

    assert not kept("Checks of it are what a consumer waits for.")
    assert not kept("Checks of a `column` are what a consumer waits for.")
    assert not kept("Checks of a `column` are what a consumer waits for.", heading="Using column")
    assert kept("`page_size` says how much a consumer waits for.", "page_size")
    assert not kept("A column is what the values of a consumer stand in.")
    assert kept("A column is what the values of a consumer stand in.", heading="A column")
    assert not kept("Checks of it are what a consumer waits for.", "spatialite")
    assert not kept("Checks of it are what a consumer waits for.", "full search")
    assert kept("A full search is what a consumer waits for.", "full search")


def test_in_a_long_page_a_word_that_earlier_chapters_say_is_no_concept_without_a_sentence() -> None:
    def kept(told: str, minutes: int) -> bool:
        chapters = [section("Tables", terms=["column"]), section("Grid", terms=["column"]), section("Columns")]
        (concept,) = page("docs/a.md", "Manual", concepts=[("Columns", told)]).key_concepts
        home = concept.model_copy(update={"section_id": chapters[-1].id})
        manual = page("docs/a.md", "Manual", sections=chapters)
        manual = manual.model_copy(update={"key_concepts": (home,), "minutes": minutes, "word_count": 3000})
        return "column" in choose_homes([manual], {0: 0})

    assert kept("Set them up with care before use.", 10)
    assert not kept("Set them up with care before use.", 200)
    assert kept("Columns are what the values of a table stand in.", 200)


@pytest.mark.parametrize(
    ("title", "sentence", "is_told"),
    [("Stream", "If so, they are sent.", False), ("Page", STREAM[1], True), ("Page", "If so, they are sent.", False)],
)
def test_a_plain_word_is_told_where_a_sentence_says_what_it_is(title: str, sentence: str, *, is_told: bool) -> None:
    home = page("docs/a.md", title, sections=[section("Use", terms=["stream"])], concepts=[("stream", sentence)])
    later = page("docs/b.md", sections=[section("More", terms=["stream"])])
    order = contents(("", home.path, 0), ("", later.path, 0))
    assert [one.is_told for one in build_graph([home, later], order).concepts] == [is_told]


def test_each_short_page_has_a_concept_of_its_own() -> None:
    said = [(name, f"A {name} is one of the parts of the whole.") for name in ("gadget", "widget", "gizmo")]
    pages = [page(f"docs/{name}.md", name.title(), concepts=[(name, text)]) for name, text in said]
    pages = [one.model_copy(update={"minutes": 1}) for one in pages]
    assert len(build_graph(pages, Navigation()).concepts) == 3


def test_what_nearly_every_page_names_is_a_concept_only_where_a_page_of_its_own_defines_it() -> None:
    told = ("Jetstream", "Jetstream is a sequence of messages that is kept.")

    def kept(users: int, title: str = "View") -> bool:
        names = [["jetstream"] * (number < users) for number in range(12)]
        pages = [page(f"docs/{at}.md", sections=[section(f"S{at}", terms=terms), *(section(f"S{at}{part}")
                 for part in range(9))]) for at, terms in enumerate(names)]  # fmt: skip
        home = page("docs/stream.md", title, sections=[section("Parts", terms=["jetstream"])], concepts=[told])
        return "Jetstream" in [one.name for one in build_graph([*pages, home], Navigation()).concepts]

    assert kept(4)
    assert not kept(12)
    assert kept(12, "What is Jetstream?")


def test_a_name_that_no_sentence_defines_is_at_home_where_it_is_brought_up_first() -> None:
    told = [("KettleError", "Boiling dry ends in a `KettleError` for every caller.")]
    first, *others = [
        page(
            f"docs/{name}.md",
            sections=[section(name, terms=["kettleerror"] * (1 + (name == "c")))],
            concepts=told,
            evidence=0,
        )
        for name in "abc"
    ]
    found = build_graph([first, *others], contents(*(("", one.path, 0) for one in (first, *others)))).concepts
    assert [one.document_id for one in found] == [first.document_id]


def test_the_only_thing_a_page_names_is_no_concept_where_earlier_pages_say_it() -> None:
    named = page("docs/b.md", "More of it", sections=[section("Gadgets", terms=["gadget"])],
                 concepts=[("gadget", "More is told here of all that.")], evidence=-1)  # fmt: skip
    user = page("docs/a.md", sections=[section("Use", terms=["gadget"])])
    other = page("docs/a.md", sections=[section("Use", terms=["stream"])])
    order = contents(("", user.path, 0), ("", named.path, 0))
    assert [one.name for one in build_graph([other, named], order).concepts] == ["gadget"]
    assert build_graph([user, named], order).concepts == ()


def test_a_section_that_tells_what_a_thing_is_goes_before_a_page_of_that_title_that_does_not() -> None:
    told = page("docs/b.md", "Begin", sections=[section("What is a stream?", terms=["stream"])],
                concepts=[("stream", "A stream is a line of values.")], evidence=2)  # fmt: skip
    titled = page("docs/c.md", "Using a stream", sections=[section("Using a stream", terms=["stream"])],
                  concepts=[("stream", "Before we dive in, a word on each stream.")], evidence=2)  # fmt: skip
    user = page("docs/a.md", sections=[section("Use", terms=["stream"])])
    order = contents(*(("", one.path, 0) for one in (user, told, titled)))
    assert [c.definition.span.path for c in build_graph([user, told, titled], order).concepts] == ["docs/b.md"]


def test_a_page_for_makers_is_the_home_of_a_word_only_where_users_do_not_say_it() -> None:
    makers = {"for_whom": "makers"}
    home = stream_page("agents/stream.md").model_copy(update=makers)
    other = page("agents/x.md", sections=[SPEAKS_OF_BOTH]).model_copy(update=makers)
    guide = page("docs/guide.md", "Guide", sections=[section("Views", terms=["stream"])])
    assert [one.name for one in build_graph([home, other], Navigation()).concepts] == ["stream"]
    assert [one.name for one in build_graph([home, other, guide], Navigation()).concepts] == []


def test_the_page_of_that_title_is_the_home_not_a_section_that_says_it_better() -> None:
    passing = [("stream", "A stream is something that this page tells in passing.")]
    api = page("docs/api.md", "API", sections=[section("Streams", terms=["stream", "stream"])], concepts=passing)
    graph = build_graph([api, stream_page(evidence=2), page("docs/x.md", sections=[SPEAKS_OF_BOTH])], Navigation())
    assert [(c.name, c.definition.span.path) for c in graph.concepts] == [("stream", "docs/stream.md")]


def test_a_page_that_says_what_its_title_is_goes_before_a_list() -> None:
    listed = page("docs/words.md", "Words", sections=[section("S", terms=["stream"])], concepts=[STREAM], evidence=4)
    for home in (stream_page(), stream_page(is_entry=True)):
        graph = build_graph([home, listed, page("docs/x.md", sections=[SPEAKS_OF_BOTH])], Navigation())
        assert [one.definition.span.path for one in graph.concepts] == ["docs/stream.md"]


def test_nothing_needs_what_is_looked_up_and_it_comes_last() -> None:
    home, reader = stream_page("docs/a.md", is_entry=True), consumer_page()
    graph = build_graph([home, reader, page("docs/x.md", sections=[SPEAKS_OF_BOTH])], Navigation())
    assert {one.name: one.prerequisites for one in graph.concepts} == {"stream": (), "consumer": ()}
    assert graph.section_order[-1][0] == home.document_id


def test_what_a_page_is_about_is_used_by_its_last_word() -> None:
    routing = [("HTTP Routing", "HTTP routing sends each request to the code that answers it.")]
    titled = section("HTTP Routing", terms=["http routing", "routing"])
    home = page("docs/a.md", "HTTP Routing", sections=[titled], concepts=routing)
    user = page("docs/b.md", sections=[section("More", terms=["routing"])])
    assert [concept.name for concept in build_graph([home, user], Navigation()).concepts] == ["HTTP Routing"]


def test_each_chapter_of_a_page_too_long_for_a_module_has_a_concept() -> None:
    names = [f"gadget{letter}x" for letter in "abcdefghijklmnopqrst"]
    chapters = [
        section(f"Chapter {b}", words=2400, terms=[a, b]) for a, b in zip([names[0], *names], names, strict=False)
    ]
    users = page("docs/use.md", sections=[section("Use", words=10, terms=names)])
    told = [(name, f"A {name} is one of the parts of the whole.") for name in names]
    long = page("docs/api.md", "API", sections=chapters, concepts=told)
    concepts = [
        concept.model_copy(update={"section_id": chapter.id})
        for concept, chapter in zip(long.key_concepts, chapters, strict=True)
    ]
    found = build_graph(
        [long.model_copy(update={"key_concepts": concepts, "word_count": 200}), users], Navigation()
    ).concepts
    assert len(found) == 12
    longer = long.model_copy(update={"key_concepts": concepts, "word_count": 200, "minutes": 240})
    assert len(build_graph([longer, users], Navigation()).concepts) == len(names)
    deeper = [chapters[0], *(one.model_copy(update={"level": 3}) for one in chapters[1:])]
    by_minutes = longer.model_copy(update={"sections": tuple(deeper)})
    assert len(build_graph([by_minutes, users], Navigation()).concepts) == len(names)


def test_a_concept_needs_those_its_home_names_and_says_by_which_signs() -> None:
    graph = build_graph([consumer_page(), stream_page(), page("docs/x.md", sections=[SPEAKS_OF_BOTH])], Navigation())
    by_name = {concept.name: concept for concept in graph.concepts}
    assert by_name["consumer"].prerequisites == (by_name["stream"].id,)
    signs = by_name["consumer"].signs[by_name["stream"].id]
    assert set(signs) == {"defined with it", "named where its home begins"}
    assert by_name["stream"].prerequisites == ()


@pytest.mark.parametrize(("name", "longer"), [("Kettles", "Copper Kettles"), ("boilOnce", "boilOnceMore")])
def test_a_concept_needs_the_one_whose_name_its_own_goes_on_from(name: str, longer: str) -> None:
    keys = [term_key(name), term_key(longer)]
    short = page("docs/a.md", name, sections=[section(name, terms=keys[:1])], concepts=[(name, f"{name} is a thing.")])
    whole = section(longer, terms=keys, is_first=False)
    long = page("docs/b.md", longer, sections=[whole], concepts=[(longer, f"{longer} is another thing.")])
    graph = build_graph([short, long, page("docs/x.md", sections=[section("X", terms=keys)])], Navigation())
    (found,) = (one for one in graph.concepts if one.name == longer)
    assert ["part of its name" in signs for signs in found.signs.values()] == [True]


def test_a_name_in_code_is_no_form_of_one_whose_letters_it_begins_with() -> None:
    keys = [term_key("form"), term_key("formatDate")]
    pages = [
        page(
            f"docs/{at}.md", name, sections=[section(name, terms=keys, is_first=False)], concepts=[(f"`{name}`", said)]
        )
        for at, (name, said) in enumerate([("form", "A `form` is a thing."), ("formatDate", "`formatDate` is a call.")])
    ]
    found = build_graph([*pages, page("docs/x.md", sections=[section("X", terms=keys)])], Navigation()).concepts
    assert not [signs for one in found for signs in one.signs.values() if "part of its name" in signs]


def test_a_page_about_people_does_not_take_the_first_group_to_the_end() -> None:
    pages = [page(f"docs/{name}.md") for name in ("index", "community", "install", "use")]
    entries = [("Overview", None, 0), ("", "docs/index.md", 1), ("", "docs/community.md", 1),
               ("Using", None, 0), ("", "docs/install.md", 1), ("", "docs/use.md", 1)]  # fmt: skip
    listed = Navigation("mkdocs.yml", tuple(NavigationEntry(*one) for one in entries))
    order = dict.fromkeys(document_id for document_id, _ in build_graph(pages, listed).section_order)
    assert [*order] == [one.document_id for one in pages]


def test_an_index_that_the_contents_leave_out_opens_its_folder() -> None:
    pages = [page(f"nbs/0{number}_{name}.md") for number, name in enumerate(["first", "second", "third"])]
    index = page("nbs/index.md", "Welcome", doc_type="overview")
    listed = contents(*[("", one.path, 0) for one in pages])
    order = build_graph([*pages, index], listed).section_order
    assert order[0][0] == index.document_id
    assert reading_order([*pages, index], listed)[0] == index


def test_a_listed_page_opens_the_folder_of_its_name_in_its_group() -> None:
    order = ["docs/setup.md", "docs/plugins.md", "docs/plugins/hooks.md", "docs/plugins/tags.md", "docs/theme.md"]
    pages = [page(path) for path in sorted(order)]
    listed = _listed(("Start", order[:1]), ("Guides", [order[1], order[4]]), ("End", ["docs/z.md"]))
    found = build_graph([*pages, page("docs/z.md")], listed).section_order
    paths = {one.document_id: one.path for one in pages} | {page("docs/z.md").document_id: "docs/z.md"}
    assert [*dict.fromkeys(paths[document_id] for document_id, _ in found)] == [*order, "docs/z.md"]
    assert [one.path for one in reading_order([*pages, page("docs/z.md")], listed)] == [*order, "docs/z.md"]


def test_what_nearly_every_page_says_is_needed_where_a_page_of_that_title_tells_of_it() -> None:
    told = ("Jetstream", "Jetstream is a sequence of messages that is kept.")
    home = page("docs/jetstream.md", "Jetstream", sections=[section("Jetstream", terms=["jetstream"])], concepts=[told])
    reply = page("docs/kettle.md", "Kettle", sections=[section("Kettle", terms=["jetstream"])],
                 concepts=[("Kettle", "A kettle is a thing that boils.")])  # fmt: skip
    others = [page(f"docs/x{at}.md", sections=[section(f"S{at}", terms=["jetstream", "kettle"])]) for at in range(14)]
    order = contents(("", home.path, 0), ("", reply.path, 0), *(("", one.path, 0) for one in others))
    found = {one.name: one for one in build_graph([home, reply, *others], order).concepts}
    assert found["Kettle"].prerequisites == (found["Jetstream"].id,)


def test_edges_against_an_authors_order_are_left_out_and_counted() -> None:
    order = contents(("Consumer", "docs/consumer.md", 0), ("X", "docs/x.md", 0), ("Stream", "docs/stream.md", 0))
    stream = stream_page(evidence=4)
    stream = stream.model_copy(update={"names": ("nothing else",)})
    other = page("docs/x.md", sections=[SPEAKS_OF_BOTH])
    graph = build_graph([consumer_page(), other, stream], order)
    assert all(concept.prerequisites == () for concept in graph.concepts)


def test_two_definitions_that_use_each_other_leave_no_circle() -> None:
    both = [section("One", terms=["consumer", "stream"])]
    first = page("docs/a.md", sections=both, concepts=[("stream", "A stream is what a consumer reads from, in order.")])
    second = page("docs/b.md", sections=[SPEAKS_OF_BOTH], concepts=[CONSUMER])
    graph = build_graph([first, second], Navigation())
    assert sum(len(concept.prerequisites) for concept in graph.concepts) <= 1


def test_a_document_that_names_what_another_is_about_comes_after_it() -> None:
    home = stream_page("docs/z.md")
    user = page("docs/a.md", sections=[section(name, terms=["stream"]) for name in ("One", "Two", "Three", "Four")])
    others = [page(f"docs/{name}.md") for name in ("k", "l", "m")]
    graph = build_graph([user, *others, home], Navigation())
    order = [document_id for document_id, _ in graph.section_order]
    assert order.index(home.document_id) < order.index(user.document_id)
    assert (home.document_id, user.document_id) in graph.document_edges


def test_an_authors_order_of_prose_outweighs_the_signs_and_an_alphabet_does_not() -> None:
    first, then = (
        page("docs/b.md", "Using streams", sections=[section("U", terms=["stream"])]),
        stream_page("docs/a.md"),
    )
    told = contents(("Using streams", "docs/b.md", 0), ("Stream", "docs/a.md", 0))
    before = weigh([first, then]).before
    assert before[1, 0] > 0
    assert read_author([first, then], told).order(before) == (0, 1)
    pages = [page(f"docs/{name}.md") for name in ("a", "c", "d", "e")]
    pages = [
        pages[0],
        page("docs/b.md", sections=[section("U", terms=["stream"] * 1)]),
        *pages[1:],
        stream_page("docs/z.md"),
    ]
    alphabet = contents(*((p.title, p.path, 0) for p in pages))
    order = read_author(pages, alphabet).order(weigh(pages).before)
    assert order.index(5) < order.index(1)


def test_contents_that_an_author_wrote_outweigh_signs_and_concepts() -> None:
    """Part 3 of a tutorial stays before part 4, however much it names what part 4 explains."""
    pages = [page("docs/part-3.md", sections=[SPEAKS_OF_BOTH, section("U", terms=["stream"])]), stream_page()]
    told = Navigation("SUMMARY.md", tuple(NavigationEntry(one.title, one.path, 0) for one in pages))
    needed = 1.5 * np.array([[0, -1], [1, 0]], dtype=np.float32)
    assert read_author(pages, told).order(weigh(pages).before + needed) == (0, 1)


@pytest.mark.parametrize("origin", ["README.md", "docs", ""])
@pytest.mark.parametrize("stems", [["01-needs", "02-uses", "03-stream", "05-more"], ["00-a", "10-b", "20-c", "99-d"]])
def test_numbers_in_names_keep_their_order(stems: list[str], origin: str) -> None:
    """A list of files 01, 02, 03 stands by the alphabet, and is an order that an author gave all the same."""
    pages = [page(f"docs/{stem}.md", sections=[section("U", terms=["stream"])]) for stem in stems]
    told = Navigation(origin, tuple(NavigationEntry(one.title, one.path, 0) for one in pages) if origin else ())
    needed = np.zeros((4, 4), dtype=np.float32)
    needed[2, :], needed[:, 2] = 2.4, -2.4
    assert read_author(pages, told).order(needed) == tuple(range(4))


def test_the_numbers_of_one_folder_keep_their_order_among_many_pages_without_numbers() -> None:
    """Such names stand by the alphabet in the contents too, which makes the contents no list by name."""
    stems = ("10-uses", "20-more", "30-needs", "40-words", "50-stream", "60-last")
    lessons = [page(f"docs/lessons/{stem}.md", stem[3:]) for stem in stems]
    others = [page(f"docs/{name}.md", name) for name in "tsrqponmlkjihgfedcba"]
    needed = np.zeros((26, 26), dtype=np.float32)
    needed[4, :], needed[:, 4] = 2.4, -2.4
    for order in (contents(*((one.title, one.path, 0) for one in [*others, *lessons])), Navigation()):
        found = read_author([*lessons, *others], order).order(needed)
        assert [place for place in found if place < len(lessons)] == [*range(len(lessons))]


@pytest.mark.parametrize("count", [1, 2, 7])
def test_the_best_order_follows_weights_without_a_circle(count: int) -> None:
    wanted = [(place * 3) % count if count != 3 else place for place in range(count)]
    rank = {one: place for place, one in enumerate(dict.fromkeys(wanted))}
    weights = np.array([[float(rank.get(j, 0) - rank.get(i, 0)) for j in range(count)] for i in range(count)])
    assert best_order(weights) == list(rank)


def test_reading_order_is_the_authors_with_strays_beside_their_folder() -> None:
    analyses = [page(path) for path in ("docs/b.md", "docs/stray.md", "docs/a.md", "guide/c.md", "README.md")]
    order = contents(("A", "docs/a.md", 0), ("B", "docs/b.md", 0), ("C", "guide/c.md", 0))
    assert names(reading_order(analyses, order)) == [
        "README.md", "docs/a.md", "docs/b.md", "docs/stray.md", "guide/c.md",
    ]  # fmt: skip


def test_a_stray_follows_what_is_listed_below_its_folder() -> None:
    analyses = [page(path) for path in ("docs/stray.md", "docs/index.md", "docs/use/a.md", "docs/use/b.md", "z.md")]
    order = contents(*((one.title, one.path, 0) for one in analyses[1:]))
    assert names(reading_order(analyses, order)) == [
        "docs/index.md", "docs/use/a.md", "docs/use/b.md", "docs/stray.md", "z.md",
    ]  # fmt: skip


def test_without_an_authors_order_beginnings_come_first_and_reference_late() -> None:
    analyses = [
        page("docs/api.md", doc_type="api"), page("docs/faq.md", doc_type="faq"), page("docs/routing.md"),
        page("docs/installation.md"), page("README.md", doc_type="overview"), page("docs/exercises.md"),
    ]  # fmt: skip
    assert names(reading_order(analyses, Navigation())) == [
        "README.md", "docs/installation.md", "docs/routing.md", "docs/api.md", "docs/exercises.md", "docs/faq.md",
    ]  # fmt: skip


def test_the_steps_of_a_tutorial_keep_their_numbers_among_pages_without_numbers() -> None:
    steps = [page(f"docs/tutorial/step-{at}/text.md", name, doc_type="tutorial")
             for at, name in ((1, "Hello"), (2, "Loops"), (10, "Basics"), (11, "Introduction"))]  # fmt: skip
    others = [page(f"docs/{name}.md", name) for name in "abcdefghijklmnop"]
    for order in (Navigation(), contents(*((one.path, one.path, 0) for one in others))):
        graph = build_graph([*reversed(steps), *others], order)
        kept = [name for name, _ in graph.section_order if name in {one.document_id for one in steps}]
        assert [*dict.fromkeys(kept)] == [one.document_id for one in steps]


def test_numbered_files_keep_their_numbers_order() -> None:
    analyses = [page(f"docs/{name}.md") for name in ("10-end", "2-middle", "1-start")]
    assert names(reading_order(analyses, Navigation())) == ["docs/1-start.md", "docs/2-middle.md", "docs/10-end.md"]


def test_news_comes_last_even_when_the_author_puts_it_first() -> None:
    analyses = [page("docs/whats-new.md", "What's New"), page("docs/a.md")]
    order = contents(("News", "docs/whats-new.md", 0), ("A", "docs/a.md", 0))
    assert names(reading_order(analyses, order)) == ["docs/a.md", "docs/whats-new.md"]


def test_questions_stay_in_the_group_where_the_author_lists_them_and_come_last_elsewhere() -> None:
    analyses = [page("docs/faq.md", "FAQ"), page("docs/a.md")]
    for depth, last in ((0, "docs/faq.md"), (1, "docs/a.md")):
        entries = (NavigationEntry("Guides", None, 0), NavigationEntry("FAQ", "docs/faq.md", depth))
        order = Navigation("mkdocs.yml", (*entries, NavigationEntry("A", "docs/a.md", depth)))
        assert names(reading_order(analyses, order))[-1] == last


@pytest.mark.parametrize(
    ("path", "title", "apart"),
    [
        ("SECURITY.md", "Reporting", True), ("docs/SECURITY.md", "Security", True),
        (".github/security.md", "Security", True), ("docs/policy.md", "Security Policy", True),
        ("docs/change-changelog-format.md", "Change Changelog Format", False), ("docs/old.md", "Changelog 2.0", True),
        ("docs/operate/security.md", "Overview", False), ("docs/sets/Security.md", "Security", False),
    ],
)  # fmt: skip
def test_how_to_be_secure_is_of_the_subject_and_whom_to_tell_of_a_hole_is_not(
    path: str, title: str, apart: bool
) -> None:
    assert is_apart(path, title) is apart


def test_pages_whose_names_begin_with_that_of_another_follow_it_with_those_that_go_on_from_them() -> None:
    stems = ["tool", "tool_app", "tool_app_add", "tool_app_list", "tool_login", "tool_repo", "tool_repo_add"]
    says = ["tool_login", "tool_repo_add", "tool_app_list", "tool_repo", "tool_app_add", "tool_app"]
    pages = {stem: page(f"docs/cli/{stem}.md", stem, sections=[section("Use", terms=says[:at])])
             for at, stem in enumerate([*says, "tool"])}  # fmt: skip
    others = [page(f"docs/{name}.md", name) for name in "abc"]
    listed = contents(*((one.title, one.path, 0) for one in others), ("Tool", "docs/cli/tool.md", 0))
    for order in (Navigation(), listed):
        graph = build_graph([*others, *pages.values()], order)
        by_id = {one.document_id: stem for stem, one in pages.items()}
        read = dict.fromkeys(by_id[key] for key, _ in graph.section_order if key in by_id)
        assert [*read] == stems


def test_what_the_authors_contents_leave_out_comes_after_what_they_list() -> None:
    listed = [page(f"docs/{name}.md", doc_type="guide") for name in "abc"]
    forgotten = [page("legacy/README.md", doc_type="overview"), page("legacy/old.md", doc_type="overview")]
    order = contents(*((one.title, one.path, 0) for one in listed))
    graph = build_graph([*forgotten, *listed], order)
    paths = {one.document_id: one.path for one in [*forgotten, *listed]}
    assert [paths[key] for key, _ in graph.section_order][:9] == [one.path for one in listed for _ in range(3)]


@pytest.mark.parametrize(("index", "is_for_all"), [("notes/_index.md", False), ("README.md", True)])
def test_a_list_of_links_orders_its_folder_and_only_that_of_a_first_page_orders_the_others(
    index: str, *, is_for_all: bool
) -> None:
    listed = [page(f"site/notes/{name}.md", sections=[section("U", terms=["stream"])]) for name in "cba"]
    index = index if is_for_all else f"site/{index}"
    tips = [page(f"site/tips/{name}.md") for name in "zyx"]
    pages = [*listed, stream_page("site/stream.md"), page(index), *tips, page("site/tips/index.md")]
    lists = [[index, *(one.path for one in listed)], ["site/tips/index.md", *(one.path for one in tips)]]
    entries = [NavigationEntry("", path, int(at > 0)) for one in lists for at, path in enumerate(one)]
    order = read_author(pages, Navigation(index, tuple(entries))).order(weigh(pages).before)
    found = [pages[one].path.removeprefix("site/") for one in order]
    assert [one for one in found if one in {"notes/c.md", "notes/b.md", "notes/a.md"}] == [
        "notes/c.md", "notes/b.md", "notes/a.md",
    ]  # fmt: skip
    assert [one for one in found if one.startswith("tips/")] == ["tips/index.md", "tips/z.md", "tips/y.md", "tips/x.md"]
    assert (found.index("notes/a.md") < found.index("stream.md")) == is_for_all


def test_a_page_called_docs_comes_before_what_it_goes_into_where_the_author_orders_neither() -> None:
    docs = page("site/docs.md", sections=[section("U", terms=["stream"])])
    pages = [stream_page("site/parts/stream.md"), page("site/z.md"), docs]
    assert build_graph(pages, Navigation()).section_order[0][0] == docs.document_id
    front = page("site/index.md")
    for own in ([front, *pages], [*pages, front]):  # the first page of the folder stays the first
        assert build_graph(own, Navigation()).section_order[0][0] == front.document_id


def _listed(*groups: tuple[str, list[str]]) -> Navigation:
    entries = []
    for name, paths in groups:
        entries += [NavigationEntry(name, None, 0), *(NavigationEntry("", path, 1) for path in paths)]
    return Navigation("mkdocs.yml", tuple(entries))


def test_between_groups_the_documents_decide_that_the_author_listed() -> None:
    """Pages of the same folder that the contents leave out do not draw a group to the end."""
    first, second = ["docs/b.md", "docs/z.md"], ["docs/a.md", "docs/c.md"]
    strays = [f"docs/{name}.md" for name in "defghijklm"]
    pages = [page(path) for path in [*first, *second, *strays, "docs/first/x.md"]]
    told = _listed(("First", [*first, "docs/first/x.md"]), ("Second", second))
    pages += [page(f"docs/first/{name}.md") for name in "pqrstuvw"]
    order = read_author(pages, told).order(weigh(pages).before)
    listed = [pages[one].path for one in order if pages[one].path in [*first, *second]]
    assert listed == [*first, *second]


def test_a_page_that_the_contents_leave_out_comes_after_the_listed_ones_though_it_says_all_their_words() -> None:
    words = ["sail", "hull", "mast", "oar"]
    pages = [page(f"docs/{word}.md", sections=[section("U", terms=[word])], concepts=[(word, "A.")]) for word in words]
    pages.append(page("docs/man/boat.1.md", sections=[section("V", terms=words)], concepts=[("boat", "A sail.")]))
    told = _listed(("Boats", [one.path for one in pages[:4]]))
    needed = np.zeros((5, 5), dtype=np.float32)
    needed[4, :4], needed[:4, 4] = 0.9, -0.9
    assert read_author(pages, told).order(needed) == (0, 1, 2, 3, 4)


def test_the_graph_of_many_documents_fits_the_memory_of_a_worker() -> None:
    pages = [
        page(f"docs/{place}.md", f"Part {place}", sections=[section(f"S{place}", terms=["part", f"word {place}"])])
        for place in range(1_500)
    ]
    build_graph(pages[:2], Navigation())  # what the first graph of a process loads stays loaded
    tracemalloc.start()
    try:
        graph = build_graph(pages, Navigation())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(graph.section_order) == len(pages)
    # Memory grows by the square, and the stages may have 600 MiB in all for 3,000 documents. A square has four bytes
    # for each pair of documents.
    assert most < 5 * 4 * len(pages) ** 2


def test_an_overview_opens_the_course_even_if_titles_of_others_sound_like_openings() -> None:
    readme = page("README.md", "Jobs", doc_type="overview", sections=[section("Jobs", terms=["job"])])
    basics = [page(f"docs/{name}.md", f"{name} basics", sections=[section(name, terms=["job"])]) for name in ("Q", "R")]
    graph = build_graph([*basics, readme], Navigation())
    assert graph.section_order[0][0] == readme.document_id


def test_a_blog_is_news_wherever_the_site_is_that_it_is_of() -> None:
    assert is_news("websites/acme/src/content/blog/post.mdx", "A post")
    assert is_news("www/content/essays/hypermedia.md", "Why")
    assert is_news("docs/case-studies/acme.md", "Acme")
    assert is_news("manual/030_news/01.adoc", "Plain words")
    assert is_news("docs/appendix/change-history.adoc", "Change History")
    assert is_news("Guide/RevisionHistory.md", "Document Revision History")
    assert not is_news("docs/tutorial/blog/models.md", "Models")
    assert not is_news("docs/api/posts/list.md", "Posts")


@pytest.mark.parametrize(
    ("path", "apart"), [("HISTORY.md", True), ("docs/history.md", True), ("book/01/history.asc", False)]
)
def test_a_page_of_history_is_the_projects_near_the_root_and_the_subjects_in_a_book(path: str, apart: bool) -> None:
    assert is_apart(path, "A Short History") is apart


@pytest.mark.parametrize(
    ("title", "news"),
    [
        ("1.3 Numbers", False), ("Chapter 2.1 Lists", False), ("7.10. Sets", False),
        ("1.3", True), ("1.3 (2020-04-01)", True), ("Version 2.0 is here", True), ("mruby 3.4", True),
        ("2.0 released", True),
    ],
)  # fmt: skip
def test_a_numbered_page_of_a_book_is_not_the_news_of_a_release(title: str, news: bool) -> None:
    assert is_news("book/page.md", title) is news


@pytest.mark.parametrize("path", ["learn/index.md", "learn.md"])
@pytest.mark.parametrize("folder", ["learn", "learn/basics"])
def test_the_page_that_opens_a_folder_comes_first_where_the_author_lists_nothing(path: str, folder: str) -> None:
    uses = section("Uses", terms=["stream"])
    opening = page(path, "Learning", sections=[uses], doc_type="tutorial")
    home = page(f"{folder}/stream.md", "Stream", sections=[section("S", terms=["stream"])], concepts=[STREAM])
    graph = build_graph([home, opening, page("other/more.md")], Navigation())
    assert graph.section_order[0][0] == opening.document_id


def test_a_manual_page_that_the_contents_leave_out_comes_last_though_all_pages_use_its_words() -> None:
    options = [(f"option{at}", f"An option{at} is one of the things that the program takes.") for at in range(6)]
    terms = [name for name, _ in options]
    manual = page("docs/man/jig.1.md", "Jig", doc_type="reference", concepts=options,
                  sections=[section(name, terms=[name]) for name in terms])  # fmt: skip
    guides = [page(f"docs/use/{name}.md", name, concepts=[(name, f"{name} is a way to use option1.")],
                   sections=[section(name, terms=terms)]) for name in ("Ant", "Bee", "Cat")]  # fmt: skip
    order = contents(*[("", one.path, 0) for one in guides])
    found = build_graph([manual, *guides, page("docs/README.md", "Jig")], order).section_order
    places = list(dict.fromkeys(document for document, _ in found))
    assert places[-1] == manual.document_id
    assert places[0] == page("docs/README.md", "Jig").document_id


def test_what_every_page_says_is_a_concept_where_a_section_says_what_it_is() -> None:
    def kept(sentence: str) -> bool:
        homes = [page("docs/b.md", "Opening", concepts=[("Action", sentence)],
                      sections=[section("Action", terms=["action", "consumer"])])]  # fmt: skip
        pages = [*homes, *(page(f"docs/c{n}.md", sections=[section(f"c{n}", terms=["action"])]) for n in range(20))]
        return "action" in choose_homes(pages, {number: number for number in range(len(pages))})

    assert kept("An action is an object that says what happened.")
    assert not kept("Everybody who works here knows many of them.")


def test_of_two_sections_that_say_what_a_thing_is_the_first_is_its_home() -> None:
    def told(path: str) -> DocumentAnalysis:
        return page(path, path, sections=[section("Streams", terms=["stream"])], concepts=[STREAM])

    first, second = told("docs/a.md"), told("docs/b.md")
    for rank, home in (({0: 0, 1: 1}, first), ({0: 1, 1: 0}, second)):
        assert choose_homes([first, second], rank)["stream"].analysis == home


def test_a_name_without_a_gloss_is_a_concept_only_where_its_page_has_no_other() -> None:
    told = page("docs/a.md", "Opening", sections=[section("Streams", terms=["stream"])],
                concepts=[STREAM, ("loading posts", "Open the file and look at it now.")])  # fmt: skip
    untold = page("docs/b.md", "More", sections=[section("Posts", terms=["stream"])],
                  concepts=[("showing posts", "Open the file and look at it now.")])  # fmt: skip
    user = page("docs/c.md", sections=[section("c", terms=["stream", "loading posts", "showing posts"])])
    also = page("docs/d.md", sections=[section("d", terms=["stream", "loading posts", "showing posts"])])
    found = build_graph([told, untold, user, also], Navigation()).concepts
    assert {one.name: one.is_told for one in found} == {"stream": True, "showing posts": False}


def test_a_folder_that_contents_list_by_the_alphabet_is_ordered_by_what_its_pages_say_and_others_stay() -> None:
    def listed(names: Sequence[str], title: str = "") -> list[DocumentAnalysis]:
        return [
            page(f"docs/{names[0].lower()}/{name}.md", title, sections=[section(name, words=900)]) for name in names
        ]

    guides = listed(("Advanced", "Bolts", "Clamps", "Drills", "Edges", "First-steps"))
    guides = [one.model_copy(update={"path": f"docs/guides/{one.path.rpartition('/')[2]}"}) for one in guides]
    faces = [one.model_copy(update={"path": f"docs/faces/{one.path.rpartition('/')[2]}"})
             for one in listed(("Server", "Routes", "Hooks", "Reply", "Errors", "Plugins"), "Jig")]  # fmt: skip
    order = contents(*[("", one.path, 0) for one in [*guides, *faces]])
    signs = read_author([*guides, *faces], order).signs
    assert abs(signs[0, 5]) < 1 < signs[0, 6]  # of one folder by its alphabet, and of two
    assert all(signs[at, at + 1] > 1 for at in range(6, 11))


def test_a_page_about_the_others_of_a_list_by_name_opens_it() -> None:
    titles = ("About Nuts", "Bolt", "Clamp", "Drill", "Edge", "File")
    pages = [page(f"docs/{title[:5]}.md", title, sections=[section(title, words=900)]) for title in titles]
    signs = read_author(pages, contents(*[("", one.path, 0) for one in pages])).signs
    assert all(signs[0, at] > 1 for at in range(1, 6))
    assert abs(signs[1, 2]) < 1


def test_a_tree_of_several_that_run_in_parallel_means_its_own_page() -> None:
    names = ("stream", "setup", "usage")
    said = [section("Views", terms=["stream"])]
    pages = [
        stream_page(f"docs/{tree}/{name}.md") if name == "stream" else page(f"docs/{tree}/{name}.md", sections=said)
        for tree in ("ruby", "go", "java")
        for name in (*names, "install")
        if (tree, name) != ("java", "stream")
    ]
    (stream,) = (one for one in build_graph(pages, Navigation()).concepts if one.name == "stream")
    ruby, go = (next(one for one in pages if one.path == f"docs/{tree}/stream.md") for tree in ("ruby", "go"))
    own = {f"docs/{tree}/": (one.document_id, one.sections[0].id) for tree, one in (("ruby", ruby), ("go", go))}
    assert stream.homes == {"": own["docs/ruby/"], "docs/": own["docs/ruby/"], **own}


def test_two_folders_with_a_page_of_one_name_and_title_mean_each_its_own() -> None:
    pages = [stream_page("docs/ruby/stream.md"), stream_page("docs/go/stream.md")]
    before, after = (page(f"docs/a{n}.md", sections=[section("Views", terms=["stream"])]) for n in (1, 2))
    (stream,) = (one for one in build_graph([*pages, before], Navigation()).concepts if one.name == "stream")
    assert stream.homes["docs/"] is None
    assert stream.homes["docs/go/"] == (pages[1].document_id, pages[1].sections[0].id)
    other = build_graph([stream_page("docs/ruby/stream.md"), before, after], Navigation()).concepts
    assert [one.homes for one in other if one.name == "stream"] == [{}]


def test_code_said_in_passing_is_no_concept_where_earlier_pages_say_it() -> None:
    passing = [("`MapStore`", "The `MapStore` keeps the keys of the second generator.")]
    narrow = page("docs/z.md", sections=[section("How it works", terms=["mapstore"])], concepts=passing, evidence=1)
    uses = [page(f"docs/{name}.md", sections=[section("Views", terms=["mapstore"])]) for name in "ab"]
    assert not [one for one in build_graph([*uses, narrow], Navigation()).concepts if "MapStore" in one.name]
