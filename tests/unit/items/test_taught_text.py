"""The taught text is asked what examples import and what sentences name."""

import pytest

from services.modules.offline.items.taught_text import TaughtText
from shared.docs.reader import read_document
from tests.unit.items.sample import teach, teach_text


@pytest.mark.parametrize(
    ("line", "name", "alone"),
    [
        ("import harbor", "harbor", "import harbor"),
        ("from harbor import crew, pay as wage", "wage", "from harbor import pay as wage"),
        ("import harbor.crew as crew", "crew", "import harbor.crew as crew"),
        ("crew = harbor.hire()", "crew", ""),
    ],
)
def test_a_name_has_the_line_that_imports_it_alone(line: str, name: str, alone: str) -> None:
    assert teach_text(f"# Guide\n\n```python\n{line}\n```\n")[1].imports(name) == alone


def test_what_an_example_makes_is_decided_by_no_import() -> None:
    made = "```python\nclass Crew(Base):\n    size = 3\n```\n"
    text = "# Guide\n\n```python\nfrom harbor import Crew\n```\n\nOr\n\n"
    assert teach_text(text)[1].imports("Crew")
    assert not teach_text(f"{text}{made}")[1].imports("Crew")


def test_the_line_that_most_examples_have_counts() -> None:
    lines = ("from harbor import crew", "from harbor.crew import crew", "from harbor.crew import crew")
    assert teach_text("# Guide\n\n```python\n{}\n```\n".format("\n".join(lines)))[1].imports("crew") == lines[1]


def test_code_in_sentences_and_headings_are_names() -> None:
    known = teach_text("# Guide to Piers\n\nCall `harbor.pack()` first.\n")[1]
    assert known.names("pack")
    assert known.names("Piers")
    assert not known.names("first")


def test_the_code_of_the_project_that_a_page_takes_in_is_no_example() -> None:
    code = b'class Crew:\n    """Those who lift."""\n\n    size = 3\n'
    page = b"# Guide\n\n.. literalinclude:: crew.py\n"
    for body, is_made in ((code, False), (code.replace(b'"""Those who lift."""', b"tons = 4"), True)):
        sections = teach(read_document("guide.rst", page.replace(b"# Guide", b"Guide\n====="), {"crew.py": body}))
        assert TaughtText(sections).makes("Crew") == is_made
