from shared.course.export.cited import SpanReader
from shared.course.export.definitions import read_definition
from shared.course.model import Citation, ConceptEntry, Course

TEXT = """# Groups

Commands are the blocks that
an application is made of. A {class}`Group` holds commands that belong together. A {class}`Context` is
how groups and commands communicate.
"""


def define(course: Course, name: str, path: str, start: int, end: int) -> str:
    citation = Citation(
        id="c1", source_id=course.sources[0].id, path=path, start_line=start, end_line=end, sha256="0" * 64
    )
    concept = ConceptEntry(id="k1", name=name, module_id=None, prerequisites=[], citation=citation)
    return read_definition(concept, SpanReader(course, lambda path: TEXT.encode()))


def test_a_definition_is_a_whole_sentence_without_roles(course: Course) -> None:
    assert define(course, "Context", "docs/groups.md", 3, 5) == "A Context is how groups and commands communicate."


def test_a_sentence_that_begins_before_the_lines_defines_nothing(course: Course) -> None:
    assert define(course, "application", "docs/groups.md", 4, 5) == ""


def test_code_is_not_read_as_sentences(course: Course) -> None:
    assert define(course, "Context", "src/groups.py", 3, 5) == ""
