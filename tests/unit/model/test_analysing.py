"""What a model sees of a document that it is to judge, and what it may say of it."""

from services.doc_analyser.offline.inputs import DocumentFile
from services.doc_analyser.understanding import number

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
