"""What lines of a template give is asked among lines that are given the same, here or in another section."""

import pytest

from services.modules.offline.items.fill_call import ask_calls
from services.modules.offline.items.question import Question
from tests.unit.items.sample import teach_text

PAGE = """# first

Returns the first letters of a name.

```go-html-template
{{ "harbour" | first 1 }} → h
{{ "harbour" | first 2 }} → ha
{{ "harbour" | first 3 }} → har
```

# middle

```go-html-template
{{ "harbour" | middle 3 }} → rbo
```

# last

Returns the last letters of a name.

```go-html-template
{{ "harbour" | last 3 }} → our
{{ "seaport" | last 1 }} → t
{{ "harbour" | last 1 }} → r
```
"""


def ask(text: str, heading: str) -> list[Question]:
    sections, said = teach_text(text)
    return [question for one in sections if one.section.heading == heading for question in ask_calls(one, said)]


def test_a_line_of_a_template_is_asked_among_those_given_the_same() -> None:
    questions = ask(PAGE, "first")
    assert questions
    for question in questions:
        (key,) = (option for option in question.options if option.is_key)
        assert "“Returns the first letters of a name”" in key.feedback


def test_siblings_of_another_section_are_cited_there() -> None:
    question = next(one for one in ask(PAGE, "last") if "last 3" in one.keys[0])
    wrong = [option for option in question.options if not option.is_key]
    assert 8 in {span.start_line for option in wrong for span in option.spans}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{{ "harbour" | last 3 }} → our', '{{ with "harbour" }}\n  {{ last 3 . }} → our\n{{ end }}'),
        ('"harbour" | last 3', ".Title | last 3"),
        ('"harbour" | last 3', "now | last 3"),
        ("→ our\n", '→ our\n{{ "harbour" | last 3 }} → bour\n'),
        ('"harbour" | last 3', "$other | last 3"),
    ],
    ids=["inside of a condition", "of the page", "of the moment", "two values", "a variable that nothing sets"],
)
def test_a_line_is_not_asked_if_its_value_does_not_follow(old: str, new: str) -> None:
    assert old in PAGE
    asked = ask(PAGE.replace(old, new), "last")
    assert not any("last 3" in key for question in asked for key in question.keys)
