"""What an example gives is asked only where the code that is shown decides it."""

import pytest

from services.modules.offline.items.context import write_code
from services.modules.offline.items.examples import find_shown
from services.modules.offline.items.options import ask_choice
from services.modules.offline.items.predict_output import ask_outputs, is_plain, list_reasons
from services.modules.offline.items.question import Choice, Question
from services.modules.offline.items.sessions import ask_runs
from services.modules.offline.items.variants import list_fillers, list_slips
from shared.course.plain_text import show_plain
from shared.engine.types import Span
from tests.unit.items.sample import teach_text


def ask(text: str, path: str = "docs/guide.md") -> list[Question]:
    sections, said = teach_text(text, path)
    return [question for one in sections for question in ask_outputs(one, said)]


def write(text: str) -> list[str]:
    """The code of each shown value that it decides."""
    sections, said = teach_text(text)
    shown = ((one, example) for one in sections for example in find_shown(one) if is_plain(example))
    return [code for one, example in shown if (code := write_code(one, example, example.test or example.asked, said))]


def keys(questions: list[Question]) -> set[str]:
    return {show_plain(key) for question in questions for key in question.keys}


def code(*lines: str, language: str = "python") -> str:
    return "# Guide\n\nText.\n\n```{}\n{}\n```\n".format(language, "\n".join(lines))


def test_a_doctest_is_asked_with_what_it_needs_and_what_mistakes_give() -> None:
    (question,) = ask(code(">>> words = [4, 8, 15, 16]", ">>> words[1:3]", "[8, 15]"))
    assert "words = [4, 8, 15, 16]" in question.stem
    told = {show_plain(option.text): option.feedback for option in question.options}
    assert told["[8, 15, 16]"] == "No: a slice leaves out the place where it ends; `words[1:3]` gives `[8, 15]`."
    assert question.form == "predict_output"
    assert [(span.start_line, span.end_line) for span in question.spans] == [(7, 7), (8, 8)]


@pytest.mark.parametrize(
    ("asked", "value", "sort", "there"),
    [("[:2]", "[10, 20]", "(10, 20)", True), ("[1:4]", "[20, 30, 40]", "(20, 30, 40)", False)],
)
def test_another_sort_of_value_is_an_option_where_all_others_are_longer(
    asked: str, value: str, sort: str, there: bool
) -> None:
    (question,) = ask(code(">>> rows = [10, 20, 30, 40, 50]", f">>> rows{asked}", value))
    assert (f"`{sort}`" in {option.text for option in question.options}) == there


def test_values_in_comments_count_and_do_not_show_in_the_stem() -> None:
    questions = ask(code("n = 17", "print(n // 5)  # 3", "print(n % 9)  # 8"))
    assert keys(questions) == {"3", "8"}
    assert all("#" not in question.stem for question in questions)


def test_a_value_that_only_its_program_knows_is_not_asked() -> None:
    calls = [f"print({name}('oak'))  # {load}" for name, load in (("weigh", 40), ("count", 31), ("price", 27))]
    assert ask(code("from harbor import weigh, count, price", *calls).replace("Text.", "Use `weigh`.")) == []


def test_a_statement_that_changes_what_is_asked_about_is_part_of_the_question() -> None:
    text = code(
        "a = [9]",
        "b = a",
        "b.append(4)",
        "print(len(a) + 20)  # 22",
        "print(sum(a) + 20)  # 33",
        "print(max(a) + 9)  # 18",
    )
    found = write(text)
    assert found
    assert all("b.append(4)" in shown for shown in found)


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
    ids=["left to chance", "name unknown", "only read off", "more is printed", "address"],
)
def test_what_the_shown_code_does_not_decide_is_not_asked(lines: tuple[str, ...]) -> None:
    assert write(code(*lines)) == []


def test_values_of_other_kinds_are_no_distractors() -> None:
    lines = ("a = 'xy'", "n = 17", "print(n // 5)  # 3", "print(a * 2)  # 'xyxy'", "print(n == 4)  # False")
    (question,) = (one for one in ask(code(*lines)) if one.keys == ("`3`",))
    assert all(show_plain(option.text).replace(".", "").isdigit() for option in question.options)


@pytest.mark.parametrize(
    ("lines", "others"),
    [
        (
            ("names = ['bo', 'al']", "names.insert(1, 'cy')", "sorted(names)", "['al', 'bo', 'cy']"),
            {"['al', 'bo']": "this is so before `names.insert(1, 'cy')`", "['bo', 'cy', 'al']": "`sorted` is left out"},
        ),
        (
            ("a = [i * i for i in range(4)]", "a", "[0, 1, 4, 9]"),
            {"[0, 1, 4, 9, 16]": "`range` leaves its end out", "[1, 4, 9]": "`range` begins at nought"},
        ),
        (("a = [7]", "b = a", "b.append(2)", "len(a)", "2"), {"1": "`b = a` makes no copy"}),
        (("2 + 3 * 4", "14"), {"20": "`3 * 4` is worked out first"}),
        (("(2 + 3) * 4", "20"), {"14": "`(2 + 3)` is worked out first"}),
        (
            ("a = [9, 4, 7, 2]", "a[1:3]", "[4, 7]"),
            {"[4, 7, 2]": "a slice leaves out the place where it ends", "[9, 4]": "places count from nought"},
        ),
        (("harbor.find(7)", "7"), {}),
        (("2 + 3", "5"), {}),
    ],
)
def test_a_value_has_what_a_mistake_makes_of_it_beside_it(lines: tuple[str, ...], others: dict[str, str]) -> None:
    *before, asked, value = lines
    found = dict(reversed(list_slips(value, "\n".join(before), asked)))  # the first one that gives a value counts
    assert others.items() <= found.items()
    assert value not in found
    assert others or not found


def test_what_the_code_is_given_is_an_option() -> None:
    lines = ("cached = watch({ oak: 42, elm: 0 })", "store({ oak: 42, elm: 1 })")
    found = dict(list_slips("{ oak: 43, elm: 1 }", "\n".join(lines), "cached.value"))
    assert {"{ oak: 42, elm: 0 }", "{ oak: 42, elm: 1 }"} == set(found)


def test_a_truth_is_asked_beside_its_opposite_and_an_error_that_its_operation_may_raise() -> None:
    shown = "harbor.crate_weigh(4) < 9  # False", "harbor.crate_weigh(7) < 9  # True"
    text = code("import harbor", *shown).replace("Text.", "Every crate is as heavy as it will weigh on a pier.")
    first, _ = ask(text)
    told = {show_plain(option.text): option.feedback for option in first.options}
    says = "`harbor.crate_weigh(4) < 9` gives `False`."
    assert told.keys() == {"False", "True", "TypeError"}
    assert told["True"] == f"No: `harbor.crate_weigh(7) < 9` gives this; {says}"
    assert told["TypeError"] == f"No: an error comes of values that have no order; {says}"
    assert ask(text.replace(" < 9", "")) == []


def test_a_truth_is_no_option_beside_a_list() -> None:
    shown = ("crates = [9, 4]", "harbor.lift(crates)  # [4, 9]", "harbor.lift(9)  # True")
    (question,) = ask(
        code("import harbor", *shown).replace(
            "Text.", "To `lift` means to put the least of the crates first in a harbor."
        )
    )
    assert {show_plain(option.text) for option in question.options} == {"[4, 9]", "[9, 4]", "(4, 9)"}


def test_a_line_that_makes_the_difference_is_told_of_the_right_option_alone() -> None:
    made = ("@define", "class Crate:", "    oak = field(eq=bool)")
    shown = ("print(Crate(4) <= Crate(7))  # True", "print(Crate(4) <= Crate(0))  # False")
    question, _ = ask(code("from harbor import define, field", *made, *shown))
    told = {show_plain(option.text): option.feedback for option in question.options}
    assert told["True"] == "Right: `print(Crate(4) <= Crate(7))` prints `True`: `oak = field(eq=bool)` decides it."
    assert not any("decides" in text for name, text in told.items() if name != "True")
    assert question.explanation == "`print(Crate(4) <= Crate(7))` prints `True`."


def test_the_error_of_another_call_is_beside_an_error() -> None:
    calls = (("pier.tie(0)", "AshError"), ("pier.moor(4)", "OakError"), ("pier.lift(9)", "ElmError"))
    lines = [
        (f">>> {asked}", "Traceback (most recent call last):", "    ...", f"harbor.{error}: no")
        for asked, error in calls
    ]
    found = ask(code(">>> from harbor import pier", *(line for own in lines for line in own)))
    assert [keys([one]) for one in found] == [{"AshError"}, {"OakError"}, {"ElmError"}]
    told = {show_plain(option.text): option.feedback for option in found[0].options}
    assert told["OakError"] == "No: `pier.moor(4)` raises this; `pier.tie(0)` raises `AshError`."


def test_a_number_or_text_of_the_code_is_put_into_no_value() -> None:
    assert list_slips("[0, 1, 2]", "stop = 7\nname = 'bo'", "count(stop)") == []


NAMES = code("import depot", "box = depot.sort(['bo', 'cy', 'al'])", "print(box + [])  # ['al', 'bo', 'cy']")


def test_a_value_of_another_sort_is_no_option_without_a_misreading() -> None:
    assert list_fillers("[4, 7]", "", "") == [("(4, 7)", "this is a tuple, and the value is a list")]
    assert list_fillers("42", "", "turn(7)") == []
    assert [text for text, _ in list_fillers("42", "", "turn('42')")] == ["'42'"]
    assert ask(NAMES.replace("'bo', 'cy', 'al'", "9")) == []
    (question,) = ask(NAMES)
    assert {show_plain(option.text) for option in question.options} == {
        "['al', 'bo', 'cy']", "['bo', 'cy', 'al']", "('al', 'bo', 'cy')",
    }  # fmt: skip


def test_code_with_two_values_is_not_asked() -> None:
    assert ask(NAMES.replace("\n```\n", "\nprint(box + [])  # ['al', 'cy', 'bo']\n```\n")) == []


def test_a_text_is_asked_beside_the_texts_that_stand_at_like_places() -> None:
    found = dict(list_slips("'elm'", "box = depot.open()", "box.find('oak', 'elm', 'fir')"))
    assert found == {"'oak'": "the code has `'oak'`, too", "'fir'": "the code has `'fir'`, too"}
    assert list_slips("'elm'", "box = depot.open('oak')", "box.first()") == []


def test_a_division_is_no_remark() -> None:
    (shown,) = write(code("def half(n):", "    return n // 2", "half(18)  # 9"))
    assert "return n // 2" in shown


def test_a_dictionary_in_another_order_than_the_code_is_not_asked() -> None:
    lines = ("def turn(oak, elm):", "    return dict(oak=oak, elm=elm)", "turn(4, 2)  # {}")
    assert write(code(*lines[:2], lines[2].format("{'elm': 2, 'oak': 4}"))) == []
    assert len(write(code(*lines[:2], lines[2].format("{'oak': 4, 'elm': 2}")))) == 1


def test_a_type_that_is_nowhere_made_leaves_the_value_open() -> None:
    lines = ("one = Barge(4)", "other = Barge(2)", "one == other  # False")
    assert write(code(*lines)) == []
    (shown,) = write(code("class Barge(int):", "    pass", *lines))
    assert "class Barge" in shown


def test_a_statement_that_only_uses_the_same_function_is_not_shown() -> None:
    (shown,) = write(code("def half(n):", "    return n / 2", "size = half(4)", "half(18)  # 9"))
    assert "size" not in shown


def test_two_values_in_one_check_are_no_value() -> None:
    assert write(code("test_eq(turn([3, 4]), [(1, [3]), (2, [4])])")) == []


def test_the_right_option_says_what_the_text_says_of_the_example() -> None:
    text = code("crew = 17", "ships = 5", "print(crew // ships)  # 3")
    (question,) = ask(text.replace("Text.", "The crew of five ships has a rest."))
    told = "`print(crew // ships)` prints `3`: “The crew of five ships has a rest”."
    assert [option.feedback for option in question.options if option.is_key] == [f"Right: {told}"]


def test_the_value_before_a_change_is_an_option() -> None:
    (question,) = ask(code("names = ['bo', 'al']", "names.insert(1, 'cy')", "print(names)  # ['bo', 'cy', 'al']"))
    told = {show_plain(option.text): option.feedback for option in question.options}
    assert told["['bo', 'al']"].startswith("No: this is so before `names.insert(1, 'cy')`; ")


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
    assert write(code(*lines)) == []


def test_a_value_that_the_author_got_wrong_is_not_asked() -> None:
    lines = ("n = [-3, 0, 3, 4, 6, 8]", "even = [i for i in n if i % 2 == 0 and i > 0]", "print(even)  # [{}]")
    assert write(code(*lines[:2], lines[2].format("2, 4, 6, 8"))) == []
    assert len(write(code(*lines[:2], lines[2].format("4, 6, 8")))) == 1


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
    (shown,) = write(code("crew = 4", "a = [9]", "b = a", "b.append(4)", "print(len(a) + 20)  # 22"))
    assert "crew" not in shown
    assert "b.append(4)" in shown


def test_a_setting_that_is_made_elsewhere_is_not_asked() -> None:
    lines = ("from myproject import settings", "print(len(settings.NAMES))  # 7")
    assert write(code(*lines).replace("Text.", "Put names into `settings`.")) == []


def test_a_name_that_another_example_makes_leaves_the_value_open() -> None:
    lines = ("use_crew = make('crew')", "print(len([use_crew, use_crew, 0]) + 4)  # 7")
    assert write("\n".join(("# A", "", "```python", "def make(x):", "    return [x]", "```", "", code(*lines)))) == []


def test_a_function_without_a_body_is_not_shown() -> None:
    text = 'Use `halve` for halves.\n\n```python\ndef halve(x):\n    "Half of each."\n```\n\n'
    (shown,) = write(f"# Guide\n\n{text}```python\nassert halve([8, 4, 6]) == [4, 2, 3]\n```\n")
    assert "def halve" not in shown


def test_a_function_without_a_body_leaves_the_value_open_unless_its_text_tells_of_it() -> None:
    stub = ("def turn(names):", '    "Turns the names."', "turn(['bo', 'al', 'cy'])  # ['cy', 'al', 'bo']")
    assert write(code(*stub)) == [stub[2].partition("  #")[0]]
    assert write(code(stub[0], "    ...", stub[2])) == []
    assert len(write(code(stub[0], stub[1], "    return names[::-1]", stub[2]))) == 1


def test_a_value_that_a_test_proves_is_asked_as_what_the_test_accepts() -> None:
    (question,) = ask(code("a = 17", "assert a // 5 == 3"))
    assert question.stem.startswith("With which value in the gap does the test at the end pass?")
    assert "assert a // 5 == ____" in question.stem
    assert question.keys == ("`3`",)


STEPS = """# Guide

```python
def launch(name):
    if name:
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


def test_of_several_lines_one_is_asked_beside_the_others() -> None:
    sections, said = teach_text(STEPS)
    (question,) = (question for one in sections for question in ask_runs(one, said))
    assert question.stem.startswith("What is the first line that the command at the end prints?")
    assert question.explanation == '`print("open the gate")`, under `if name:`, prints `open the gate`.'
    assert {"`open the gate`", "`call the tug`", "`launch kit`"} == {option.text for option in question.options}


def test_a_remark_behind_the_code_is_not_shown() -> None:
    (shown,) = write(code("a = [9, 4]", "a.insert(1, '# 7')  # now nine comes first", "print(len(a) + 20)  # 23"))
    assert "nine" not in shown
    assert "a.insert(1, '# 7')" in shown


def test_a_name_that_a_module_of_the_language_has_too_is_shown_where_it_is_made() -> None:
    (shown,) = write(code("numbers = range(2, 5)", "print(list(numbers))  # [2, 3, 4]"))
    assert "numbers = range(2, 5)" in shown


def test_a_made_up_function_is_shown_or_leaves_the_value_open() -> None:
    lines = ("myfn(['bo', 'al', 'cy'])  # ['cy', 'al', 'bo']",)
    assert write(code(*lines)) == []
    made = ("def myfn(names):", "    return names[::-1]")
    assert "def myfn" in write(code(*made, *lines))[0]


def test_a_result_below_its_line_counts() -> None:
    lines = ("var twice = function (n) {", "  return n.map((x) => x * 5);", "};", "console.log(twice([3, 4]))")
    text = "# Code\n\n```javascript\n" + "\n".join([*lines, "//=> [15, 20]"]) + "\n```\n"
    assert write(text) == ["\n".join(lines)]


@pytest.mark.parametrize("mark", ["(1)", "[!code ++]"])
def test_a_mark_of_the_page_is_no_value(mark: str) -> None:
    lines = ("def half(n):", "    return n / 2", f"half(8)  # {mark}", "half(6)  # (2)", "half(4)  # (3)")
    assert write(code(*lines)) == []


def test_parameters_of_a_function_are_known_where_other_examples_have_such_names() -> None:
    other = "```python\nnames = ['bo']\nstep = 4\n```\n\n"
    lines = ("def pick(names, step=2):", "    return names[::step]", "pick([1, 5, 9])  # [1, 9]")
    assert len(write(code(*lines).replace("Text.\n\n", f"Text.\n\n{other}"))) == 1


DEPOT = ("def pick(one: Depot, step):", "    return one * step", "t = Depot(2)", "pick(t, 4)  # 8")


@pytest.mark.parametrize(
    "made", ["class Depot(int): pass", "class Depot(int):\n    def weigh(self):\n        return 4"]
)
def test_what_an_example_needs_of_an_earlier_block_stands_in_its_question(made: str) -> None:
    other = f"```python\n{made}\n```\n\n"
    (shown,) = write(code(*DEPOT).replace("Text.\n\n", f"Text.\n\n{other}"))
    assert made in shown


def test_a_value_stays_open_where_what_it_needs_has_changed_since() -> None:
    other = "```python\nDepot = make(2)\nDepot.fill(7)\n```\n\n"
    assert write(code(*DEPOT).replace("Text.\n\n", f"Text.\n\n{other}")) == []


BOUND = code(
    ">>> def bind(stock): box.update(stock)", ">>> box = {}", ">>> bind({'oak': 40})", "{...}", ">>> show(oak=1)",
    "Pile(kind='oak', oak=41)", ">>> show(oak=2)", "Pile(kind='oak', oak=42)", ">>> show(oak=3)",
    "Pile(kind='elm', oak=43, tall=7)",
).replace("box.update(stock)", "box.update(stock)\n>>> def show(oak, kind='oak'): print(kind, oak)")  # fmt: skip


def test_a_statement_that_changes_something_is_shown_though_the_session_shows_its_output() -> None:
    found = write(BOUND)
    assert found
    assert all("bind({'oak': 40})" in shown for shown in found)


def test_a_text_that_was_written_anew_is_offered_as_it_was_given() -> None:
    found = dict(list_slips("'oak-pier'", "name('Oak Pier ')", "name"))
    assert found["'Oak Pier '"] == "this is what goes in"


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
    assert write(code(*made, *shown)) == []


def test_a_line_that_another_function_prints_is_an_option() -> None:
    other = '\n\ndef dock(name):\n    print(f"dock {name}")\n```\n\n```console'
    sections, said = teach_text(STEPS.replace("\n```\n\n```console", other).replace("call the tug\n", "", 1))
    (question,) = (question for one in sections for question in ask_runs(one, said))
    told = {option.text: option.feedback for option in question.options}
    assert told["`dock kit`"] == (
        'No: `print(f"dock {name}")` stands under `def dock(name):`, and `python launch.py kit` does not run it.'
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("$ python launch.py", "$ python launch"),
        ("launch.py kit", "launch.py kit.txt"),
        ('print("call the tug")', "pass"),
        ('print("call the tug")', 'input("call the tug")'),
        ("call the tug\nlaunch kit", "call the tug\nlaunch kit\n$ python launch.py kit\ncall the tug"),
    ],
    ids=["names no file", "another file", "not printed by what is shown", "asks somebody", "now this, now that"],
)
def test_a_session_is_not_asked_where_something_else_decides(old: str, new: str) -> None:
    sections, said = teach_text(STEPS.replace(old, new))
    assert [question for one in sections for question in ask_runs(one, said)] == []


def test_a_function_that_may_remember_is_shown_with_its_earlier_calls() -> None:
    code = """var wheel = { a: 1, b: 2 };
var turns = keep(spin);
turns(wheel);
// => [1, 2]
wheel.a = 2;
turns(wheel);
// => [1, 2]"""
    sections, _ = teach_text(f"# Wheels\n\n```js\n{code}\n```\n")
    *_, last = [shown for one in sections for shown in find_shown(one)]
    assert "turns(wheel)" in last.before


@pytest.mark.parametrize(("last", "count"), [("[[a b]]", 0), ("[[a b] c]", 1)])
def test_a_value_is_not_asked_where_it_alone_has_a_name_of_the_code(last: str, count: int) -> None:
    (one,), said = teach_text(code("append"))
    spans = (Span(path=one.path, start_line=3, end_line=3),)
    key, *wrong = (Choice(f"`{value}`", "It is.", spans) for value in ("[a b c]", "[]", "[a b]", last))
    stem = "What does it give?\n\n```\nslice a b | append c\n```"
    assert len(list(ask_choice("predict_output", one, said, stem, key, wrong))) == count


def test_an_explanation_names_the_line_that_runs_before_one_of_two_equal_lines() -> None:
    lines = [
        "const h = ['oak', 'elm']",
        "h.list()",
        "// => ['oak']",
        "h.load('ash')",
        "h.list()",
        "// => ['oak', 'ash']",
    ]
    lines += ["h.push('elm')", "h.list()", "// => ['oak', 'ash', 'elm']"]
    text = code(*lines, language="js").replace("Text.", "The call `list` gives the names of a harbour.")
    (question,) = (one for one in ask(text) if one.keys == ("`['oak', 'ash']`",))
    told = {show_plain(option.text): option.feedback for option in question.options}
    says = "`h.list()` gives `['oak', 'ash']`"
    assert told["['oak', 'ash', 'elm']"] == f"No: `h.list()` gives this after `h.push('elm')`; {says}."
    assert told["['oak']"] == f"No: `h.list()` gives this before `h.load('ash')`; {says}."


@pytest.mark.parametrize(
    ("made", "asked"), [("{'tide', 'oak', 'elm'}", set()), ("['tide', 'oak', 'elm']", {"['elm', 'oak', 'tide']"})]
)
def test_the_order_of_a_set_is_not_asked(made: str, asked: set[str]) -> None:
    lines = (f">>> h = {made}", ">>> sorted(h)", "['elm', 'oak', 'tide']")
    assert keys(ask(code(*lines).replace("Text.", "The call `sorted` gives a sorted list."))) == asked


def test_a_remark_below_a_print_has_what_is_printed() -> None:
    prints = ("print(ship.dump())", "#> mast='oak' load=3", "print(ship.dump(load=4))", "#> mast='oak' load=4")
    more = ("print(ship.dump(mast='elm'))", "#> mast='elm' load=3", "print(ship.name)", "#> Kit", "#> and Bo")
    lines = (
        "class Ship:",
        "    def dump(self, mast='oak', load=3):",
        "        return show(mast, load)",
        "ship = Ship()",
    )
    sections, _ = teach_text(code(*lines, *prints, *more))
    values = [example.value for one in sections for example in find_shown(one)]
    assert values == ["mast='oak' load=3", "mast='oak' load=4", "mast='elm' load=3"]


@pytest.mark.parametrize("imports", ["from harbor import harbor", "from harbor import harbor, pier"])
def test_what_is_called_is_imported_as_no_module(imports: str) -> None:
    """Most pages import the module of a function that has its name."""
    text = code(">>> harbor([3, 1, 2])", "[1, 2, 3]").replace("Text.", "The call `harbor` sorts a list.")
    others = f"## All\n\n```python\nimport harbor\n```\n\nOr:\n\n```python\nimport harbor\n{imports}\n```\n"
    assert write(text + others) == [f"{imports}\nharbor([3, 1, 2])"]


@pytest.mark.parametrize(
    ("body", "count"), [("\n", 0), ("\n  // to do\n", 0), (" /* … */ ", 0), ("\n  return [a, b];\n", 1), ("", 1)]
)
def test_a_function_whose_body_is_left_out_is_not_asked(body: str, count: int) -> None:
    lines = (f"function pair(a, b) {{{body}}}", "pair(3, 4); // [3, 4]")
    assert len(write(code(*lines, language="js"))) == count


def test_a_method_has_no_signature_of_its_own_and_what_python_has_none_of_ours() -> None:
    signatures = '## API\n\n```python\ndef {}(x):\n    """Tells what sort of a socket it is."""\n```\n'
    lines = (">>> {} == {}", "True")
    for name, call in (("type", "type(hire('ann'))"), ("crew", "crew(3).fits(5)")):
        text = code(*(line.format(call, call) for line in lines)).replace("Text.", "A `hire` and a `crew`.")
        assert ask(text + signatures.format(name)) == []


@pytest.mark.parametrize(
    ("remark", "count"),
    [("  // ..", 0), ("  /* … */", 0), ("  // ... and a mast", 1), ("  // both", 1)],
)
def test_code_that_a_remark_leaves_out_is_not_there(remark: str, count: int) -> None:
    lines = ("function pair(a, b) {", remark, "  return [a, b];", "}", "pair(3, 4); // [3, 4]")
    assert len(write(code(*lines, language="js"))) == count


@pytest.mark.parametrize(
    ("sentence", "count"),
    [
        ("They are the `Pier.fits`, the `Pier.has`, the `Pier.lands`, and the `Pier.leaves`.", 0),
        ("They are `Pier.fits`, `Pier.has`, and `Pier.lands`.", 0),
        ("The call `fits` looks for a part of the `Pier` that is free.", 1),
    ],
)
def test_a_sentence_that_lists_names_is_no_reason(sentence: str, count: int) -> None:
    sections, said = teach_text(code(">>> pier = Pier([4, 5])", ">>> pier.fits(5)", "4").replace("Text.", sentence))
    shown = [(one, example) for one in sections for example in find_shown(one)]
    assert len({told for one, own in shown for told in list_reasons(one, said, own, "Pier fits pier")}) == count


@pytest.mark.parametrize(
    ("change", "asked", "value", "count"),
    [
        ("pier.add(5)", "5 in pier", "True", 0),
        ("pier.remove(4)", "4 in pier", "False", 1),
        ("pier.add(5)", "9 in pier", "False", 0),
        ("pier.remove(4)", "4 not in pier", "True", 1),
    ],
)
def test_membership_is_asked_where_it_is_not_as_it_looks(change: str, asked: str, value: str, count: int) -> None:
    lines = (">>> pier = Pier([4])", f">>> {change}", f">>> {asked}", value)
    text = code(*lines).replace("Text.", "What stands `in` a pier, a `Pier` shows in its list.")
    assert len(ask(text)) == count


PARSES = ("const pier = texts();", *(f'pier.parse("{name}") // "{name}"' for name in ("oak", "ash")))


def test_a_call_on_another_thing_of_the_same_name_is_no_distractor() -> None:
    """`pier.parse(0)` gives another value where `pier` is made otherwise."""
    other = ("const pier = truths();", "pier.parse(0) // false", "pier.parse(1) // true")
    text = code(*PARSES, 'pier.parse(7) // "7"', language="ts") + "\n```ts\n{}\n```\n".format("\n".join(other))
    text = text.replace("Text.", "The `texts` and the `truths` have a call `parse`, which gives what it reads.")
    (question,) = (one for one in ask(text) if keys([one]) == {'"7"'})
    assert {show_plain(option.text) for option in question.options} == {'"7"', '"oak"', '"ash"'}
    assert not any("after `pier.parse" in option.feedback for option in question.options)  # another example


def test_a_quoted_truth_is_a_text_of_its_own() -> None:
    more = ('pier.parse(true) // "true"', 'pier.parse(null) // "null"')
    text = code(PARSES[0], 'pier.parse(7) // "7"', *more, language="ts")
    told = "The `texts` have a call `parse`, which gives what it reads."
    assert '"true"' not in keys(ask(text.replace("Text.", told)))
