"""The parts of a document that a model sees when it judges the document, and the limits of its answer."""

from services.doc_analyser.answers import AnalysisAnswer
from services.doc_analyser.offline.inputs import DocumentFile
from services.doc_analyser.understanding import merge_analysis, number

_TABLE = "\n".join(f"| `key_{row}` | sets the number {row} of the queue |" for row in range(80))
_PROSE = "\n\n".join(f"The worker takes job {number} from the queue and tells the log." for number in range(200))
TEXT = f"""\
# Queue

A queue is a list of jobs.

## Long

{_PROSE}

The last sentence.

## Settings

| key | does |
|---|---|
{_TABLE}

## End

A log is a list of facts.
"""


def test_of_a_long_section_its_beginning_is_shown_and_of_the_others_all() -> None:
    _, shown = number(DocumentFile("d", "s", "0" * 64, "queue.md", TEXT.encode(), {}), "queue")
    lines = shown.text.split("\n")
    long = lines[lines.index("## [h2] Long") : lines.index("## [h3] Settings")]
    assert long[1] == "[2] The worker takes job 0 from the queue and tells the log."
    assert long[-1] == "(more)"
    assert 2500 < sum(map(len, long)) < 3500
    assert "The last sentence." not in shown.text
    assert "`key_79` | sets the number 79 of the queue" in shown.text, "a table is shown whole"
    assert lines[-3].endswith("A log is a list of facts.")
    assert set(shown.sections) == {1, 2, 3, 4}
    assert max(shown.sentences) == sum(line.startswith("[") for line in lines), "what is shown is what can be cited"


def test_a_term_is_kept_where_its_sentence_has_it() -> None:
    studied, shown = number(DocumentFile("d", "s", "0" * 64, "queue.md", TEXT.encode(), {}), "queue")
    numbers = {one.text: found for found, one in shown.sentences.items()}
    first, log = numbers["A queue is a list of jobs."], numbers["A log is a list of facts."]
    answer = AnalysisAnswer.model_validate(
        {"doc_type": "guide", "complexity_level": "beginner", "summary": [first], "objectives": []}
        | {"concepts": [{"name": "Queue", "sentence": first}, {"name": "job", "sentence": log}]}
        | {"prerequisites": []}
    )
    merged = merge_analysis(studied.analysis, answer, shown)
    assert [(one.name, one.section_id) for one in merged.key_concepts] == [("Queue", shown.sections[1])]
    assert [one.text for one in merged.summary] == ["A queue is a list of jobs."]
