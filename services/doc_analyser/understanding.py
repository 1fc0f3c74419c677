"""From a model's reading of a document to the analysis: the structure is the program's, the judgement the model's.

Pure; done by worker processes.
"""

from services.doc_analyser.answers import AnalysisAnswer, Numbered
from services.doc_analyser.offline.analyse import analyse
from services.doc_analyser.offline.documents import read_file
from services.doc_analyser.offline.inputs import DocumentFile, Studied
from shared.course.wording import bloom_of
from shared.docs.read_documents import dump_document
from shared.engine.model.material import Material
from shared.engine.types import Concept, DocumentAnalysis, LearningObjective
from shared.kernel.ids import content_id

_LONGEST_CODE, _LONGEST_SECTION = 120, 3000  # characters: what a document is about shows before that


def number(file: DocumentFile, project: str) -> tuple[Studied, Numbered]:
    """The program's analysis of a document, and the document as a prompt shows it."""
    document = read_file(file)
    material = Material(_LONGEST_CODE, _LONGEST_SECTION)
    material.add(file.document_id, document, document.sections)
    sections = {number: section.id for number, (_, section) in material.sections.items()}
    numbered = Numbered(material.render(), material.sentences, sections)
    return Studied(analyse(file, document, project), dump_document(document)), numbered


def merge_analysis(base: DocumentAnalysis, answer: AnalysisAnswer, numbered: Numbered) -> DocumentAnalysis:
    """The analysis with what the model found. What does not resolve, or does not stand where it says, is left out."""
    objectives = tuple(
        LearningObjective(text=o.text.strip(), bloom=bloom_of(o.text), section_id=numbered.sections[o.section])
        for o in answer.objectives
        if o.section in numbered.sections and o.text.strip()
    )
    summary = tuple(numbered.sentences[n] for n in answer.summary[:3] if n in numbered.sentences)
    return base.model_copy(
        update={
            "doc_type": answer.doc_type,
            "complexity_level": answer.complexity_level,
            "key_concepts": _concepts(base, answer, numbered) or base.key_concepts,
            "learning_objectives": objectives or base.learning_objectives,
            "summary": summary or base.summary,
            "prerequisites": tuple(answer.prerequisites) or base.prerequisites,
        }
    )


def _concepts(base: DocumentAnalysis, answer: AnalysisAnswer, numbered: Numbered) -> tuple[Concept, ...]:
    concepts: dict[str, Concept] = {}
    for found in answer.concepts:
        name, sentence = found.name.strip(), numbered.sentences.get(found.sentence)
        if sentence is None or not name or name.lower() not in sentence.text.lower() or sentence.span.path != base.path:
            continue
        line = sentence.span.start_line
        section = next((one for one in base.sections if one.start_line <= line <= one.end_line), None)
        if section is not None:
            concept = Concept(id=content_id("k", name.lower()), name=name, definition=sentence, section_id=section.id)
            concepts.setdefault(name.lower(), concept)
    return tuple(concepts.values())
