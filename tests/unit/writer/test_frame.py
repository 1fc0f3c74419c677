"""The frame of a lesson names things of the module, cites them, and claims nothing else."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from services.modules.cited.brief import ModuleBrief
from services.modules.offline.writer import revise_module
from shared.course.field_text import read_module
from shared.course.findings import GateFinding, GateReport
from shared.course.sentence_marks import find_marks, strip_marks
from shared.engine.types import CitedSentence, ConceptGraph, GraphConcept, Sibling
from tests.unit.writer.sample import FILES, GUIDE, make_brief, make_concept, write

STREAM = "A stream is a log of messages that the server keeps on disk."
CONSUMER = "A consumer is a cursor that remembers which messages a service has read."


def line_of(text: str) -> int:
    return next(n for n, line in enumerate(GUIDE.split("\n"), 1) if text in line)


def with_homes(brief: ModuleBrief, *concepts: GraphConcept) -> ModuleBrief:
    homes = {(ref.document_id, ref.section_id): m.id for m in brief.pathway.modules for ref in m.sections}
    return replace(brief, graph=ConceptGraph(concepts=concepts), homes=homes, modules=brief.pathway.modules)


def concepts_of(brief: ModuleBrief) -> tuple[GraphConcept, GraphConcept]:
    """`consumer` of the guide, and `storage` of the reference, which needs it."""
    consumer = make_concept(brief, "consumer", CONSUMER, line_of("A consumer is"), "Reading messages")
    reference = make_brief(position=1)
    said = "The `storage` setting selects the place where the server keeps messages."
    line = next(
        n for n, text in enumerate(FILES["docs/reference.md"].split("\n"), 1) if text.startswith("The `storage`")
    )
    storage = make_concept(reference, "storage", said, line, "Storage")
    return consumer, storage.model_copy(update={"prerequisites": (consumer.id,)})


def test_the_introduction_takes_the_documents_opening_and_the_lesson_goes_on() -> None:
    module = write(make_brief())
    assert module.introduction.startswith("A stream is a log of messages")
    assert "which makes a service easy to repair" in strip_marks(module.introduction)
    assert "which makes a service" not in module.main_content
    assert module.main_content.startswith("## Creating a stream")


def test_the_frame_is_the_authors_opening_alone() -> None:
    first = make_brief()
    consumer, storage = concepts_of(first)
    shown = write(with_homes(first, consumer, storage))
    assert shown.introduction == write(first).introduction
    assert shown.conclusion == ""


@pytest.mark.parametrize(
    ("name", "gloss", "title", "said", "is_needed"),
    [
        ("relay", "`relay` is a client.", "relay", "Call `relay` again. " * 3, True),
        ("relay", "`relay` is a client.", "relay", "Call `relay` again. " * 2, False),
        ("relay", "`relay` is a client.", "Clients", "Call `relay` again. " * 3, False),
        ("Consumer", CONSUMER, "Reading: Consumers", "A consumer waits. Consumers wait. The consumer reads.", True),
    ],
)
def test_a_module_builds_on_one_about_what_it_names_several_times(
    name: str, gloss: str, title: str, said: str, *, is_needed: bool
) -> None:
    consumer, storage = concepts_of(make_brief())
    named = consumer.model_copy(update={"name": name, "definition": in_words(consumer, gloss)})
    files = {**FILES, "docs/reference.md": f"{FILES['docs/reference.md']}\n## Use\n\n{said}\n"}
    second = make_brief(files, position=1)
    first, *others = second.pathway.modules
    modules = (first.model_copy(update={"title": title}), *others)
    second = replace(second, pathway=second.pathway.model_copy(update={"modules": modules}))
    own = storage.model_copy(update={"prerequisites": (named.id,)})
    assert write(with_homes(second, named, own)).prerequisites == [first.id][:is_needed]


def in_words(concept: GraphConcept, text: str) -> CitedSentence:
    return concept.definition.model_copy(update={"text": text})


def test_a_picture_before_the_opening_does_not_hide_it() -> None:
    guide = GUIDE.replace("A stream is a log", "![The logo](https://relay.example/logo.png)\n\nA stream is a log", 1)
    module = write(make_brief({**FILES, "docs/guide.md": guide}))
    assert module.introduction.startswith("A stream is a log of messages")


def test_a_gloss_that_speaks_of_another_thing_is_not_shown() -> None:
    guide = GUIDE.replace("A stream needs a name", "A stream has a storage. A stream needs a name")
    first = make_brief({**FILES, "docs/guide.md": guide})
    (storage,) = concepts_of(make_brief())[1:2]
    vague = CitedSentence(text="File storage survives a restart of the machine.", span=storage.definition.span)
    untold = "When storage is full, the server stops."
    clear = "Storage survives a restart of the machine."
    home = first.pathway.modules[1].id
    for text, told in ((clear, f'[storage](#{home} "Storage'), (vague.text, ""), (untold, ""), ("A disk.", "")):
        other = storage.model_copy(
            update={"definition": vague.model_copy(update={"text": text}), "is_told": bool(told)}
        )
        shown = write(with_homes(first, other)).main_content
        assert f"has a {told or 'storage.'}" in shown


@pytest.mark.parametrize(
    ("name", "gloss", "said", "linked"),
    [
        ("run", "Run an app in a temporary environment.", "The server runs on Linux.", ""),
        ("run", "A run is one life of a server.", "The server runs, and you run it. This run ends.", "This [run](#"),
        ("page_size", "The `page_size` argument counts items.", "Set `Query.page_size` here.", ""),
        ("row", "A row holds cells.", "It is the closest row, a *row* of cells.", "the closest [row](#"),
        ("row", "If so, a cancel event is sent.", "It is the closest row, a *row* of cells.", ""),
        ("row", "A row holds cells.", "It is the Row of a grid and a `row`.", ""),
        ("row", "A row holds cells.", "It is a row editor. They row for an hour.", ""),
        ("RowView", "A `RowView` holds cells.", "Two `RowView`s are open.", "Two [`RowView`s](#"),
        ("makeRow", "`makeRow` makes one.", "See `makeRow.config.js` and `export const makeRow = 1`.", ""),
        ("rowLimit", "`rowLimit` counts.", "Set `rowLimit: true` in it.", "Set [`rowLimit: true`](#"),
        ("Row", "A Row holds cells.", "It says `400 Bad Row` and `'Hello, Row!'`.", ""),
        ("cell", "A cell holds a value.", "It is a cell editor.", "a [cell](#"),
        ("Row", "A Row holds cells.", "The grid Row is the closest.", "grid [Row](#"),
        ("Groups", "A group holds rows.", "Take our Acme Groups and the Groups here.", "the [Groups](#"),
        ("Row", "A `Row` holds cells.", "Take `acme.Row` of it.", ""),
        ("JSON", "The JSON doc prints rows.", "In JSON, by the JSON doc.", "JSON, by the [JSON](#"),
        ("JSON", "The JSON layer holds rows.", "In JSON, by the JSON doc.", "In [JSON](#"),
        ("Cargo Ships", "The *Cargo Ships* doc prints.", "As Cargo Ships do.", ""),
        ("Row", "A Row holds cells.", "Take a `Row` of it.", "a [`Row`](#"),
        ("sitemap", "It writes a `sitemap.xml` there.", "Here is a sitemap of it.", "a [sitemap](#"),
        ("HTML", "HTML is a language.", "Set `html` or html here.", ""),
        ("Settings", "Settings are yours.", "Set proxy settings and your settings.", "your [settings](#"),
        ("MQTT", "MQTT is a protocol.", "It stops MQTT listeners only.", "stops [MQTT](#"),
        ("MQTT", "MQTT is a protocol.", "It stops the MQTT Bridge only.", ""),
        ("request-reply", "A request-reply is a pair.", "Many request-reply calls wait.", "Many [request-reply](#"),
        ("RowView", "A `RowView` holds cells.", "It is the closest RowView and a row.", "the closest [RowView](#"),
        ("RowView", "A `RowView` holds cells.", "Take `grid.views.RowView`.", "Take [`grid.views.RowView`](#"),
        ("edit mode", "If so, a cancel event is sent.", "It is in edit mode now.", ""),
        ("storage", "If so, a cancel event is sent.", "It is in storage now.", ""),
        ("z.string", "`z.string` checks texts.", "Call `z.string(1)`, not `z.stringly`.", "[`z.string(1)`](#"),
        ("z.string", "`z.string` checks texts.", "Call `z.string().trim()` or `z.string() == 1`.", ""),
        ("makeRow", "`makeRow` makes one.", "Call `grid(1).makeRow(2);` now.", "[`grid(1).makeRow(2);`](#"),
        ("makeRow", "`makeRow` makes one.", "Call `grid(1).makeRow(2).show()`.", ""),
        ("makeRow", "`makeRow` makes one.", "Call `const row = makeRow()`.", ""),
        ("jot add", "Adds a line.", "Run `jot add --last` now.", "[`jot add --last`](#"),
        ("testing", "Testing is an art.", "It is good for testing.", ""),
        ("Routes", "Renders a branch of them.", "All routes stand in a file.", ""),
        ("Routes", "Renders a branch of them.", "Put it into `<Routes>`.", "[`<Routes>`](#"),
        ("Routes", "Renders a branch of <Route>s.", "All routes stand in a file.", ""),
        ("Tanks", "It brings a few tank classes.", "All tanks stand in a row.", "[tanks](#"),
        ("Tanks", "A Tanks is a list.", "All tanks stand in a row.", ""),
        ("Tanks", "Tanks are lists of cups.", "All tanks stand in a row.", "[tanks](#"),
        ("Sets", "A set holds no thing twice.", "It sets the first and sets `level`.", ""),
        ("Sets", "A set holds no thing twice.", "The sets are full.", "The [sets](#"),
        ("build_all", "A `build_all` is long.", "Set `--build_all=yes` here.", "[`--build_all=yes`](#"),
        ("server shell", "A server shell runs on a server.", "Take `server-shell` here.", "[`server-shell`](#"),
    ],
)
def test_a_word_is_a_link_only_in_the_form_of_its_concept(name: str, gloss: str, said: str, linked: str) -> None:
    guide = GUIDE.replace("A stream needs a name", f"{said} A stream needs a name")
    first = make_brief({**FILES, "docs/guide.md": guide})
    concept = make_concept(make_brief(position=1), name, gloss, 3, "Storage")
    concept = concept.model_copy(update={"is_told": not gloss.startswith("If so")})
    shown = write(with_homes(first, concept)).main_content
    assert (linked or said) in shown


def test_a_term_met_before_its_home_has_its_gloss() -> None:
    guide = GUIDE.replace("A stream needs a name", "A stream has a storage. A stream needs a name")
    first = make_brief({**FILES, "docs/guide.md": guide})
    shown = write(with_homes(first, storage()))
    home = first.pathway.modules[1].id
    assert f'has a [storage](#{home} "A storage keeps' in shown.main_content
    assert shown.main_content.count("[storage](") == 1


@pytest.mark.parametrize(("folders", "is_met"), [(("docs/",), True), (("docs/", "docs/g"), False)])
def test_a_module_means_what_its_own_folder_means_by_a_name(folders: tuple[str, ...], *, is_met: bool) -> None:
    guide = GUIDE.replace("A stream needs a name", "A stream has a storage. A stream needs a name")
    first, one = make_brief({**FILES, "docs/guide.md": guide}), storage()
    homes = dict(zip(folders, ((one.document_id, one.section_id), None), strict=False))
    shown = write(with_homes(first, one.model_copy(update={"homes": {"": None, **homes}})))
    assert ("[storage](#" in shown.main_content) is is_met


def test_a_module_says_itself_what_it_means_by_a_word_that_heads_a_section_of_it() -> None:
    guide = GUIDE.replace("A stream needs a name", "A stream has a storage. A stream needs a name")
    first = make_brief({**FILES, "docs/guide.md": f"{guide}\n## Storage\n\nIt is a storage of ours.\n"})
    assert "[storage](#" not in write(with_homes(first, storage())).main_content


def test_a_term_is_met_in_a_note_with_code() -> None:
    note = "> A storage is here:\n>\n> ```\n> on disk\n> ```\n\n"
    guide = GUIDE.replace("A stream needs a name", f"{note}A stream needs a name")
    first = make_brief({**FILES, "docs/guide.md": guide})
    assert "> A [storage](#" in write(with_homes(first, storage())).main_content


def storage() -> GraphConcept:
    return make_concept(make_brief(position=1), "storage", "A storage keeps the messages of a stream.", 3, "Storage")


def storage_setting() -> GraphConcept:
    storage = concepts_of(make_brief())[1]
    told = storage.definition.model_copy(update={"text": "A storage setting selects the place for messages."})
    return storage.model_copy(update={"name": "storage setting", "definition": told})


@pytest.mark.parametrize(
    ("words", "is_met"),
    [("the storage setting keeps it", True), ("the storage-setting is it", True), ("the storage-setting-two", False)],
)
def test_a_term_of_two_words_is_not_met_in_the_name_of_another_thing(words: str, is_met: bool) -> None:
    guide = GUIDE.replace("A stream needs a name", f"See {words}. A stream needs a name")
    first = make_brief({**FILES, "docs/guide.md": guide})
    assert (f"(#{first.pathway.modules[1].id} " in write(with_homes(first, storage_setting())).main_content) is is_met


def test_a_longer_name_and_code_in_a_block_of_its_own_are_no_meeting() -> None:
    told = "See `storage-setting-two` first.\n\n> ```\n> storage setting\n> ```\n\nA stream needs a name"
    first = make_brief({**FILES, "docs/guide.md": GUIDE.replace("A stream needs a name", told)})
    setting = storage_setting()
    assert f'](#{first.pathway.modules[1].id} "' not in write(with_homes(first, setting)).main_content


@pytest.mark.parametrize(
    "written", ["`relay.page_size`", "`@page_size`", "`relay::page_size`", "`page_size()`", "page_size"]
)
def test_a_name_of_code_is_met_with_the_names_before_it(written: str) -> None:
    guide = GUIDE.replace("A stream needs a name", f"See {written} first. A stream needs a name")
    first = make_brief({**FILES, "docs/guide.md": guide})
    sized = make_concept(make_brief(position=1), "page_size", "`page_size` counts the items.", 3, "Storage")
    shown = write(with_homes(first, sized))
    assert f"See [{written}](#{first.pathway.modules[1].id}" in shown.main_content


@pytest.mark.parametrize(
    ("name", "heading", "linked"),
    [
        ("close", "server.close()", False),
        ("close", "How to close", True),
        ("close band", "The close band", True),
    ],
)
def test_a_word_leads_to_no_code(name: str, heading: str, linked: bool) -> None:
    guide = GUIDE.replace("A stream needs a name", f"It is the {name}. A stream needs a name")
    reference = FILES["docs/reference.md"].replace("## Storage\n", f"## {heading}\n")
    files = {**FILES, "docs/guide.md": guide, "docs/reference.md": reference}
    concept = make_concept(make_brief(files, position=1), name, "Stops what runs.", 3, heading)
    shown = write(with_homes(make_brief(files), concept.model_copy(update={"is_told": True}))).main_content
    assert (f"the [{name}](" in shown) == linked


def test_a_later_term_has_its_gloss_in_plural() -> None:
    guide = GUIDE.replace("A stream needs a name", "Some storages are fast. A stream needs a name")
    first = make_brief({**FILES, "docs/guide.md": guide})
    home = first.pathway.modules[1].id
    shown = write(with_homes(first, storage()))
    assert f"Some [storages](#{home} " in shown.main_content
    some = guide.replace("Some storages are", "The storage(s) are")
    shown = write(with_homes(make_brief({**FILES, "docs/guide.md": some}), storage()))
    assert f"The [storage(s)](#{home} " in shown.main_content


def test_each_objective_has_an_item_and_each_item_an_objective() -> None:
    module = write(make_brief())
    assert module.assessment
    assert {i for item in module.assessment for i in item.objective_ids} == {one.id for one in module.objectives}
    assert len({one.text for one in module.objectives}) == len(module.objectives)


def test_every_citation_is_used_and_every_mark_has_one() -> None:
    module = write(make_brief())
    texts = (module.introduction, module.main_content, module.conclusion, module.summary)
    used = {mark for text in texts for mark in find_marks(text)}
    used |= {block.citation_id for text in read_module(module) for block in text.code if block.citation_id}
    used |= {i for item in module.assessment for i in item.citation_ids}
    used |= {i for item in module.assessment for option in item.options for i in option.citation_ids}
    assert used == {citation.id for citation in module.citations}


@pytest.mark.parametrize(
    ("name", "title", "is_told"),
    [("Go", "Connect", True), ("Introduction", "Connect", False), ("Go", "Go\n\nText.\n\n## Others", False)],
)
def test_what_differs_in_a_sibling_with_a_telling_name_has_its_own_heading(
    name: str, title: str, is_told: bool
) -> None:
    same = "The text that both of the pages say.\n\n"
    files = {
        "py.md": f"# Connect\n\n{same}```python\nconnect()\n```\n",
        "go.md": f"# {title}\n\n{same}```go\nConnect()\n```\n",
    }
    brief, other = make_brief(files), make_brief(files, position=1)
    taught, same_as = brief.module.sections[0], other.module.sections[-1]
    note = Sibling(document_id=taught.document_id, section_id=taught.section_id, name=name, same=same_as)
    module = brief.module.model_copy(update={"siblings": (note,)})
    text = write(replace(brief, module=module, documents={**brief.documents, **other.documents})).main_content
    assert ("## The same for Go\n\n```go cite=" in text) == is_told
    assert text.count("both of the pages say") <= 1  # the introduction may hold it


def test_where_a_link_leads_is_no_difference_between_siblings() -> None:
    files = {
        f"{name}.md": f"# {name}\n\n## Needs\n\nPlease follow the [guide]({at}).\n\n```{name}\nrun()\n```\n"
        for name, at in (("py", "https://acme.org/py"), ("go", "https://acme.org/go"))
    }
    brief, other = make_brief(files), make_brief(files, position=1)
    taught, same_as = brief.module.sections[-1], other.module.sections[-1]
    note = Sibling(document_id=taught.document_id, section_id=taught.section_id, name="Go", same=same_as)
    module = brief.module.model_copy(update={"siblings": (note,)})
    text = write(replace(brief, module=module, documents={**brief.documents, **other.documents})).main_content
    assert text.count("Please follow") == 1


def test_the_parts_of_several_siblings_are_told_apart_by_the_titles_of_their_pages() -> None:
    same = "The text that all of the pages say.\n\n"
    steps = "1. Run it.\n2. Wait for {0}.\n3. Run it again.\n"
    files = {
        f"{name}.md": f"# {name}\n\n## Connect\n\n{same}```{name}\n{name}()\n```\n\n{steps.format(name)}"
        for name in ("py", "go", "rust")
    }
    briefs = [make_brief(files, position=place) for place in range(3)]
    taught = briefs[0].module.sections[-1]
    notes = tuple(
        Sibling(
            document_id=taught.document_id,
            section_id=taught.section_id,
            name=one.module.title,
            same=one.module.sections[-1],
        )
        for one in briefs[1:]
    )
    documents = {i: document for one in briefs for i, document in one.documents.items()}
    module = briefs[0].module.model_copy(update={"siblings": notes})
    text = write(replace(briefs[0], module=module, documents=documents)).main_content
    assert re.findall(r"^\*\*(\w+)\*\*\[\^\w+\]$", text, re.MULTILINE) == [one.module.title for one in briefs[1:]]
    assert [text.count(one) for one in ("1. Run it.", "3. Run it again.")] == [3, 3], (
        "a list in which a step differs is whole"
    )


def test_a_finding_in_the_lesson_drops_the_whole_section() -> None:
    brief = make_brief()
    module = write(brief)
    sentence = "The `name` parameter identifies the stream on the server."
    finding = GateFinding(gate="Q3", where="main_content", detail="not there", sentence=sentence)
    revised = revise_module(brief, module, GateReport(module_id=module.id, checked=1, findings=(finding,)))
    assert "## Creating a stream" not in revised.main_content
    assert "add_stream" not in revised.main_content
    assert revised.main_content.startswith("## Publishing messages")
    assert not set(find_marks(revised.main_content)) - {one.id for one in revised.citations}


def test_a_link_that_leads_nowhere_any_more_leaves_its_words() -> None:
    brief = make_brief()
    module = write(brief)
    module = module.model_copy(
        update={
            "main_content": f'{module.main_content}\n\nSee [the *old* way](#gone "What it was.") and [this](#here).'
        }
    )
    finding = GateFinding(gate="L1", where="main_content", detail="a link to no module", sentence="#gone")
    revised = revise_module(brief, module, GateReport(module_id=module.id, checked=1, findings=(finding,)))
    assert revised.main_content.endswith("See the *old* way and [this](#here).")
    assert revised.main_content.count("## ") == module.main_content.count("## ")


def test_a_finding_about_an_item_drops_the_item_and_its_objective() -> None:
    brief = make_brief()
    module = write(brief)
    item = module.assessment[0]
    finding = GateFinding(gate="Q11", where=item.id, detail="two answers")
    revised = revise_module(brief, module, GateReport(module_id=module.id, checked=1, findings=(finding,)))
    assert item.id not in {one.id for one in revised.assessment}
    assert {i for one in revised.assessment for i in one.objective_ids} == {one.id for one in revised.objectives}
    assert revised.main_content == module.main_content


def test_a_module_is_the_same_under_every_hash_seed() -> None:
    program = (
        "from tests.unit.writer.sample import make_brief, write;"
        "import sys; sys.stdout.write(write(make_brief()).model_dump_json())"
    )
    root = Path(__file__).parents[3]
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}, cwd=root,
            capture_output=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(outputs) == 1
