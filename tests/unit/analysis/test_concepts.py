import pytest

from services.doc_analyser.offline.concepts import find_concepts
from services.doc_analyser.offline.definitions import defines
from services.doc_analyser.offline.mentions import count_mentions
from services.doc_analyser.offline.subjects import find_subjects
from shared.docs.reader import read_document
from shared.engine.types import Concept
from shared.language.terms import mentions, term_key
from tests.support.processor_time import processor_seconds
from tests.unit.analysis.build import analysis, document


def all_concepts(text: str, path: str = "docs/page.md") -> dict[str, Concept]:
    return {concept.name: concept for concept in find_concepts(document(text, path), "d1", "en")}


def concepts(text: str, path: str = "docs/page.md") -> dict[str, Concept]:
    return {name: concept for name, concept in all_concepts(text, path).items() if concept.evidence > 0}


def test_a_heading_alone_names_a_concept_with_its_first_sentence() -> None:
    found = all_concepts("# Page\n\n## Square brackets\n\nOpen the file and look at its first line now.\n")
    assert {name: concept.evidence for name, concept in found.items()} == {"Square brackets": 2}


def test_a_gloss_may_begin_with_a_name_that_begins_small() -> None:
    told = "cBuffer keeps what was read last in the memory of the server."
    assert concepts(f"# cBuffer\n\n{told}\n")["cBuffer"].definition.text == told


def test_the_note_that_a_thing_is_not_shown_tells_of_nothing() -> None:
    assert not concepts("# Guide\n\nIt helps.\n\n## Running\n\n`run_help` is not shown here.\n").keys() & {"run_help"}


def test_what_a_thing_is_not_does_not_say_what_it_is() -> None:
    text = (
        "# Page\n\n## Lazy streams\n\nType checkers help here a lot. Lazy streams are *not* known to them, so beware.\n"
    )
    found = all_concepts(f"{text}\nLazy streams read their messages when somebody asks.\n")["Lazy streams"]
    assert found.definition.text == "Lazy streams read their messages when somebody asks."


def test_an_acronym_of_several_is_named_as_one() -> None:
    assert list(concepts("# Page\n\n## SDKs\n\nSDKs are libraries that read and write each event.\n")) == ["SDK"]


def test_underscores_around_a_name_in_code_are_part_of_it() -> None:
    said = "`__zork_frotz__` holds the fields of a class."
    text = f"# Page\n\nIt begins.\n\n{said}\n\n`__zork__()`\n: Boils the water of a kettle.\n"
    assert list(all_concepts(text)) == ["__zork_frotz__", "__zork__"]
    assert list(concepts("# Page\n\n## `__frotz__()`\n\nPours the water that was boiled.\n")) == ["__frotz__"]
    (found,) = find_concepts(document(f"# Page\n\nIt begins.\n\n{said}\n", "a.md"), "d1", "en")
    assert mentions("It reads `__zork_frotz__` of it.", term_key(found.name))


def test_a_heading_that_is_a_call_names_the_function() -> None:
    def named(heading: str) -> list[tuple[str, int]]:
        found = concepts(f"# Page\n\n## {heading}\n\nChecks if the given types are acceptable.\n")
        return [(name, concept.evidence) for name, concept in found.items()]

    assert named("request.accepts(types)") == [("request.accepts", 3)]  # prose says "accepts" in other senses
    assert named("jest.fn(implementation?)") == [("jest.fn", 3)]
    assert named("jest.spyOn(object)") == named(".spyOn(object)") == [("spyOn", 3)]
    assert named("moduleMapper [object<string>]") == [("moduleMapper", 3)]


def test_a_common_word_in_code_is_no_name_of_its_own() -> None:
    assert concepts("# Page\n\nIt begins.\n\nThe `size` is the number of bytes of the file.\n") == {}
    assert list(concepts("# Page\n\nIt begins.\n\nThe `readall` function reads the whole of a file.\n")) == ["readall"]


def test_a_name_of_the_api_is_a_concept_where_a_sentence_begins_with_it_and_not_where_one_brings_it_up() -> None:
    said = "`Zork` boils the water of a kettle. `Frotz()` pours it, or raises a `KettleError`, for all callers."
    found = all_concepts(f"# Page\n\nSome words of it.\n\n## More\n\n{said} Use `sudo` and `on_boil` here.\n")
    told = {name: concept.evidence for name, concept in found.items()}
    assert told == {"Zork": 1, "Frotz": 1}


def test_a_function_called_like_a_small_word_is_no_concept() -> None:
    assert all_concepts("# Page\n\nIt begins.\n\nThe `with` function sets the context of a block of lines.\n") == {}


def test_a_first_sentence_whose_verb_has_a_subject_left_out_is_a_gloss() -> None:
    found = concepts("# useStepper\n\nProvides helpers for building a wizard of many steps.\n")
    assert [concept.evidence for concept in found.values()] == [2]


def test_a_heading_and_the_sentence_that_defines_it_make_a_concept_with_its_exact_lines() -> None:
    found = concepts("# Storage\n\n## Streams\n\nStreams are message stores that keep\nevery message they are given.\n")
    assert list(found) == ["Streams"]
    span = found["Streams"].definition.span
    assert (span.path, span.start_line, span.end_line) == ("docs/page.md", 5, 6)
    assert found["Streams"].evidence == 3


def test_a_marked_term_in_the_middle_of_a_page_is_a_concept() -> None:
    found = concepts(
        "# Overview\n\nRead this first, please, it matters.\n\nA **callback** is a function that runs after parsing.\n"
    )
    assert [c.evidence for c in found.values()] == [2]
    assert found["callback"].definition.text == "A **callback** is a function that runs after parsing."


def test_a_plain_definition_is_a_weak_home() -> None:
    found = concepts("# Page\n\nIt begins.\n\nA gadget is a small device that does one thing.\n")
    assert {name: concept.evidence for name, concept in found.items()} == {"gadget": 1}


def test_the_furniture_of_a_specification_is_no_concept() -> None:
    assert concepts("# Page\n\n## Conformance\n\nThe key words of this page mean what RFC 2119 says of them.\n") == {}


@pytest.mark.parametrize(
    "talk",
    [
        "If you use a public plugin then check whether there is another one.",
        "If not you will need to write your own one.",
        "Let's take a look at all the changes you need to apply.",
        "As we know testing is integral to any piece of software.",
        "Testing is what every program in the world needs so much!",
    ],
)
def test_talk_with_the_reader_is_no_gloss(talk: str) -> None:
    assert concepts(f"# Page\n\n## Testing\n\n{talk}\n") == {}
    said = "Testing is the work of finding out whether a program does what it should."
    (found,) = concepts(f"# Page\n\n## Testing\n\n{talk} {said}\n").values()
    assert found.definition.text == said


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("HTTP Routing", ["HTTP Routing"]),
        ("Server Side Rendering (SSR)", ["Server Side Rendering"]),
        ("What is a Store?", ["Store"]),
        ("Interface: PiniaPlugin", ["PiniaPlugin"]),
        ("Key/Value store", ["Key/Value store"]),
        ("Nuxt.js", ["Nuxt.js"]),
        ("Connecting to a Cluster", ["Cluster"]),
        ("Setting a Connect Timeout", ["Connect Timeout"]),
        ("Listen for Connection Events", ["Connection Events"]),
        ("Turn On Pedantic Mode", ["Pedantic Mode"]),
        ("Standalone Application with Briefcase", ["Standalone Application", "Briefcase"]),
        ("Third party UIs", []),
        ("Keep the Kettle Running", []),
        ("Define and Access the Database", []),
        ("Keepers of order", ["Keepers of order"]),
        ("Thread Pool", ["Thread Pool"]),
        ("Background Task", ["Background Task"]),
        ("Parameter Names", ["Parameter Names"]),
        ("Names", []),
        ("First Steps", []),
        ("Create additional commands", []),
        ("Tests", []),
        ("Unit Tests", ["Unit Tests"]),
        ("Basic example", []),
        ("Why?", []),
        ("docs/page.md", []),
    ],
)
def test_a_heading_names_things_or_what_it_does_something_to(heading: str, names: list[str]) -> None:
    assert [name for name, _ in find_subjects(heading)][-len(names) or 99 :] == names


def test_the_title_of_a_page_is_told_by_the_first_sentence_that_says_it() -> None:
    found = concepts("# Applications\n\n## State\n\nAn application keeps its own state between two requests.\n")
    assert found["Applications"].definition.text == "An application keeps its own state between two requests."


def test_a_page_is_told_by_the_sentence_that_begins_with_its_subject() -> None:
    said = "A kettle is a vessel in which water boils."
    (found,) = concepts(f"# Kettles\n\nThis shop has many kettles. Here they are.\n\n## More\n\n{said}\n").values()
    assert found.definition.text == said


@pytest.mark.parametrize(
    ("text", "name", "gloss"),
    [
        ("- **Frotz**: an object that says what was boiled", "Frotz", "**Frotz**: an object that says what was boiled"),
        ("- **Frotz:** an object that was boiled", "Frotz", "**Frotz:** an object that was boiled"),
        ("- Frotz: A group to put kettles in", "Frotz", "Frotz: A group to put kettles in"),
        ("- *Frotz* – any kettle that boils over", "Frotz", "*Frotz* – any kettle that boils over"),
        ("- `boil_for` - How long the water has to boil", "boil_for", "`boil_for` - How long the water has to boil"),
        ("**Frotz**: an object that was boiled.", "Frotz", "**Frotz**: an object that was boiled."),
        (
            "- [Frotz](https://b.example/x): a tool that boils",
            "Frotz",
            "[Frotz](https://b.example/x): a tool that boils",
        ),
        ("Frotz\n: An object that says what was boiled", "Frotz", "An object that says what was boiled"),
        ("| Term | Meaning |\n|---|---|\n| Frotz | an object that boils |", "Frotz", "an object that boils"),
    ],
)
def test_an_entry_of_a_list_or_a_table_says_what_its_term_is(text: str, name: str, gloss: str) -> None:
    found = concepts(f"# Page\n\nIt begins.\n\n{text}\n")
    assert {one: (told.evidence, told.definition.text) for one, told in found.items()} == {name: (4, gloss)}


@pytest.mark.parametrize(
    "text",
    [
        "- Frotz: boils and pours the water of a kettle",
        "- Note: the kettle is hot when it boils",
        "- `size`: the number of bytes of the water",
        "- Read the manual: the kettle has one of them",
        "- Passive: the kettle is boiled by somebody else",
        "- Frotz: each kettle is boiled by somebody else",
        "- [Frotz](frotz.md): a page on what was boiled",
        "| Option | Default |\n|---|---|\n| Frotz | none of all these |",
    ],
)
def test_an_item_of_another_form_is_no_entry(text: str) -> None:
    assert concepts(f"# Page\n\nIt begins.\n\n{text}\n") == {}


def test_a_linked_term_is_a_marked_one() -> None:
    def found(link: str) -> dict[str, int]:
        text = f"# Page\n\nIt begins.\n\n[Briefcase]({link}) is a tool for packaging projects.\n"
        return {name: concept.evidence for name, concept in concepts(text).items()}

    assert found("b.md") == {"Briefcase": 2}
    assert found("https://b.example/x") == {}  # another project


def test_a_sentence_that_introduces_an_identifier_tells_of_it() -> None:
    found = concepts("# Page\n\nWidgets has an `APIView` class, which subclasses the `View` class of the library.\n")
    assert list(found) == ["APIView"]


@pytest.mark.parametrize(("code", "is_named"), [("TankView()", True), ("struct TankView { }", False)])
def test_what_an_example_makes_is_no_name_of_the_project(code: str, is_named: bool) -> None:
    text = f"# Page\n\nIt begins.\n\n```swift\n{code}\n```\n\nThe `TankView` structure holds the water.\n"
    assert ("TankView" in concepts(text)) is is_named


def test_a_name_that_a_section_heads_is_at_home_there_with_the_first_sentence_that_points_nowhere() -> None:
    text = (
        "# Pages\n\nThe `PageStyle` class has attributes.\n\n"
        "## PageStyle\n\n`{flags} (path)`\n\nPages of numbers come one by one.\n"
    )
    (found,) = (one for one in all_concepts(text).values() if one.name == "PageStyle")
    assert found.definition.text == "Pages of numbers come one by one."


def test_a_page_about_people_names_no_concept() -> None:
    text = "# Jobs\n\n## Maintenance team\n\nA maintenance team is a group of people.\n"
    for path, is_named in (("docs/community/jobs.md", False), ("docs/guide/jobs.md", True)):
        assert bool(find_concepts(read_document(path, text.encode(), {}), "d1", "en")) == is_named


def test_a_line_of_links_is_no_gloss() -> None:
    assert concepts("# Store\n\n[API documentation](../a.md) / [the store](../b.md) / Store\n") == {}


def test_a_name_that_an_article_leads_or_a_title_holds_is_defined_in_passing() -> None:
    found = concepts(
        "# When to use the Mailgate\n\nThe Mailgate is a service that keeps letters until they are read.\n"
    )
    assert {name: concept.evidence for name, concept in found.items()} == {"Mailgate": 2}
    found = concepts("# Overview\n\nThe Mailgate is a service that keeps letters until they are read.\n")
    assert {name: concept.evidence for name, concept in found.items()} == {"Mailgate": 1}


def test_a_function_with_a_plain_name_is_called_by_its_owner() -> None:
    found = concepts("# Overview\n\nThe `disk.Stat` function resolves a path of the project's own folder.\n")
    assert [*found] == ["disk.Stat"]


def test_a_page_of_lists_is_about_what_its_title_makes() -> None:
    found = all_concepts("# Design a ring buffer\n\n## Constraints\n\n* All of the items fit into memory at once\n")
    assert {name: concept.evidence for name, concept in found.items()} == {"ring buffer": -1}


def test_a_glossary_gives_all_its_entries() -> None:
    text = "# Glossary\n\n" + "\n\n".join(
        f"{name}\n:   The part of the system that deals with {name.lower()} work."
        for name in ("Broker", "Cluster", "Quorum")
    )
    assert list(concepts(text + "\n")) == ["Broker", "Cluster", "Quorum"]


def test_release_notes_define_nothing() -> None:
    text = "# Release notes\n\nA **stream** is a durable sequence of messages.\n"
    assert concepts(text, "docs/release-notes.md") == {}


@pytest.mark.parametrize(
    "sentence",
    [
        "This is a function that runs after parsing.",
        "It is a good idea to test your code before release.",
        "The following is a list of all known options.",
        "A callback is optional and runs after parsing has ended.",
        "The result is a list of integers in ascending order.",
        "The default is a value that nobody ever wants.",
        "A note is a thing to keep in mind for later.",
        "The `--force` flag is a way to skip the question.",
        "The file docs/page.md is a page about nothing at all.",
        "Streams are designed to keep messages for later use.",
        "There is a function that runs after all parsing.",
        "What is a callback and why would one use it?",
    ],
)
def test_sentences_that_define_no_term_of_the_subject(sentence: str) -> None:
    assert defines(sentence) is None


@pytest.mark.parametrize(
    ("sentence", "term"),
    [
        ("A *durable consumer* is a consumer whose state survives restarts.", "durable consumer"),
        ("Middleware refers to the code that wraps every request.", "Middleware"),
        ("Ein **Strom** ist eine dauerhafte Folge von Nachrichten.", "Strom"),
        ("Un **flux** est une suite durable de messages ordonnés.", "flux"),
    ],
)
def test_sentences_that_define_a_term(sentence: str, term: str) -> None:
    found = defines(sentence)
    assert found is not None
    assert found.term == term


def test_a_word_with_a_hyphen_says_its_end_and_the_whole_but_not_its_beginning() -> None:
    assert dict(count_mentions(["The env-vars are set."], [])) == {"env var": 1, "var": 1, "set": 1}


def test_code_uses_the_names_of_several_words_that_it_calls_once_a_block() -> None:
    code = ["const schema = z.fromJSONSchema(text);\nz.string().or(z.string());", '<p x-on:click="z.string()">']
    used = {"z fromjsonschema": 1, "fromjsonschema": 1, "x on": 1}
    assert dict(count_mentions(["`z.string`"], code)) == {"string": 1, "z string": 3, **used}


def test_a_function_is_told_by_its_docstring_where_that_is_shown_as_text() -> None:
    source = 'def keymap(func):\n    """Apply a function to the keys\n\n    More of it.\n    """\n'
    source += 'def include(func):\n    """Take a function with all the others.\n\n    .. code-block:: python\n\n'
    source += '        def zork(x):\n            return x\n\n    The water is poured all at once.\n    """\n'
    text = b"API\n===\n\n.. autofunction:: acme.keymap\n\n.. autofunction:: acme.include\n"
    found = {one.name: one.definition for one in find_concepts(read_document("docs/api.rst", text,
             {"docs/api.rst": text, "acme.py": source.encode()}), "d1", "en")}  # fmt: skip
    assert (found["keymap"].text, found["keymap"].span.path) == ("Apply a function to the keys", "acme.py")
    assert "include" not in found  # Prose says the word in its own sense.
    assert "zork" not in found  # A docstring shows it as an example.


@pytest.mark.parametrize(
    "sentence",
    [
        "Streams were removed from the library in version 2.",
        "Added streams to all parts of the library.",
        "The `read_all` parameter has been renamed to `read_some`.",
        "Streams were stabilized in version 2.",
        "Streams are no longer a property.",
        "Streams now have more options than before.",
        "As of v1.0.0, Streams have another design.",
        "Streams can be disabled by a setting.",
    ],
)
def test_what_became_of_a_thing_does_not_say_what_it_is(sentence: str) -> None:
    assert concepts(f"# Page\n\n## Streams\n\n{sentence}\n") == {}


def test_a_dotted_heading_is_a_concept_where_code_says_it_and_the_project_where_a_sentence_does() -> None:
    shuffles = "Returns a slice by changing the order of another one.\n\n```\n{{ coll.Shuffle $x }}\n```\n"
    assert list(all_concepts(f"# coll.Shuffle\n\n{shuffles}")) == ["coll.Shuffle"]
    assert list(all_concepts(f"# coll.Sort\n\n{shuffles}")) == []
    told = "# Widgets\n\nA widget is a part of a page that people see and use.\n"
    passing = "# Widgets\n\nInstall the widgets of this page first.\n"
    for path, text, kept in (("README.md", told, ["Widgets"]), ("docs/a.md", told, []), ("README.md", passing, [])):
        read = read_document(path, text.encode(), {})
        assert [one.name for one in find_concepts(read, "d1", "en", "widgets")] == kept


def test_a_sentence_without_blanks_can_say_what_a_term_is() -> None:
    found = concepts("# 用語集\n\nPromise\n:   プロミスという仕様そのものを表す言葉です。\n")
    assert list(found) == ["Promise"]


@pytest.mark.parametrize(
    "table", ["| Only |\n|---|\n| one |\n", "<table><tr><th>A</th></tr><tr><td>one</td></tr></table>\n"]
)
def test_a_table_of_one_column_says_nothing_of_its_terms(table: str) -> None:
    read = read_document("docs/a.md", f"# Widgets\n\nThe canvas is drawn.\n\n{table}".encode(), {})
    assert "one" not in [one.name for one in find_concepts(read, "d1", "en")]


def test_a_common_word_in_a_table_is_a_key_or_a_state_and_another_word_is_a_term() -> None:
    rows = "| Key | What it is |\n|---|---|\n| Enter | The key that closes a menu |\n| Minimap | A view of a file |\n"
    read = read_document("docs/a.md", f"# Widgets\n\nThe canvas is drawn.\n\n{rows}".encode(), {})
    names = [one.name for one in find_concepts(read, "d1", "en")]
    assert ("Enter" in names, "Minimap" in names) == (False, True)


def test_the_headings_of_a_glossary_are_its_entries_though_no_sentence_repeats_them() -> None:
    text = "# Glossary\n\n## Bundle\n\nA folder that is written ahead of time and sent on.\n\n## Kiln\n\nToo short.\n"
    assert {name: one.evidence for name, one in concepts(text).items()} == {"Bundle": 4}
    assert concepts(text.replace("Glossary", "Folders"))["Bundle"].evidence < 4


def test_a_key_in_code_is_no_concept_and_a_name_is() -> None:
    rows = "| Key | What it does |\n|---|---|\n| `Enter` | Closes the menu and takes the word |\n"
    assert "Enter" not in all_concepts(f"# Widgets\n\nThe canvas is drawn.\n\n{rows}")
    assert "RowView" in all_concepts(f"# Widgets\n\nThe canvas is drawn.\n\n{rows.replace('Enter', 'RowView')}")


def test_the_first_page_says_what_the_project_is_in_its_first_such_sentence_whatever_its_title() -> None:
    text = "# Start\n\nWidgets is a set of parts for pages.\n\n## People\n\n*Widgets* is the result of much work.\n"
    (found,) = find_concepts(read_document("README.md", text.encode(), {}), "d1", "en", "Widgets")
    assert (found.name, found.definition.text) == ("Widgets", "Widgets is a set of parts for pages.")


@pytest.mark.parametrize(
    "sentence",
    [
        "A tombstone is a marker of a row that is no longer visible.",
        "A tombstone marks the time from now until a key expires.",
    ],
)
def test_what_is_no_longer_so_may_be_a_part_of_what_a_thing_is(sentence: str) -> None:
    assert "Tombstone" in concepts(f"# Page\n\n## Tombstone\n\n{sentence}\n")


def test_a_page_of_function_definitions_is_no_glossary_and_the_title_of_one_is_no_entry() -> None:
    text = "# {}\n\nThis page explains the words of a guide.\n\n## Scoping\n\nNames live as long as their block does.\n"
    found = {title: concepts(text.format(title)) for title in ("Function definitions", "Glossary")}
    assert {name: one.evidence for name, one in found["Glossary"].items()} == {"Scoping": 4}
    assert all(one.evidence < 4 for one in found["Function definitions"].values())


def test_code_that_a_heading_names_is_a_concept_though_no_sentence_below_says_what_it_is() -> None:
    found = all_concepts("# Hooks\n\nIt begins with hooks.\n\n## preBoil\n\nIf you use it, you can change water.\n")
    assert found["preBoil"].evidence == -1


def test_a_page_on_another_version_defines_nothing() -> None:
    text = "# Migration guide\n\n## Changes\n\n- `onBoil` - The hook will be called when water boils\n"
    assert "onBoil" not in concepts(text)
    assert "onBoil" in concepts(text.replace("Migration", "Kettle"))


def test_the_subject_of_a_page_is_at_home_where_the_page_begins() -> None:
    text = "# Kettles\n\nHere are all of them.\n\n## More\n\nKettles boil the water of a kitchen.\n"
    (found,) = concepts(text).values()
    assert (found.definition.text[:12], found.section_id) == ("Kettles boil", document(text).sections[0].id)


def test_of_the_sentences_of_a_page_the_one_that_says_what_a_thing_is_is_its_gloss() -> None:
    kind = "Plugs are parts that change a request."
    told = concepts(f"# Guide\n\n{kind}\n\n## Plugs\n\nPlugs live at the heart of each server. They are old.\n")
    assert told["Plugs"].definition.text == kind
    near = "Plugs hold what changes a request."
    told = concepts(f"# Guide\n\n{kind}\n\n## Plugs\n\nPlugs live at the heart of each server. {near}\n")
    assert told["Plugs"].definition.text == near


def test_an_entry_of_a_glossary_that_begins_with_another_thing_has_the_sentence_that_says_what_it_is() -> None:
    text = "# Glossary\n\n## Options\n\nBoilers are set up by objects. Options are the properties of a boiler.\n"
    assert concepts(text)["Options"].definition.text == "Options are the properties of a boiler."


def test_a_paragraph_of_marks_of_code_is_read_in_time_by_its_length() -> None:
    marks = "`" * 3001 + " " + "`" * 3000 + " a " + "`" * 3001 + " is one word of more words here now.\n"
    assert processor_seconds(lambda: analysis(f"# A\n\n{marks}")) < 2.0
