"""Small contents of every blob a stage writes."""

from shared.course.audience import Audience
from shared.course.findings import GateReport
from shared.course.model import Citation, Course, EngineInfo, Item, Module, Objective, Option, Source
from shared.docs.listing import FileEntry
from shared.engine import types
from shared.engine.written import WrittenModule
from shared.events import BlobRef

COMMIT = "1d038f270701498433cb432f54db89f95f07a845"
PATHS = ("README.md", "docs/guide.md", "docs/api.md", "examples/one.md")
LEFT_OUT = "CHANGELOG.md"
CITED = Citation(id="c1", source_id="s1", path="docs/guide.md", start_line=3, end_line=3, sha256="0" * 64)


def file_entry(path: str, blob: BlobRef) -> FileEntry:
    return FileEntry(
        path=path, size=blob.size, git_blob="0" * 40, kind="documentation", is_documentation=True,
        is_overview_candidate=path == "README.md", doc_format="markdown", blob=blob,
    )  # fmt: skip


def analysis(document_id: str, path: str) -> types.DocumentAnalysis:
    span = types.Span(path=path, start_line=1, end_line=2)
    concept = types.Concept(
        id=f"k-{document_id}", name="callback", section_id="s1",
        definition=types.CitedSentence(text="A callback is a function.", span=span),
    )  # fmt: skip
    return types.DocumentAnalysis(
        document_id=document_id, source_id="s1", path=path, sha256="0" * 64, title=f"About {path}", doc_type="guide",
        complexity_level="beginner", word_count=100, minutes=10, key_concepts=(concept,),
        learning_objectives=(types.LearningObjective(text="Use a callback", bloom="apply", section_id="s1"),),
        summary=(types.CitedSentence(text="It is about callbacks.", span=span),), prerequisites=("Python",),
        sections=(
            types.SectionOutline(
                id="s1", heading="Callbacks", level=1, parent=None, start_line=1, end_line=9, words=90, code_blocks=1
            ),
        ),
    )  # fmt: skip


def graph(analyses: tuple[types.DocumentAnalysis, ...]) -> types.ConceptGraph:
    concepts = [
        types.GraphConcept(id=c.id, name=c.name, document_id=a.document_id, section_id="s1", definition=c.definition)
        for a in analyses
        for c in a.key_concepts
    ]
    return types.ConceptGraph(concepts=tuple(concepts))


def pathway(kind: str, document_ids: list[str]) -> types.Pathway:
    modules = tuple(
        types.PathwayModule(
            id=f"m-{kind}-{at}", title=f"Module {at}", description="One step", estimated_minutes=65,
            learning_objectives=(types.LearningObjective(text="Use a callback", bloom="apply", section_id="s1"),),
            sections=(types.SectionRef(document_id=document_id, section_id="s1", heading="Callbacks"),),
            document_ids=(document_id,),
        )
        for at, document_id in enumerate(document_ids)
    )  # fmt: skip
    return types.Pathway.model_validate(
        {
            "id": f"p-{kind}", "kind": kind, "title": f"The {kind} way", "description": "A way through",
            "complexity_level": "beginner", "estimated_minutes": 65 * len(modules), "prerequisites": ["Python"],
            "modules": modules,
        }
    )  # fmt: skip


def written(module: types.PathwayModule, order: int) -> WrittenModule:
    item = Item(
        id=f"i-{module.id}", kind="single_choice", stem="Which term names a function that is called back?",
        options=[Option(id="o1", text="callback"), Option(id="o2", text="option"), Option(id="o3", text="group")],
        key=["o1"], explanation="The documentation says so.", objective_ids=["b1"], bloom="remember", citation_ids=[],
    )  # fmt: skip
    made = Module(
        id=module.id, order=order, title=module.title, description="One step", estimated_minutes=65, status="complete",
        problems=[], objectives=[Objective(id="b1", text="Use a callback", bloom="apply")], prerequisites=[],
        document_ids=list(module.document_ids), introduction="Hello", main_content="A callback is a function.[^c1]",
        conclusion="Done", summary="- callback", assessment=[item], citations=[CITED],
    )  # fmt: skip
    return WrittenModule(module=made, report=GateReport(module_id=module.id, checked=1))


def course(title: str, modules: list[WrittenModule]) -> Course:
    return Course(
        course_key="k", edition="e" * 64, title=title, description="", language="en",
        sources=[Source(id="s1", url="https://github.com/pallets/click", ref="main", commit=COMMIT)],
        engine=EngineInfo(name="offline", model="", version="1", prompt_version=""),
        audience=Audience(complexity_level="beginner"), documents=[], concepts=[], pathways=[],
        modules=[one.module for one in modules],
    )  # fmt: skip
