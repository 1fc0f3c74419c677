"""A gloss says what its concept is, or it is not shown."""

import pytest

from shared.language.glosses import is_code_in, is_gloss, leaves_open, split_entry, tells


@pytest.mark.parametrize(
    ("name", "gloss"),
    [
        ("stream", "A stream is a log of messages."),
        ("streams", "Streams store messages on disk."),
        ("stream", "A **stream** (or log) keeps the messages."),
        ("Context", "Context is how groups and commands communicate."),
        ("eager parameters", "An eager parameter is a parameter handled before others."),
        ("storage", "The `storage` setting selects the place of messages."),
        ("mix.exs", "The `mix.exs` file holds the settings of the project."),
        ("Dependencies", "Dependencies run before the recipes that need them."),
        ("LdapAttribute", "`LdapAttribute` objects hold options."),
        ("echo", "The `echo()` function supports colours and styles."),
        ("__fields__", "`__fields__` holds the fields of a class."),
        ("lease", "A lease handles the case of a worker that dies."),
        ("cBuffer", "[cBuffer](https://example.org/c) (short for cold buffer) keeps what was read last."),
        ("action", "**Action**: an object that says what happened."),
        ("boil_for", "`boil_for` - how long the water boils"),
        ("addHeader", "Use `addHeader(name, value)` to add a header beside those that are there."),
        ("serve command", "The `serve` command starts a server."),
    ],
)
def test_a_sentence_with_the_concept_as_its_subject_tells(name: str, gloss: str) -> None:
    assert tells(name, gloss, "en")


@pytest.mark.parametrize(
    ("name", "gloss"),
    [
        ("argument", "`typer.Argument` has several other use cases."),
        ("value", "The `value` function parameter in the callback can also have any name."),
        ("default", "The default value is given to the function as it is."),
        ("multiple options", "The multiple options format allows any number of values."),
        ("options", "Adding options to commands can be done with a decorator."),
        ("endpoints", "HTTP endpoint classes will respond with an error."),
        ("help", "...to create the help for that option."),
        ("file", "File objects are closed at the end."),
        ("storage", "When storage is full, the server stops."),
        ("addHeader", "Use `addHeader` and `header` in requests."),
    ],
)
def test_a_sentence_about_another_thing_does_not(name: str, gloss: str) -> None:
    assert not tells(name, gloss, "en")


@pytest.mark.parametrize(
    ("name", "sentence", "heading", "is_fit"),
    [
        ("createStore", "Makes a store.", "createStore", True),
        ("createStore", "Makes a store.", "createStore(reducer, [state])", True),
        ("createStore", "Makes a store.", "Stores", False),
        ("Groups", "Recipes may be annotated with one or more groups.", "Groups", True),
        ("Groups", "Recipes may be annotated with names.", "Groups", False),
        ("Groups", "Recipes of a file have this in their groups.", "Groups", False),
        ("Groups", "To make groups, you can run", "Groups", False),
        ("Groups", "Groups hold recipes.", "Recipes", True),
        ("private index", "Install from a private index, or offline.", "Use a private index", False),
        ("hugo server", "While hugo server is fast, it has few options.", "Synopsis", False),
    ],
)
def test_the_first_sentence_below_a_heading_is_the_gloss_of_what_it_names(
    name: str, sentence: str, heading: str, is_fit: bool
) -> None:
    assert is_gloss(name, sentence, heading, "en") is is_fit


def test_sentences_of_other_languages_are_asked_for_less() -> None:
    assert tells("Strom", "Ein Strom ist ein Protokoll von Nachrichten.", "de")


def test_an_entry_has_its_term_and_the_kind_of_the_thing() -> None:
    assert split_entry("**Action**: an object that says.") == ("Action", "an object that says.")
    assert split_entry("Action: boils the water.") == ("", "")
    assert split_entry("**Live state** The state of the kettle.") == ("Live state", "The state of the kettle.")
    assert split_entry("**Live state** The kettle may be in it.") == ("", "")


def test_a_word_within_a_longer_name_in_code_is_no_code() -> None:
    assert is_code_in("sitemap", "It looks for a `sitemap` in the folder.")
    assert not is_code_in("sitemap", "It looks for a `sitemap.xml` in the folder.")


@pytest.mark.parametrize(
    ("name", "sentence", "is_open"),
    [
        ("Recipes", "Recipes may have parameters.", True),
        ("Modules", "Modules are still missing a lot.", True),
        ("Template", "The `Template` wraps a producer.", False),
        ("Unions", "Unions are never valid inputs.", True),
        ("cached pages", "Cached pages are inherently fragile.", True),
        ("Mounts", "The server MUST mount entries in order.", True),
        ("Proxies", "To give a proxy for a host, name it.", True),
        ("Proxies", "You can give proxies for each host.", True),
        ("CSS", "A great way to draw icons is to define them by CSS.", True),
        ("blog", "All the blog views use a session.", True),
        ("files", "Files can be organized into folders.", True),
        ("Closure", "Closure: a function that keeps its scope.", False),
        ("linter", "A linter is a tool that checks code against the best practices.", False),
        ("plugin", "Install the plugin by running a command.", True),
        ("Registers", "Registers can be used to cut and copy text.", False),
        ("Buffers", "Buffers are in-memory copies of files.", False),
        ("Widgets", "Widgets are reusable parts of a page.", False),
        ("cpu", "cpu is an OPTIONAL object for the share of a processor.", False),
        ("Sandbox", "Sandbox provides a place for strangers' code.", False),
        ("plugs", "Many kettles also need plugs.", True),
        ("Lifecycle", "The right branch of each section shows the next phase of the lifecycle.", True),
        ("kettles", "Acme supports kettles of all sizes.", False),
        ("endpoint", "A service endpoint is the entity that clients call.", False),
        ("getParser", "`getParser` takes two arguments.", True),
        ("Messages", "Messages have a maximum size.", True),
        ("TLS timeout", "The TLS timeout is described here.", True),
        ("loadAll", "Acme supports many kinds of files.", True),
        ("loadAll", "Returns all files of a folder.", False),
        ("Kettle", "Kettle assumes that you want a cup called id.", True),
        ("Kettles", "Kettles are also useful to warm soup.", True),
        ("Kettle", "Kettle is written in Rust itself.", True),
        ("Kettle", "Kettle is maintained by volunteers.", True),
        ("Kettles", "Kettles are bound to the owner of the house.", True),
        ("Kettles", "Kettles can be used with a lid.", True),
        ("Functions", "The function is effectively the lid of the kettle.", True),
        ("conn", "`conn` comes to Kettle by a pipe.", True),
        ("conn", "The first is `conn`, a struct which holds all of the request.", False),
        ("DataCase", "`Hello.DataCase` is another template.", True),
        ("Headers", "Headers are exposed as a dictionary.", False),
        ("Plug", "Plug is a specification for modules.", False),
        ("Kettles", "Kettles are self-contained tanks of water.", False),
    ],
)
def test_how_a_thing_is_and_what_it_may_have_leaves_open_what_it_is(name: str, sentence: str, *, is_open: bool) -> None:
    assert leaves_open(name, sentence, "en") is is_open
    assert not leaves_open(name, sentence, "de")
