from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from services.doc_analyser.core import AnalyseDocuments, ConnectConcepts, Connected
from services.doc_analyser.effects import DocAnalyserEffects
from services.doc_analyser.model import ModelAnalyser
from services.doc_analyser.offline.documents import read_file
from services.doc_analyser.offline.engine import OfflineAnalyser
from services.doc_analyser.offline.inputs import DocumentFile, Studied
from services.doc_analyser.port import Analyser
from shared.course.audience import Audience
from shared.docs.listing import NavigationPayload
from shared.docs.navigation import Navigation, NavigationEntry
from shared.docs.read_documents import load_document
from shared.docs.reader import read_document
from shared.engine.model.question import Question
from shared.engine.payloads import AnalysisSet, DocumentInput, DocumentInputs
from shared.engine.port import ProjectFacts
from shared.engine.types import DocumentAnalysis, Usage
from shared.events.base import EngineName
from shared.events.doc_analyser import DocumentAnalysed, DocumentSkipped
from shared.events.gateway import DocsAnalysisRequested
from shared.kernel.blobs import Blobs, open_backend
from shared.kernel.errors import Defect, EngineDeclined, NothingToTeach, PermanentError
from shared.stage.port import Run
from shared.workers.limits import LimitPassed
from shared.workers.port import Workers
from tests.support.workers import InlineWorkers

FILES = {
    "docs/streams.md": b"# Streams\n\nStreams are message stores that keep every message they are given.\n\n"
    b"## How to make one\n\nEach stream is made by a command that names its subjects.\n",
    "docs/links.md": b"# More\n\n- [One page](a.md)\n- [Another page](b.md)\n- [The last one of all pages](c.md)\n",
    "docs/code.md": b"# Code\n\n```sh\nmake all\n```\n",
    "docs/binary.md": b"\x00\x01\x02\x00binary",
    "docs/dump.md": b"# Dump\n\n" + b"The wheel turns the axle when the motor runs.\n\n" * 6_000,
}


class Bench:
    """The effects over memory, with the progress they show."""

    def __init__(self, engine: Callable[[Workers], Analyser] = OfflineAnalyser) -> None:
        self.blobs = Blobs(open_backend("memory:"))
        self.steps: list[tuple[str, int]] = []
        self.run = Run("c1", "r1", self.show, InlineWorkers())

        def engines(name: EngineName, model: str, owner: str, run: Run) -> Analyser:
            assert (name, model, owner) == ("offline", "", "o")
            return engine(run.workers)

        self.effects = DocAnalyserEffects(self.blobs, engines, 2)

    async def show(self, step: str, percent: int) -> None:
        self.steps.append((step, percent))

    async def request(
        self, files: Mapping[str, bytes] = FILES, contents: Sequence[NavigationEntry] = ()
    ) -> DocsAnalysisRequested:
        inputs = [
            DocumentInput(
                id=path, source_id="s1", path=path, sha256="0" * 64, blob=await self.blobs.put("c1", raw, "text/plain")
            )
            for path, raw in files.items()
        ]
        ref = await self.blobs.put_model("c1", DocumentInputs(documents=tuple(inputs)))
        order = NavigationPayload(Navigation("mkdocs.yml", tuple(contents)))
        return DocsAnalysisRequested(
            course_id="c1", run_id="r1", owner="o", complexity_level="beginner", documents=ref,
            documents_planned=len(inputs), project_name="widgets",
            navigation=await self.blobs.put_model("c1", order),
        )  # fmt: skip


async def test_a_document_that_could_not_be_read_is_not_said_to_hold_no_text() -> None:
    files = {
        "endless.md": b"# Big\n\n" + b"The wheel turns the axle when the motor runs. " * 1_000,
        "broken.ipynb": b'{"cells": [',
    }
    bench = Bench()
    action = AnalyseDocuments(await bench.request(files), frozenset())
    reasons = {
        o.path: o.reason async for o in bench.effects.perform(action, bench.run) if isinstance(o, DocumentSkipped)
    }
    assert reasons["endless.md"] == "no text to teach from: line 3 has 46000 characters and was left out"
    assert reasons["broken.ipynb"].startswith("no text to teach from: "), reasons


def test_a_page_that_is_made_at_the_build_says_so() -> None:
    for directive in (".. argparse_cli::\n   :module: widgets\n", ".. click:: widgets:main\n", ".. autoclass:: Gone\n"):
        text = f"Commands\n========\n\n{directive}".encode()
        with pytest.raises(NothingToTeach, match=r"^line 4: .*: made when the documentation is built$"):
            read_file(DocumentFile("d1", "s1", "0" * 64, "docs/cli.rst", text, {}, ""))


def test_a_page_that_sends_its_readers_to_a_newer_one_is_not_taught() -> None:
    text = "# Pots\n\n> [!WARNING]\n> This {} View the up-to-date version at x.example.\n\nA pot holds what it boils.\n"
    with pytest.raises(NothingToTeach, match="outdated"):
        read_file(
            DocumentFile("d1", "s1", "0" * 64, "a.md", text.format("documentation is outdated.").encode(), {}, "")
        )
    other = text.format("page is for pots.").encode()
    assert read_file(DocumentFile("d1", "s1", "0" * 64, "a.md", other, {}, ""))


def test_a_document_of_a_few_words_says_so() -> None:
    file = DocumentFile("d1", "s1", "0" * 64, "a.md", b"# Tool\n\nSorts all lines.\n\n## Use\n\nCall it now.\n", {}, "")
    with pytest.raises(NothingToTeach, match="too few words to teach from"):
        read_file(file)


async def test_documents_become_analyses_or_reasons_and_those_done_stay_done() -> None:
    bench = Bench()
    request = await bench.request()
    action = AnalyseDocuments(request, frozenset({"docs/code.md"}))
    outcomes = {o.path: o async for o in bench.effects.perform(action, bench.run) if not isinstance(o, Connected)}
    assert sorted(outcomes) == ["docs/binary.md", "docs/dump.md", "docs/links.md", "docs/streams.md"]
    links, binary, streams = outcomes["docs/links.md"], outcomes["docs/binary.md"], outcomes["docs/streams.md"]
    dump = outcomes["docs/dump.md"]
    assert isinstance(dump, DocumentSkipped)
    assert dump.reason == "hours of text without a heading"
    assert isinstance(links, DocumentSkipped)
    assert links.reason == "only links to other pages"
    assert isinstance(binary, DocumentSkipped)
    assert isinstance(streams, DocumentAnalysed)
    stored = await bench.blobs.get_model(streams.analysis, DocumentAnalysis)
    assert [concept.name for concept in stored.key_concepts] == ["Streams"]
    assert stored.document is not None
    read = read_document("docs/streams.md", FILES["docs/streams.md"], {})
    assert load_document(await bench.blobs.get(stored.document)) == read
    assert bench.steps[-1] == (bench.steps[-1][0], 100)
    assert "of 5)" in bench.steps[0][0]


async def test_the_graph_joins_the_concepts_of_all_analyses() -> None:
    bench = Bench()
    request = await bench.request()
    done = AnalyseDocuments(request, frozenset(FILES) - {"docs/streams.md"})
    (found,) = [o async for o in bench.effects.perform(done, bench.run)]
    assert isinstance(found, DocumentAnalysed)
    skipped = DocumentSkipped(course_id="c1", run_id="r1", document_id="x", path="docs/code.md", reason="only code")
    (joined,) = [o async for o in bench.effects.perform(ConnectConcepts(request, (found,), (skipped,)), bench.run)]
    assert isinstance(joined, Connected)
    assert joined.concepts == 1
    whole = await bench.blobs.get_model(joined.analyses, AnalysisSet)
    assert [concept.name for concept in whole.graph.concepts] == ["Streams"]
    assert whole.skipped == {"docs/code.md": "only code"}


async def test_nothing_to_teach_ends_the_run_and_says_why() -> None:
    bench = Bench()
    skipped = DocumentSkipped(course_id="c1", run_id="r1", document_id="x", path="x.md", reason="only code")
    with pytest.raises(PermanentError, match="only code") as raised:
        _ = [o async for o in bench.effects.perform(ConnectConcepts(await bench.request(), (), (skipped,)), bench.run)]
    assert raised.value.code == "no_teachable_document"


async def test_a_document_that_names_itself_nowhere_has_the_name_of_the_contents() -> None:
    bench = Bench()
    text = b"Widgets also serve the files of a folder that they are given.\n"
    files = {"docs/staticfiles.md": text, "docs/testclient.md": b"# Testing Widgets\n\n" + text, "docs/home.md": text}
    titles = {
        "docs/staticfiles.md": "Static Files",
        "docs/testclient.md": "Test Client",
        "docs/home.md": "Introduction",
    }
    contents = [NavigationEntry(title, path, 0) for path, title in titles.items()]
    action = AnalyseDocuments(await bench.request(files, contents), frozenset())
    outcomes = [outcome async for outcome in bench.effects.perform(action, bench.run)]
    named = {outcome.path: outcome.title for outcome in outcomes if isinstance(outcome, DocumentAnalysed)}
    assert named == {
        "docs/staticfiles.md": "Static Files", "docs/testclient.md": "Testing Widgets", "docs/home.md": "Home"
    }  # fmt: skip


class Refusing:
    """A model that refuses every text."""

    engine: EngineName = "openai"
    model = "small"

    async def ask(self, question: Question, schema: type[Any]) -> tuple[Any, Usage]:
        raise EngineDeclined("The model refused to answer about this text", code="engine_refused")


async def test_a_document_the_model_refuses_has_the_analysis_of_the_program_and_says_so() -> None:
    bench = Bench(lambda workers: ModelAnalyser(Refusing(), workers))
    action = AnalyseDocuments(await bench.request(), frozenset())
    outcomes = [outcome async for outcome in bench.effects.perform(action, bench.run)]
    refused = next(o for o in outcomes if isinstance(o, DocumentAnalysed) and o.path == "docs/streams.md")
    analysis = await bench.blobs.get_model(refused.analysis, DocumentAnalysis)
    assert analysis.problems == ("The model refused to answer about this text; a program alone analysed this document",)
    assert len(outcomes) == len(FILES)


class Slow(OfflineAnalyser):
    """Needs more time for the document about streams than a document may have."""

    async def analyse(self, file: DocumentFile, project: ProjectFacts, audience: Audience) -> tuple[Studied, Usage]:
        if file.path == "docs/streams.md":
            raise LimitPassed(file.path, "needs more than 30 s of processor time")
        return await super().analyse(file, project, audience)


class Broken(OfflineAnalyser):
    """Has a defect that the document about streams shows."""

    async def analyse(self, file: DocumentFile, project: ProjectFacts, audience: Audience) -> tuple[Studied, Usage]:
        if file.path == "docs/streams.md":
            raise Defect(file.path, "ValueError", "Traceback")
        return await super().analyse(file, project, audience)


@pytest.mark.parametrize(
    ("analyser", "reason"),
    [
        (Slow, "to read it needs more than 30 s of processor time"),
        (Broken, "something went wrong inside Coursewright (ValueError)"),
    ],
)
async def test_a_document_that_cannot_be_read_is_left_out_with_a_reason_and_hurts_no_other(
    analyser: type[OfflineAnalyser], reason: str
) -> None:
    bench = Bench(analyser)
    action = AnalyseDocuments(await bench.request(), frozenset())
    outcomes = [outcome async for outcome in bench.effects.perform(action, bench.run)]
    slow = next(o for o in outcomes if isinstance(o, DocumentSkipped) and o.path == "docs/streams.md")
    assert slow.reason == reason
    assert len(outcomes) == len(FILES)
