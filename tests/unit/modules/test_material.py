from dataclasses import replace
from functools import cached_property

import pytest

from services.modules.cited.crossings import Place
from services.modules.loaded import list_modules, load
from services.modules.material import read_material
from services.modules.offline.items.taught_text import TaughtText
from shared.docs.reader import read_document
from shared.engine.payloads import AnalysisSet
from shared.engine.types import Pathway, PathwayModule
from shared.kernel.errors import PermanentError
from tests.support.workers import InlineWorkers
from tests.unit.modules.build import make_request, new_blobs
from tests.unit.writer.sample import FILES


def module(name: str, title: str = "") -> PathwayModule:
    return PathwayModule(id=name, title=title, description="", estimated_minutes=1, sections=(), document_ids=())


def way(name: str, *modules: PathwayModule) -> Pathway:
    return Pathway.model_validate(
        {
            "id": name, "kind": "task", "title": name, "description": "", "complexity_level": "beginner",
            "estimated_minutes": 1, "modules": modules,
        }
    )  # fmt: skip


def test_modules_of_all_pathways_stand_once_and_an_edited_one_is_the_selected_pathways() -> None:
    first = way("complete", module("a"), module("b", "As planned"))
    chosen = way("task", module("b", "As edited"), module("own"))
    found = list_modules((first, chosen), chosen, frozenset({"a", "b", "own"}))
    assert [(one.id, one.title) for one in found] == [("a", ""), ("b", "As edited"), ("own", "")]
    assert [one.id for one in list_modules((first, chosen), chosen, frozenset({"own", "b"}))] == ["b", "own"]


async def test_what_every_module_asks_for_is_built_before_the_processes_that_write_are_forked() -> None:
    blobs = new_blobs()
    material = read_material(await load(blobs, await make_request(blobs), InlineWorkers()))
    wanted = {name for name, one in vars(TaughtText).items() if isinstance(one, cached_property)}
    assert wanted
    assert wanted <= vars(material.said).keys()
    assert "sentences" in vars(material.sources)


async def test_the_documents_are_those_that_stage_2_read() -> None:
    blobs = new_blobs()
    material = read_material(await load(blobs, await make_request(blobs), InlineWorkers()))
    assert [one.path for one in material.documents.values()] == list(FILES)
    for document in material.documents.values():
        assert document == read_document(document.path, FILES[document.path].encode(), {})


async def test_a_link_to_an_index_that_is_not_taught_leads_to_what_the_course_first_shows_of_its_folder() -> None:
    blobs = new_blobs()
    material = read_material(await load(blobs, await make_request(blobs), InlineWorkers()))
    first = next(path for path in FILES if "/" in path)
    folder = first.rpartition("/")[0]
    entered = material.link(Place(f"{folder}/_index.md"))
    assert entered is not None
    assert entered in {material.link(Place(path)) for path in FILES if path.startswith(f"{folder}/")}
    assert material.link(Place(f"{folder}/gone.md")) is None
    assert material.link(Place("README.md")) is None


async def test_a_link_stays_in_the_pathway_of_its_module_where_that_teaches_the_section_too() -> None:
    blobs = new_blobs()
    loaded = await load(blobs, await make_request(blobs), InlineWorkers())
    whole = loaded.selected
    first, second = whole.modules[:2]
    quick = way("quick", first.model_copy(update={"id": "own", "title": "Quick start"}))
    loaded = replace(loaded, pathways=(whole, quick), modules=(*whole.modules, *quick.modules))
    material = read_material(loaded)
    key, other = ((one.sections[0].document_id, one.sections[0].section_id) for one in (first, second))
    here, there = (Place(material.documents[name].path, key=(name, section)) for name, section in (key, other))
    assert str(material.brief("own").link(here)).startswith("#own")
    assert material.brief("own").homes[key] == "own"
    assert material.brief("own").link(there) == material.brief(second.id).link(there)
    assert str(material.brief(second.id).link(here)).startswith(f"#{first.id}")


async def test_a_link_to_an_anchor_that_is_not_there_leads_to_the_page_where_one_module_teaches_it() -> None:
    blobs = new_blobs()
    material = read_material(await load(blobs, await make_request(blobs), InlineWorkers()))
    path = next(path for path, count in material._modules_of.items() if count == 1)
    assert material.link(Place(path, "gone")) == material.link(Place(path)) is not None
    material._modules_of[path] = 2
    assert str(material.link(Place(path, "gone"))).endswith(f"/{path}#gone")


async def test_a_link_to_a_heading_without_text_leads_to_the_first_section_below_it() -> None:
    blobs = new_blobs()
    loaded = await load(blobs, await make_request(blobs), InlineWorkers())
    material = read_material(loaded)
    first = loaded.modules[0].sections[0]
    document = material.documents[first.document_id]
    below = next(one for one in document.sections if one.id == first.section_id)
    bare = replace(below, id="bare", level=below.level - 1, blocks=())
    sections = (bare, *document.sections[document.sections.index(below) :])
    material.documents[first.document_id] = replace(document, sections=sections)
    keys = ((first.document_id, name) for name in ("bare", first.section_id))
    there, meant = (material.link(Place(document.path, "start", key=key)) for key in keys)
    assert there == meant is not None
    filled = replace(bare, blocks=below.blocks)
    material.documents[first.document_id] = replace(document, sections=(filled, *sections[1:]))
    assert str(material.link(Place(document.path, "start", key=(first.document_id, "bare")))).endswith("#start")


async def test_analyses_of_before_documents_were_kept_have_to_be_made_again() -> None:
    blobs = new_blobs()
    request = await make_request(blobs)
    known = await blobs.get_model(request.analyses, AnalysisSet)
    before = tuple(one.model_copy(update={"document": None}) for one in known.analyses)
    ref = await blobs.put_model("c1", known.model_copy(update={"analyses": before}))
    with pytest.raises(PermanentError, match="Analyse the documents again") as raised:
        await load(blobs, request.model_copy(update={"analyses": ref}), InlineWorkers())
    assert raised.value.code == "analysed_before"
