"""What an example gives is asked only where the code that is shown decides it."""

import pytest

from services.modules.offline.items.predict_output import ask_outputs
from services.modules.offline.items.question import Question
from services.modules.offline.items.sessions import ask_runs
from shared.course.plain_text import show_plain
from tests.unit.items.sample import teach_text


def ask(text: str, path: str = "docs/guide.md") -> list[Question]:
    sections, said = teach_text(text, path)
    return [question for one in sections for question in ask_outputs(one, said)]


def keys(questions: list[Question]) -> set[str]:
    return {show_plain(key) for question in questions for key in question.keys}


def code(*lines: str, language: str = "python") -> str:
    return "# Guide\n\nText.\n\n```{}\n{}\n```\n".format(language, "\n".join(lines))


def test_a_doctest_is_asked_with_what_it_needs_and_its_siblings_as_distractors() -> None:
    questions = ask(
        code(">>> words = [4, 8, 15]", ">>> sum(words)", "27", ">>> max(words) * 2", "30", ">>> min(words) - 9", "-5")
    )
    asked = next(question for question in questions if "27" in show_plain(question.keys[0]))
    assert "words = [4, 8, 15]" in asked.stem
    assert "27" not in asked.stem
    assert {show_plain(option.text) for option in asked.options} == {"27", "30", "-5"}
    assert asked.form == "predict_output"
    assert [(span.start_line, span.end_line) for span in asked.spans] == [(7, 7), (8, 8)]


def test_each_option_says_what_really_gives_it() -> None:
    question = ask(
        code("assert half(8) == 40", "assert half(6) == 31", "assert half(4) == 27").replace(
            "assert half(8)", "def half(x):\n    return x * 9\nassert half(8)"
        )
    )[0]
    told = {show_plain(option.text): option.feedback for option in question.options}
    assert told["31"].endswith("`half(6)` gives this.")
    assert question.keys[0].strip("`") in {"40", "31", "27"}
    assert next(option for option in question.options if option.is_key).feedback.startswith("Right: ")


def test_values_in_comments_count_and_do_not_show_in_the_stem() -> None:
    questions = ask(code("n = 7", "print(n * 3)  # 21", "print(n * 9)  # 63", "print(n - 9)  # -2"))
    assert keys(questions) == {"21", "63", "-2"}
    assert all("#" not in question.stem for question in questions)


def test_a_statement_that_changes_what_is_asked_about_is_part_of_the_question() -> None:
    text = code(
        "a = [9]",
        "b = a",
        "b.append(4)",
        "print(len(a) + 20)  # 22",
        "print(sum(a) + 20)  # 33",
        "print(max(a) + 9)  # 18",
    )
    questions = ask(text)
    assert questions
    assert all("b.append(4)" in question.stem for question in questions)


@pytest.mark.parametrize(
    "lines",
    [
        (
            "import random",
            "print(random.randint(1, 9))  # 7",
            "print(random.randint(2, 9))  # 8",
            "print(random.randint(3, 9))  # 5",
        ),
        ("print(thing.size())  # 7", "print(thing.size(2))  # 8", "print(thing.size(3))  # 9"),
        ("from depot import size", "print(size(1))  # 7", "print(size(2))  # 8", "print(size(3))  # 9"),
        ("print(7)  # 7", "print(8)  # 8", "print(9)  # 9"),
        ("print('is', 3 + 4)  # 7", "print('is', 3 + 5)  # 8", "print('is', 3 + 6)  # 9"),
        (
            "a = object()",
            ">>> repr(a)",
            "'<object at 0x7f2a>'",
            ">>> repr([a])",
            "'<object at 0x7f2b>'",
            ">>> repr((a,))",
            "'<object at 0x7f2c>'",
        ),
    ],
    ids=["left to chance", "name unknown", "import unknown", "only read off", "more is printed", "address"],
)
def test_what_the_shown_code_does_not_decide_is_not_asked(lines: tuple[str, ...]) -> None:
    assert ask(code(*lines)) == []


def test_values_of_other_kinds_are_no_distractors() -> None:
    assert ask(code("a = 'xy'", "print(a * 2)  # 'xyxy'", "print(len(a) + 5)  # 7", "print(a == 'x')  # False")) == []


SESSION = """# Guide

```python
import sys

names = sys.argv[1:]
print("crew of", len(names))
```

```console
$ python crew.py
crew of 0
$ python crew.py ann
crew of 1
$ python crew.py ann bo
crew of 2
$ python crew.py ann bo cy
crew of 3
$ python crew.py ann bo cy di
crew of 4
```
"""


def test_a_command_is_asked_beside_its_program() -> None:
    sections, said = teach_text(SESSION)
    questions = [question for one in sections for question in ask_runs(one, said)]
    assert keys(questions) == {"crew of 0", "crew of 2", "crew of 3", "crew of 4"}  # the program holds a 1
    assert all("sys.argv" in question.stem for question in questions)


def test_a_command_that_prints_now_this_now_that_is_not_asked() -> None:
    sections, said = teach_text(SESSION + "\n```console\n$ python crew.py ann bo\ncrew of 9\n```\n")
    questions = [question for one in sections for question in ask_runs(one, said)]
    assert keys(questions) == {"crew of 0", "crew of 3", "crew of 4"}


def test_an_error_is_asked_for_as_what_is_wrong() -> None:
    text = SESSION.replace("crew of ", "Error: no ship for: ")
    sections, said = teach_text(text)
    questions = [question for one in sections for question in ask_runs(one, said)]
    assert {question.form for question in questions} == {"find_wrong"}
