"""What an example gives is asked only where the code that is shown decides it."""

import pytest

from services.modules.offline.items.predict_output import ask_outputs
from services.modules.offline.items.question import Question
from services.modules.offline.items.sessions import ask_runs
from services.modules.offline.items.variants import list_variants
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
    told = {show_plain(option.text): option.feedback for option in asked.options}
    assert "30" in told or "-5" in told
    assert len(told) == 4
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
    questions = ask(code("a = 'xy'", "print(a * 2)  # 'xyxy'", "print(len(a) + 5)  # 7", "print(a == 'x')  # False"))
    assert keys(questions) == {"7"}
    assert all(show_plain(option.text).isdigit() for option in questions[0].options)


@pytest.mark.parametrize(
    ("value", "others"),
    [
        ("[1, 2, 3]", {"[3, 2, 1]", "[0, 1, 2]", "[2, 1, 0]"}),
        ("[0, 9, 4]", {"[0, 4, 9]", "[1, 10, 5]", "[1, 5, 10]"}),
        ("['b', 'c', 'a']", {"['a', 'b', 'c']", "['b', 'c']"}),
        ("('a,b', [1])", {"([1], 'a,b')"}),
        ("[1]", set()),
        ("(#4) [1, 2]", set()),
        ("{1, 2, 3}", set()),
        ("200", set()),
    ],
)
def test_a_value_without_siblings_is_varied(value: str, others: set[str]) -> None:
    assert {text for text, _ in list_variants(value, 0)} == others


def test_a_number_stands_at_each_place_among_its_variants() -> None:
    smaller = {sum(int(text) < 9 for text, _ in list_variants("9", chance)) for chance in range(4)}
    assert smaller == {0, 1, 2, 3}


def test_an_example_alone_is_asked_with_variants_that_say_how_they_differ() -> None:
    (question,) = ask(code("names = ['bo', 'al']", "names.append('cy')", "print(sorted(names))  # ['al', 'bo', 'cy']"))
    told = {show_plain(option.text): option.feedback for option in question.options}
    assert told["['cy', 'bo', 'al']"].startswith("No: these are the elements the other way round;")


def test_the_value_before_a_change_is_an_option() -> None:
    (question,) = ask(code("names = ['bo', 'al', 'cy']", "names.sort()", "print(names)  # ['al', 'bo', 'cy']"))
    told = {show_plain(option.text): option.feedback for option in question.options}
    assert told["['bo', 'al', 'cy']"] == "No: `names` is this at first, and is changed afterwards."


@pytest.mark.parametrize(
    "lines",
    [
        ("n = range(2, 5)", "print(n)  # [2, 3, 4]"),
        ("import math", "print(math.log10(100) + 5)  # 7"),
        ("crew = ['bo', 'al', 'cy']", "crew.append('di')  # ['bo', 'al', 'cy', 'di']"),
    ],
    ids=["an iterator", "a float", "nothing"],
)
def test_what_python_shows_otherwise_is_not_asked(lines: tuple[str, ...]) -> None:
    assert ask(code(*lines)) == []


def test_a_value_that_the_author_got_wrong_is_not_asked() -> None:
    lines = ("n = [-3, 0, 3, 4, 6, 8]", "even = [i for i in n if i % 2 == 0 and i > 0]", "print(even)  # [{}]")
    assert ask(code(*lines[:2], lines[2].format("2, 4, 6, 8"))) == []
    assert len(ask(code(*lines[:2], lines[2].format("4, 6, 8")))) == 1


def test_a_calculation_is_asked_with_what_another_sign_would_give() -> None:
    (question,) = ask(code("a = 17", "b = 5", "print(a // b)  # 3"))
    told = {show_plain(option.text): option.feedback for option in question.options}
    assert told["2"].startswith("No: this is what the rest of a division would give")
    assert told["3.4"].startswith("No: this is what a division would give")


def test_a_piece_of_a_text_is_asked_with_other_bounds() -> None:
    (question,) = ask(code("word = 'harbour'", "print(word[1:4])  # 'arb'"))
    assert keys([question]) == {"'arb'"}
    assert all(show_plain(option.text).strip("'") in "harbour" for option in question.options)


def test_lines_that_have_nothing_to_do_with_the_value_are_not_shown() -> None:
    (question,) = ask(code("crew = 4", "a = [9]", "b = a", "b.append(4)", "print(len(a) + 20)  # 22"))
    assert "crew" not in question.stem
    assert "b.append(4)" in question.stem


def test_a_setting_that_is_made_elsewhere_is_not_asked() -> None:
    lines = ("from myproject import settings", "print(len(settings.NAMES))  # 7")
    assert ask(code(*lines).replace("Text.", "Put names into `settings`.")) == []


def test_a_name_that_another_example_makes_leaves_the_value_open() -> None:
    lines = ("use_crew = make('crew')", "print(len([use_crew, use_crew, 0]) + 4)  # 7")
    assert ask("\n".join(("# A", "", "```python", "def make(x):", "    return [x]", "```", "", code(*lines)))) == []


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


def test_a_line_that_the_program_prints_in_another_case_is_an_option() -> None:
    text = """# Guide

```python
def greet(name, formal):
    if formal:
        print(f"Hello dear {name}")
    elif name == "bo":
        print(f"Hello old {name}")
    else:
        print(f"Hello {name}")
```

```console
$ python greet.py ann
Hello ann
```
"""
    sections, said = teach_text(text)
    (question,) = (question for one in sections for question in ask_runs(one, said))
    assert {show_plain(option.text) for option in question.options} == {
        "Hello ann", "Hello dear ann", "Hello old ann", "Hello {name}",
    }  # fmt: skip


def test_an_error_is_asked_for_as_what_is_wrong() -> None:
    text = SESSION.replace("crew of ", "Error: no ship for: ")
    sections, said = teach_text(text)
    questions = [question for one in sections for question in ask_runs(one, said)]
    assert {question.form for question in questions} == {"find_wrong"}


def test_a_function_without_a_body_is_not_shown() -> None:
    text = 'Use `halve` for halves.\n\n```python\ndef halve(x):\n    "Half of each."\n```\n\n'
    (question,) = ask(f"# Guide\n\n{text}```python\ntest_eq(halve([8, 4, 6]), [4, 2, 3])\n```\n")
    assert "def halve" not in question.stem


def test_a_function_without_a_body_that_the_text_does_not_name_leaves_the_value_open() -> None:
    stub = ("def turn(names):", '    "Turns the names."', "turn(['bo', 'al', 'cy'])  # ['cy', 'al', 'bo']")
    assert ask(code(*stub)) == []
    assert len(ask(code(stub[0], stub[1], "    return names[::-1]", stub[2]))) == 1


@pytest.mark.parametrize("asked", ["twice(3)", "list(twice(3))"])
def test_a_value_that_a_test_proves_is_asked_as_what_the_test_accepts(asked: str) -> None:
    lines = ("def twice(n):", "    for i in range(n):", "        yield i * 5", f"test_eq({asked}, [0, 5, 10])")
    (question,) = ask(code(*lines))
    assert question.stem.startswith("With which value in the gap does the test at the end pass?")
    assert f"test_eq({asked}, ____)" in question.stem
    assert question.keys == ("`[0, 5, 10]`",)


def test_a_list_has_another_one_of_its_length_beside_it() -> None:
    lines = (
        "a = [9, 4, 7, 2, 8, 1, 6, 3]",
        "print(a[:5])  # [9, 4, 7, 2, 8]",
        "print(a[1:7])  # [4, 7, 2, 8, 1, 6]",
        "print(a[1:])  # [4, 7, 2, 8, 1, 6, 3]",
    )
    for question in ask(code(*lines)):
        commas = [show_plain(option.text).count(",") for option in question.options if not option.is_key]
        assert show_plain(question.keys[0]).count(",") in commas


@pytest.mark.parametrize("whole", ["40", "0"])
def test_a_whole_number_is_asked_beside_the_fraction_that_it_might_be(whole: str) -> None:
    text = SESSION.replace("len(names))", "sum(map(float, names)))").replace("crew of 0", f"crew of {whole}")
    sections, said = teach_text(text)
    asked = [question for one in sections for question in ask_runs(one, said)]
    (question,) = (question for question in asked if question.keys == (f"`crew of {whole}`",))
    assert f"`crew of {whole}.0`" in {option.text for option in question.options}


STEPS = """# Guide

```python
def launch(name):
    print("open the gate")
    print("call the tug")
    print(f"launch {name}")
```

```console
$ python launch.py kit
open the gate
call the tug
launch kit
```
"""


def test_of_several_lines_the_last_one_is_asked_beside_those_before() -> None:
    sections, said = teach_text(STEPS)
    (question,) = (question for one in sections for question in ask_runs(one, said))
    assert question.stem.startswith("What is the last line that the command at the end prints?")
    assert question.keys == ("`launch kit`",)
    assert {"`open the gate`", "`call the tug`"} < {option.text for option in question.options}


def test_the_output_of_another_program_of_the_page_is_told_as_such() -> None:
    one, two = (f'```python\nimport sys\n\nprint("crew of", {term})\n```\n\n' for term in ("len(sys.argv)", "2 * 9"))
    runs = ("$ python crew.py ann\ncrew of 2\n", "$ python crew.py\ncrew of 18\n$ python crew.py bo cy\ncrew of 17\n")
    text = "".join(f"{program}```console\n{run}```\n\n" for program, run in zip((one, two), runs, strict=True))
    sections, said = teach_text(f"# Guide\n\n{text}")
    asked = [question for part in sections for question in ask_runs(part, said)]
    first = next(question for question in asked if question.keys == ("`crew of 2`",))
    told = {option.text: option.feedback for option in first.options if not option.is_key}
    assert told
    assert all(feedback.endswith("prints this with another program of the page.") for feedback in told.values())


def test_what_the_program_cannot_print_is_not_asked() -> None:
    sections, said = teach_text(SESSION.replace("crew of 3", "crewmen: 3"))
    asked = [question for one in sections for question in ask_runs(one, said)]
    assert "`crewmen: 3`" not in {option.text for question in asked for option in question.options}


def test_what_somebody_types_in_decides_and_is_not_asked() -> None:
    sections, said = teach_text(SESSION.replace("sys.argv[1:]", "input().split()"))
    assert [question for one in sections for question in ask_runs(one, said)] == []


def test_a_name_that_a_module_of_the_language_has_too_is_shown_where_it_is_made() -> None:
    (question,) = ask(code("numbers = range(2, 5)", "print(list(numbers))  # [2, 3, 4]"))
    assert "numbers = range(2, 5)" in question.stem


def test_a_made_up_function_is_shown_or_leaves_the_value_open() -> None:
    lines = ("myfn(['bo', 'al', 'cy'])  # ['cy', 'al', 'bo']",)
    assert ask(code(*lines)) == []
    made = ("def myfn(names):", "    return names[::-1]")
    assert "def myfn" in ask(code(*made, *lines))[0].stem


def test_an_error_about_a_flag_that_neither_program_nor_command_has_is_no_option() -> None:
    run = "```console\n$ python crew.py --old\nError: No such option: --old\n```\n"
    other = f"\n```python\nimport sys\nflag = 1\n```\n\n{run}"
    sections, said = teach_text(SESSION + other)
    asked = [question for one in sections for question in ask_runs(one, said)]
    assert not any("--old" in option.text for question in asked for option in question.options if not option.is_key)


def test_an_object_is_asked_for_among_objects_with_other_fields() -> None:
    text = """# Depots

```pycon
>>> from harbor import define
>>> @define
... class Depot:
...     size: int = 4
...     name: str = "north"
>>> Depot(7)
Depot(size=7, name='north')
```
"""
    (question,) = ask(text)
    assert question.keys == ("`Depot(size=7, name='north')`",)
    assert {option.text for option in question.options if not option.is_key} <= {
        "`Depot(size='north', name=7)`", "`Depot(size=7)`", "`Depot(name='north')`",
        "`Depot(size=8, name='north')`", "`Depot(size=6, name='north')`",
    }  # fmt: skip


def test_a_result_below_its_line_counts() -> None:
    lines = ("var twice = function (n) {", "  return n.map((x) => x * 5);", "};", "console.log(twice([3, 4]))")
    text = "# Code\n\n```javascript\n" + "\n".join([*lines, "//=> [15, 20]"]) + "\n```\n"
    (question,) = ask(text)
    assert question.keys == ("`[15, 20]`",)
    assert "//" not in question.stem


@pytest.mark.parametrize("mark", ["(1)", "[!code ++]"])
def test_a_mark_of_the_page_is_no_value(mark: str) -> None:
    lines = ("def half(n):", "    return n / 2", f"half(8)  # {mark}", "half(6)  # (2)", "half(4)  # (3)")
    assert ask(code(*lines)) == []


def test_parameters_of_a_function_are_known_where_other_examples_have_such_names() -> None:
    other = "```python\nnames = ['bo']\nstep = 4\n```\n\n"
    lines = ("def pick(names, step=2):", "    return names[::step]", "pick([1, 5, 9])  # [1, 9]")
    assert len(ask(code(*lines).replace("Text.\n\n", f"Text.\n\n{other}"))) == 1


DEPOT = ("def pick(one: Depot, step):", "    return one * step", "t = Depot(2)", "pick(t, 4)  # 8")


@pytest.mark.parametrize(
    "made", ["class Depot(int): pass", "class Depot(int):\n    def weigh(self):\n        return 4"]
)
def test_what_an_example_needs_of_an_earlier_block_stands_in_its_question(made: str) -> None:
    other = f"```python\n{made}\n```\n\n"
    (question,) = ask(code(*DEPOT).replace("Text.\n\n", f"Text.\n\n{other}"))
    assert made in question.stem


def test_a_value_stays_open_where_what_it_needs_has_changed_since() -> None:
    other = "```python\nDepot = make(2)\nDepot.fill(7)\n```\n\n"
    assert ask(code(*DEPOT).replace("Text.\n\n", f"Text.\n\n{other}")) == []


BOUND = code(
    ">>> def bind(stock): box.update(stock)", ">>> box = {}", ">>> bind({'oak': 40})", "{...}", ">>> show(oak=1)",
    "kind='oak' oak=41", ">>> show(oak=2)", "kind='oak' oak=42", ">>> show(oak=3)", "kind='elm' oak=43 kind=7",
).replace("box.update(stock)", "box.update(stock)\n>>> def show(oak, kind='oak'): print(kind, oak)")  # fmt: skip


def test_a_statement_that_changes_something_is_shown_though_the_session_shows_its_output() -> None:
    questions = ask(BOUND)
    assert questions
    assert all("bind({'oak': 40})" in question.stem for question in questions)


@pytest.mark.parametrize(
    ("value", "others"),
    [
        ("event='in' oak=4 elm=5", {"event=5 oak=4 elm='in'", "event='in' oak=4", "oak=4 elm=5"}),
        ("{ oak: 'a', elm: 'b' }", {"{ oak: 'b', elm: 'a' }", "{ oak: 'a' }"}),
        ('\'{"oak": 42, "elm": 7}\'', {'\'{"oak": 7, "elm": 42}\'', "'{\"oak\": 42}'"}),
        (
            "https://a.org/get?k=1&n=2&n=3",
            {"https://a.org/get?k=1&n=2,3", "https://a.org/get?k=1&n=3", "https://a.org/get?k=1&n=2"},
        ),
    ],
)
def test_values_with_named_fields_have_variants_of_their_own_build(value: str, others: set[str]) -> None:
    assert others <= {text for text, _ in list_variants(value, 0)}


def test_fields_of_other_examples_make_tempting_values() -> None:
    found = dict(list_variants("event='in' oak=4", 0, kin=["event='out' oak=4 elm=5"]))
    assert found["event='out' oak=4"] == "another example has this value of `event`"
    assert found["event='in' oak=4 elm=5"] == "another example has more fields"


def test_a_number_of_the_code_is_not_made_higher_in_a_field() -> None:
    assert not any("43" in text for text, _ in list_variants("{'age': 42}", 0, "load({'age': 42})"))
    assert any("43" in text for text, _ in list_variants("{'age': 42}", 0, "load({'age': 21})"))


def test_a_text_that_was_written_anew_is_offered_as_it_was_given() -> None:
    found = dict(list_variants("'oak-pier'", 0, "name('Oak Pier ')"))
    assert found["'Oak Pier '"] == "this is the text as it is given"


@pytest.mark.parametrize(
    "lines",
    [
        ("# 1.0", "half(8)  # 4", "half(6)  # 3", "half(4)  # 2"),
        ("table = read('trees.csv')", "half(8)  # 4", "half(6)  # 3", "half(4)  # 2"),
        ("half(8)  # {'oak': 4}", "half(6)  # {'oak': 3}", "half(4)  # {'oak': 2}"),
    ],
    ids=["of an earlier version", "of a file", "names that the code has not"],
)
def test_a_value_that_the_code_does_not_decide_is_not_asked(lines: tuple[str, ...]) -> None:
    made = ("def half(n):", "    return n / 2")
    shown = [line.replace("half(", "half(table, ") if "table" in lines[0] else line for line in lines]
    assert ask(code(*made, *shown)) == []
