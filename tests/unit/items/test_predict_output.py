"""A question asks for the result of an example only where the shown code decides it. The learner writes the result."""

import json

import pytest

from services.modules.offline.items.find import list_questions
from services.modules.offline.items.predict_output import ask_outputs, find_decided
from services.modules.offline.items.question import Question
from services.modules.offline.items.runs import ask_runs
from tests.unit.items.sample import teach_text

LINES = "Write all lines of it; a space may stand for the end of a line."


def ask(text: str, path: str = "docs/guide.md") -> list[Question]:
    sections, said = teach_text(text, path)
    return [
        question for one in sections for question in (*ask_outputs(one, [*find_decided(one, said)]), *ask_runs(one))
    ]


def code(*lines: str, language: str = "python") -> str:
    return "# Guide\n\nText.\n\n```{}\n{}\n```\n".format(language, "\n".join(lines))


def shown(question: Question) -> list[str]:
    """The lines of the code of a question."""
    return [line for line in question.stem.split("\n")[3:-1] if line]


CRANE = (">>> from harbour import Crane", ">>> crane = Crane(lifts=3)", ">>> crane.lift(4)")


def test_an_example_that_imports_what_another_one_makes_is_not_asked() -> None:
    made = "\n## More\n\nText.\n\n```python\nclass Crane:\n    lifts = 1\n```\n"
    assert ask(code(*CRANE, "12") + made.replace("Crane", "Tug"))
    assert not ask(code(*CRANE, "12") + made)


def test_a_doctest_is_asked_with_what_it_needs() -> None:
    (question,) = ask(code(*CRANE, "12"))
    asks = "What does the last line give, or which error does it raise (its name is enough)?"
    assert question.stem.startswith(f"{asks}\n\n```python\n")
    assert shown(question) == ["from harbour import Crane", "crane = Crane(lifts=3)", "crane.lift(4)"]
    assert question.keys == ("12",)
    assert question.as_item().kind == "short_answer"
    assert question.explanation == "`crane.lift(4)` gives `12`."
    assert [(span.start_line, span.end_line) for span in question.spans] == [(8, 8), (9, 9)]


def test_what_a_name_means_is_sought_in_the_code_before() -> None:
    first = "# Guide\n\n```pycon\n>>> from harbour import Crane\n>>> class Tug(Crane):\n...     lifts = 2\n```\n\n"
    (question,) = ask(f"{first}Text.\n\n```pycon\n>>> Tug().lift(4)\n8\n```\n")
    assert shown(question) == ["from harbour import Crane", "class Tug(Crane):", "    lifts = 2", "Tug().lift(4)"]


def test_a_name_that_is_changed_between_is_not_taken_from_before() -> None:
    before = "```pycon\n>>> from harbour import Crane\n>>> crane = Crane(3)\n```\n\n"
    between = "```pycon\n>>> crane.grow(2)\n```\n\n"
    asked = "```pycon\n>>> crane.lift(4)\n12\n```\n"
    assert len(ask(f"# Guide\n\n{before}Text.\n\n{asked}")) == 1
    assert ask(f"# Guide\n\n{before}{between}Text.\n\n{asked}") == []


def test_the_sentence_before_an_example_tells_why() -> None:
    text = code(*CRANE, "12").replace("Text.", "A call of `lift` takes each weight as often as the crane lifts:")
    (question,) = ask(text)
    assert "“A call of `lift` takes each weight as often as the crane lifts”" in question.explanation
    assert len(question.spans) == 3


def test_an_error_is_asked_by_its_name_and_its_message_is_told() -> None:
    (question,) = ask(
        code(*CRANE, "Traceback (most recent call last):", "  ...", "harbour.TooHeavyError: no more than three crates")
    )
    assert question.form == "what_happens"
    assert question.stem.startswith("What does the last line give, or which error does it raise (its name is enough)?")
    names, says = ("TooHeavyError", "harbour.TooHeavyError"), ": no more than three crates"
    assert question.keys == (*names, *(f"{name}{says}" for name in names))
    assert question.explanation.endswith("raises `harbour.TooHeavyError: no more than three crates`.")


def test_a_long_message_is_nothing_to_be_written() -> None:
    error = f"ValueError: {' '.join(['heavy'] * 20)}"
    for says in (error, "ValueError: too ..."):
        (question,) = ask(code(*CRANE, "Traceback (most recent call last):", "  ...", says))
        assert question.keys == ("ValueError",)


SENTENCES = {
    "leads with a colon": ("A crane lifts each weight several times:", "", True),
    "names nothing": ("A crane lifts each weight several times.", "", False),
    "an opening word": ("However, `lift` takes each weight several times.", "", False),
    "a sentence before the last": (
        "Each weight is lifted by `lift` often. Ropes are cheap.",
        "```\nrope\n```",
        True,
    ),
    "names what is called": ("Each weight is lifted by `Crane.lift` several times.", "", True),
    "points elsewhere": ("This is how it lifts several weights:", "", False),
    "tells what may be done": ("If you like, you can have `lift` take several weights.", "", False),
    "heads what follows": ("Lifting, or taking several weights at once:", "", False),
    "of another thing": ("The result of `lower` counts every single lift.", "", False),
    "after": ("Text.", "The result of `lift` counts every single lift.", True),
    "after, of the value": ("Text.", "A weight counts each time, which makes `12` of four.", True),
    "after, of what stands above": ("Text.", "A `Crane` is made of steel and ropes.", False),
    "after, to what follows": ("Text.", "The result of `lift` counts lifts in all:", False),
}


@pytest.mark.parametrize(("before", "after", "tells"), SENTENCES.values(), ids=SENTENCES)
def test_the_sentence_beside_an_example_is_its_reason_where_it_is_about_it(
    before: str, after: str, tells: bool
) -> None:
    (question,) = ask(f"{code(*CRANE, '12').replace('Text.', before)}\n{after}\n")
    assert ("“" in question.explanation) == tells
    assert len(question.spans) == 2 + tells


def test_an_error_that_the_code_names_is_not_asked() -> None:
    made = (">>> def lift(crates):", "...     raise harbour.TooHeavyError", ">>> import harbour", ">>> lift(4)")
    assert ask(code(*made, "Traceback (most recent call last):", "  ...", "harbour.TooHeavyError: no more")) == []


def test_numbers_that_a_text_goes_by_are_no_values() -> None:
    lines = ("from harbour import lift, lower, stop", "lift('a')  # 1", "lower('b')  # 2", "stop('c')  # 3")
    assert ask(code(*lines)) == []
    assert ask(code(lines[0], lines[1].replace("1", "5"), lines[2])) != []


def test_values_in_comments_count_and_do_not_show_in_the_stem() -> None:
    questions = ask(code("from harbour import weigh", "n = 17", "print(weigh(n))  # 34", "print(weigh(9))  # 18"))
    assert {question.keys for question in questions} == {("34",), ("18",)}
    assert all("#" not in question.stem for question in questions)


def test_a_name_that_many_values_stand_under_gives_none_of_them_away() -> None:
    loads = [f"{{id: {at}, load: {at * 10}}}" for at in range(1, 4)]
    made = (
        "import {change} from 'harbour'",
        f"const base = [{', '.join(loads)}]",
        "const next = change(base, own => {",
    )
    last = ("})", "console.log(next[1].load) // 999")
    change = ("  own[1].load = 999 // this affects base[1]", "  own[0].load = 7")
    (question,) = ask(code(*made, *change, *last, language="js"))
    assert question.keys == ("999",)
    assert "affects" not in question.stem
    few = made[1].replace("load: 20", "mass: 20").replace("load: 30", "mass: 30")
    assert ask(code(made[0], few, made[2], *change, *last, language="js")) == []


@pytest.mark.parametrize(
    "lines",
    [
        ("import random", "from harbour import weigh", "print(weigh(random.randint(1, 9)))  # 7"),
        ("print(thing.size())  # 7",),
        ("from harbour import weigh", "print(weigh(7))  # 7"),
        ("from harbour import weigh", "4 * 3  # 12"),
        ("from harbour import load, tell", "crate = load('a', 3)", "tell(crate, '42', 4)  # 42"),
        ("from harbour import name", "print(name(7))  # 'seven'"),
        ("from harbour import weigh", "print(weigh(7) > 3)  # True"),
        ("from harbour import weigh", "print(weigh({...}))  # 34"),
        (">>> from harbour import load", ">>> load(7)", "<load at 0x7f2a33>"),
        (">>> from harbour import load", ">>> load('TEA')", "'tea'"),
        (">>> from harbour import load", ">>> load(7)", "{4, 5}"),
        (">>> from harbour import load", ">>> load(7)", "9123456.5"),
        ("from harbour import settings", "settings.load()  # 7"),
        ("from harbour import load", "load('crates.toml')  # 7"),
        ("from harbour import load", "def test_load(crate):", "    assert load(crate, 3) == 7"),
        ("from harbour import load", "load('crate')", "print('3 crates')  # 1"),
        ("from harbour import Crate", "Crate('tea', 42)  # Crate(name='tea', size=42)"),
        ("from harbour import join", "join([1, 2], [3, 4])  # [[1, 2], [3, 4]]"),
        ("from harbour import Crane", "crane = Crane({'lifts': 7, 'tons': 9})", "crane['lifts']  # 7"),
        ("from harbour import weigh", "class Crate:", "    weight: int", "weigh(Crate)  # <class 'int'>"),
        ("from harbour import Quay", "quay = Quay('localhost', 80)", "quay.count(3)  # 12"),
        ("from harbour_datasets import data", "crates = data.load(3)", "len(crates)  # 365"),
        (">>> from harbour import weigh", ">>> total = weigh(7)", "14"),
        ("def tell(load): return load.size + 4", "tell(load(3))  # 7"),
        ("from harbour import twice", "weigh = twice(weigh)", "weigh(7)  # 28"),
    ],
    ids=[
        "left to chance", "name unknown", "read off", "a sum", "read off but for marks",
        "a word from elsewhere", "a guess finds it",
        "a part is left out", "an address", "capitals alone", "a set", "a long number",
        "nothing is given", "a file", "an argument from elsewhere", "a text is printed", "what a call is given",
        "what a call is given, in other brackets", "looked up", "a type", "what a server answers",
        "a collection of data", "an assignment",
        "called like an argument",
        "made of what is not shown",
    ],
)  # fmt: skip
def test_what_the_shown_code_does_not_decide_is_not_asked(lines: tuple[str, ...]) -> None:
    assert ask(f"{code(*lines)}\n```python\nimport harbour\n```\n") == []


def test_what_python_alone_decides_is_asked() -> None:
    assert [question.keys for question in ask(code("n = 17", "print(n // 5)  # 3"))] == [("3",)]


def test_what_is_one_of_many_or_part_of_a_list_is_asked() -> None:
    assert ask(code("from harbour import pick", "pick([4, 7, 9, 2], 3, 5)  # [7, 9]")) != []
    lines = (
        "from harbour import sign",
        "signs = sign({'a': 'x', 'b': 'y', 'c': 'z', 'd': 'w'})",
        "signs.add(2)",
        "signs.read(True)  # 'x'",
    )
    assert ask(code(*lines)) != []
    assert ask(code(*lines).replace(", 'b': 'y'", "")) == []


def test_what_uses_an_iterator_up_is_shown() -> None:
    lines = (">>> from harbour import load", ">>> crates = load(3)", ">>> next(crates)", "1", ">>> next(crates)", "2")
    asked = ask(code(*lines, ">>> list(crates)", "[30, 40]", ">>> crates.count(5)", "75"))
    assert shown(asked[-1])[2:] == ["next(crates)", "next(crates)", "list(crates)", "crates.count(5)"]


def test_nothing_is_asked_of_a_session_after_a_change_that_failed() -> None:
    failed = (">>> crane.load(9)", "Traceback (most recent call last):", "  ...", "TooHeavyError: no more than three")
    assert [question.form for question in ask(code(*CRANE, "12", *failed, ">>> crane.lift(5)", "15"))] == [
        "predict_output", "what_happens",
    ]  # fmt: skip


def test_a_remark_does_not_tell_the_answer() -> None:
    (question,) = ask(code(CRANE[0], ">>> crane = Crane(lifts=3)  # takes each weight three times", *CRANE[2:], "12"))
    assert "#" not in question.stem


def test_imports_stand_above_a_blank_line() -> None:
    (question,) = ask(code(*CRANE, "12"))
    assert "from harbour import Crane\n\ncrane = " in question.stem


def test_numbers_that_a_text_goes_by_go_on_in_the_next_block() -> None:
    first = code("from harbour import weigh", "def lift(n):  # 1", "    return weigh(n)  # 2")
    assert ask(f"{first}\n```python\nlift(9)  # 3\n```\n") == []


def test_what_is_shown_with_two_values_is_not_asked() -> None:
    lines = (">>> from harbour import weigh", ">>> weigh(7)", "14", ">>> weigh(7)", "21")
    assert ask(code(*lines[:3])) != []
    assert ask(code(*lines)) == []


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("js", ("import { weigh } from 'harbour'", "const load = [1, 2]", "weigh(load, 4) // => [4, 8]")),
        ("elixir", ("load = [1, 2]", "Harbour.weigh(load, 4) # => [4, 8]")),
    ],
)
def test_other_languages_show_values_in_their_ways(language: str, lines: tuple[str, ...]) -> None:
    text = code(*lines, language=language).replace("Text.", "`Harbour` weighs.")
    assert [question.keys for question in ask(text)] == [("[4, 8]",)]
    assert ask(text.replace("load = ", "").replace("`Harbour`", "It")) == []


def test_what_a_call_of_a_made_function_changes_is_shown() -> None:
    text = code("add = adder(4)", "add.call(8) # => 12", "add.call(20) # => 32", language="crystal")
    assert "add.call(8)\n" in ask(text.replace("Text.", "`adder` and `call`."))[-1].stem


PROGRAM = "```sh\nlower() {\n    printf '%s\\n' \"$2 ${1,,}\"\n}\n```\n\nSo:\n\n"


def test_what_a_command_prints_is_asked_with_its_program() -> None:
    (question,) = ask(f'# Guide\n\n{PROGRAM}```console\n$ lower "TEA" tin\ntin tea\n```\n')
    assert question.keys == ("tin tea",)
    assert "printf" in question.stem
    assert question.stem.endswith('```console\n$ lower "TEA" tin\n```')


@pytest.mark.parametrize(
    "session",
    [
        "$ lower TEA tin\ntin\ntea\ntin\ntea\ntin",
        "$ lower TEA tin\ntin\n# tea\ntea",
        "$ lower TEA tin\ntin\n\ntea",
        "$ lower TEA tin\ntin tea 07:12",
        "$ lower TEA tin\ntin tea\n\n$ touch tea\n$ lower TEA tin\ntea tin",
        "$ ls\ntea tin",
        "$ lower ~/tea tin\ntea tin",
        "$ lower TEA\n…",
        "$ lower TEA\nno such tea",
        "$ lower make TEA\nmake tea",
        "$ lower 9000 TEA\n900000 tea",
    ],
    ids=[
        "five lines",
        "a remark or printed",
        "two parts",
        "a time",
        "twice",
        "another program",
        "a file of the reader's",
        "no word",
        "words from elsewhere",
        "a program that prints too",
        "a long number",
    ],
)
def test_what_a_program_does_not_decide_is_not_asked(session: str) -> None:
    assert ask(f"# Guide\n\n{PROGRAM}```console\n{session}\n```\n") == []


def test_a_few_lines_are_written_as_one() -> None:
    session = "$ lower TEA tin\ntin\ntea\n\n# once more\n$ lower tea TIN\n# all in capitals\n"
    (question,) = ask(f"# Guide\n\n{PROGRAM}```console\n{session}```\n")
    assert question.stem.startswith(f"What does the command print? {LINES}\n\n")
    assert question.keys == ("tin tea",)
    assert [(span.start_line, span.end_line) for span in question.spans] == [(12, 12), (13, 14)]


def test_a_letter_that_the_program_has_in_another_form_alone_is_not_known() -> None:
    text = "# Guide\n\n```crane\nb:\n  echo B\n```\n\n```console\n$ crane a{}\nB\nA\n```\n"
    assert ask(text.format("")) == []
    assert [question.keys for question in ask(text.format(" A"))] == [("B A",)]


def test_what_a_session_shows_that_is_no_value_of_python_is_printed() -> None:
    text = '# Guide\n\n```pycon\n>>> from harbour import log\n>>> log(weight=4, of="tea")\n{}\n```\n'
    for value, way in (("of='tea' weight=4", "print"), ("[('of', 'tea'), ('weight', 4)]", "give")):
        (question,) = ask(text.format(value))
        assert question.stem.startswith(f"What does the last line {way}, or")


POINTED = {
    "back to nothing": ("It makes `lift` wait for all of them.", ""),
    "further back": ("`lift` is the one that waits. But they are slow. Thus this `lift` waits for them.", ""),
    "without the call to note it": ("Note that a call of `lift` waits.", "a call of `lift` waits"),
}


@pytest.mark.parametrize(("before", "why"), POINTED.values(), ids=POINTED)
def test_a_sentence_that_points_back_is_not_quoted(before: str, why: str) -> None:
    (question,) = ask(code(*CRANE, "12").replace("Text.", before))
    assert question.explanation.partition(": “")[2].rstrip("”.") == why


def test_of_a_name_before_the_value_nothing_is_asked() -> None:
    made = ("from harbour import weigh", "n = 17")
    assert [one.keys for one in ask(code(*made, "print(weigh(n, 4))  # => 21"))] == [("21",)]
    assert ask(code(*made, "print(f'sum = {weigh(n, 4)}')  # => sum = 21")) == []
    assert ask(code(*made, "n += weigh(n, 4)  # n = 38")) == []


@pytest.mark.parametrize(
    ("between", "reason"),
    [
        ("Weights given twice print twice:", "Weights given twice print twice"),
        ("Or turned:", ""),
    ],
    ids=["the nearest", "another case"],
)
def test_the_sentence_nearest_to_what_a_program_prints_is_the_reason(between: str, reason: str) -> None:
    text = f"# Guide\n\nWeights `lower` in the order of their names:\n\n{PROGRAM}{between}\n\n"
    (question,) = ask(f"{text}```console\n$ lower TEA tin\ntin\ntea\n```\n")
    assert question.explanation == f"`lower TEA tin` prints `tin tea`{reason and f': “{reason}”'}."


def test_what_looks_like_a_remark_below_a_result_may_be_a_part_of_it() -> None:
    text = f"# Guide\n\n{PROGRAM}```console\n$ lower TEA tin\ntin\ntea\n"
    assert ask(f"{text}# all done\n```\n") == []
    assert len(ask(f"{text}\n# of another\n```\n")) == 1


def test_code_that_needs_another_block_is_not_asked_but_in_python() -> None:
    text = "# Guide\n\n`crane` lifts.\n\n```js\n{}\n```\n\nThen:\n\n```js\ncrane.lift(4) // 12\n```\n"
    assert len(ask(text.format("const rope = 3"))) == 1
    assert ask(text.format("const crane = make(3)")) == []


def test_two_ways_to_write_a_thing_in_one_block_are_no_program() -> None:
    text = "# Guide\n\n`weigh` weighs.\n\n```js\n{}\nweigh(load) // 8\n```\n"
    assert len(ask(text.format("const load = [3, 5]"))) == 1
    assert ask(text.format("const load = [5, 3]\n\nconst load = [3, 5]")) == []


@pytest.mark.parametrize(
    ("line", "is_asked"),
    [
        ('say("heavy")  // => "Cargo heavy"', True),
        ('say("heavy")  // => "Cargo heavy cargo."', False),
        ("halve(5)  // => 2.5", True),
        ("> halve(5)  // => 2.5", False),
    ],
)
def test_neither_a_message_nor_what_languages_print_otherwise_is_a_value(line: str, *, is_asked: bool) -> None:
    code_before = "const halve = (n) => n / 2\nconst say = (text) => `Cargo ${text}`"
    text = f"# T\n\nThe weight is told here.\n\n```js\n{code_before}\n{line}\n```\n"
    assert bool(ask(text)) == is_asked


def write_cell(source: str, output: str) -> dict[str, object]:
    shown = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": [output]}}
    return {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": [source], "outputs": [shown]}


@pytest.mark.parametrize(("output", "count"), [("28", 1), ("True", 0), ("4", 0), ("[28, 30]", 1), ("{28, 30}", 0)])
def test_what_a_cell_of_a_notebook_shows_is_asked_with_what_it_needs(output: str, count: int) -> None:
    made = {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": ["load = [4, 7]"]}
    title = {"cell_type": "markdown", "metadata": {}, "source": ["# Guide\n\nText."]}
    cells = [title, made, write_cell("from harbour import weigh\nweigh(load)", output)]
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python"}}
    text = json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})
    questions = ask(text, "docs/guide.ipynb")
    assert [question.keys for question in questions] == [(output,)] * count
    assert all(
        shown(question) == ["from harbour import weigh", "load = [4, 7]", "weigh(load)"] for question in questions
    )


def test_a_call_that_may_change_what_is_asked_is_shown() -> None:
    setting = ("from harbour import setup, weigh", "old = setup(factor=2)", "weigh(7, 3)  # 28")
    (question,) = ask(code(*setting))
    assert "old = setup(factor=2)" in question.stem
    (question,) = ask(code("from harbour import weigh", "crates = [4, 2, 9]", "view = crates", "last = view.pop()",
                           "weigh(crates, 3)  # 18"))  # fmt: skip
    assert "last = view.pop()" in question.stem


MADE = "`weigh` weighs, and `Crane` lifts."


def ask_lines(*lines: str, language: str) -> list[tuple[str, ...]]:
    return [question.keys[:1] for question in ask(code(*lines, language=language).replace("Text.", MADE))]


@pytest.mark.parametrize(
    ("language", "lines", "value"),
    [
        ("python", ("from harbour import weigh", "n = 17", "print(weigh(n))", "#> 34"), "34"),
        ("js", ("const load = [3, 5]", "weigh(", "  load,", ");", "// => 24"), "24"),
        ("php", ("$load = weigh([3, 5]);", "", "$load->all();", "", "// [6, 10]"), "[6, 10]"),
        ("swift", ("let load = weigh(17)", "print(load)", '// Prints "34".'), "34"),
        ("rust", ("fn main() {", "    let n = 17;", "    assert_eq!(weigh(n), 34);", "}"), "34"),
        ("python", ("from harbour import weigh", "n = 17", "assert weigh(n) == 34"), "34"),
        ("fish", ("> set load 3 5", "> weigh 1$load", "13 15"), "13 15"),
        ("fish", ("> weigh 12 14", "24", "28"), "24 28"),
        ("go-html-template", ("{{ $load := slice 3 5 }}", "{{ $load | weigh 4 }} → [12 20]"), "[12 20]"),
        ("crystal", ("load = [3, 5]", "heavy = weigh(load, 2) # => [6, 10]"), "[6, 10]"),
        ("js", ("const load = weigh(17)", "load.push(4)", "load", "// => [34, 4]"), "[34, 4]"),
        ("js", ("const load = weigh(17)", "load.fall(3) // => TideError: too low"), "TideError"),
        ("js", ("const load = weigh(17)", 'load.lift(3) // => 51 (a number)'), "51"),
        ("ruby", ("irb(main)> load = [3, 5]", "irb(main)> weigh(load, 2)", "=> [6, 10]"), "[6, 10]"),
    ],
    ids=[
        "below the line", "below a statement of several lines", "alone after a blank line", "told in words",
        "an assertion in the main function", "an assertion", "a session of a shell", "a session with several lines",
        "a template", "a name that is given", "what a name holds", "an error", "with a remark",
        "a session of Ruby",
    ],
)  # fmt: skip
def test_a_result_is_read_where_it_is_shown(language: str, lines: tuple[str, ...], value: str) -> None:
    assert ask_lines(*lines, language=language) == [(value,)]


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("js", ("const load = [3, 5]", "weigh(load)", "// => 24", "// of two")),
        ("js", ("const load = [3, 5]", "weigh(load)", "// => 3 + 5", "// => 24")),
        ("php", ("$heavy = weigh($load, 3);", "// => 24")),
        ("fish", ("> weigh $load 3", "24")),
        ("fish", ("> cat 12", "24")),
        ("fish", ("> weigh crates.txt 12", "24")),
        ("fish", ("> function weigh; echo 12 3; end", "24")),
        ("go-html-template", ("{{ .Load | weigh 4 }} → 12",)),
        ("swift", ("let load = weigh(17)", 'print("load: \\(heavy), 4")', '// Prints "load: 7, 4".')),
        ("swift", ("struct Load {", "    @Heavy var n = 17", "}", "print(weigh(Load()))", '// Prints "24".')),
        ("crystal", ("class Load", "  def grow", "    @n += 2", "  end", "end", "weigh(Load.new, 1) # => 24")),
        ("js", ("const load = '3'", "weigh(load, 4) // => load = 24")),
        ("ts", ("const load = weigh(17)", "load.lift(3) // => Load<number>")),
        ("js", ("for (const crate of crates) weigh(crate, 2)", "weigh(3, 5) // => 24")),
        ("crystal", ("class Load", "end", "class Load", "end", "weigh(Load.new, 1) # => 24")),
        ("js", ("weigh('Hello, ', 'Judy', true)", "// => 'Hello, Judy'")),
        ("js", ("let load = weigh+++(() => 17)+++", "load.lift(3) // => 24")),
        ("swift", ("if let crane {", "    print(weigh(crane))", "}", "// Prints \"14\"")),
        ("js", ("class Crane extends Lift {}", "", "weigh(new Crane(7)) // => 14")),
        ("js", ("// weigh(crane) // => 14",)),
        ("just", ("lift := weigh(7)", "./build", "weigh(lift) # => 14")),
        ("js", ("const load = weigh(3)", "console.log(load.lift(4), load.lift(3, 4))", "// > 12, 3")),
        ("python", ("from harbour import weigh", "weigh(7, 'tin')", "# -> (7, 'tin'), (7, 'ton')")),
        ("js", ("const lift = (n) => console.log(n * 2)", "lift(7) // 14")),
        ("console", ('$ weigh "crane[3]"', "", "---> 100%")),
    ],
    ids=[
        "a remark goes on", "steps of a sum", "a variable", "a variable of a shell", "a file is read", "a file",
        "a function is made", "a field of a page", "a name inside a text", "a mark on a name", "changed and never set",
        "a name with its value", "a type", "a name that is gone through", "made twice", "one text after the other",
        "marks of an editor", "a value that is only opened", "a class that is only built on", "a line that is a remark",
        "a program beside it", "several values in one line", "several values without a list", "printed and not given",
        "a bar of progress",
    ],
)  # fmt: skip
def test_what_stands_elsewhere_or_is_no_value_is_not_asked(language: str, lines: tuple[str, ...]) -> None:
    assert ask_lines(*lines, language=language) == []


@pytest.mark.parametrize(("between", "count"), [("", 1), ("grow(crane)\n", 0)], ids=["made there", "made elsewhere"])
def test_code_of_another_language_stands_with_the_blocks_of_its_section(between: str, count: int) -> None:
    first = "# Guide\n\n`weigh` weighs.\n\n```js\nconst crane = weigh(3)\ncrane.lift(9) // => 27\n```\n\n"
    asked = ask(f"{first}Then:\n\n```js\n{between}crane.lift(4) // => 12\n```\n")
    found = [question for question in asked if question.keys == ("12",)]
    assert len(found) == count
    assert all(shown(question) == ["const crane = weigh(3)", "crane.lift(9)", "crane.lift(4)"] for question in found)


def test_a_shown_line_that_takes_something_away_is_part_of_what_ran() -> None:
    lines = ("$load = weigh([3, 5]);", "", "$load->pull(0);", "", "// 6", "", "$load->all();", "", "// [10]")
    asked = ask(code(*lines, language="php").replace("Text.", MADE))
    assert shown(asked[-1])[1:] == ["$load->pull(0);", "$load->all()"]


def test_what_another_example_makes_is_not_taken_for_a_part_of_the_project() -> None:
    text = code("weigh(7, 2) // => 14", language="js").replace("Text.", MADE)
    made = "\n## More\n\nText.\n\n```js\nconst weigh = (n) => n * 3\n```\n"
    assert ask(text)
    assert not ask(f"{text}{made}")
    assert ask(f"{text}{made}\nOr:\n\n```js\nimport {{ weigh }} from 'harbour'\n```\n")


def test_what_functions_are_mostly_given_is_not_imported() -> None:
    said = "\n## More\n\nText.\n\n```python\nfrom harbour import crane\n```\n"
    given = "\nOr:\n\n```python\ndef lift(crane, n):\n    return n\n\n\ndef fall(crane):\n    return 3\n```\n"
    text = code("print(crane.lift(4))  # 12")
    assert ask(f"{text}{said}")
    assert not ask(f"{text}{said}{given}")


@pytest.mark.parametrize("heading", ["Upgrading to 3", "`lift` was removed", "Migration"])
def test_what_tells_of_another_version_is_not_asked(heading: str) -> None:
    text = code(*CRANE, "12")
    assert list_questions(*teach_text(text))
    assert not list_questions(*teach_text(text.replace("Guide", heading)))


def test_what_an_author_lets_fail_or_leaves_out_of_doctests_is_not_asked() -> None:
    text = "# Guide\n\n```rust{}\nlet crate = 7;\nassert_eq!(crate.lift(3), 21);\n```\n\n`lift` lifts.\n"
    assert [len(ask(text.format(mark))) for mark in ("", ",should_panic")] == [1, 0]
    session = "# Guide\n\n```python\n>>> load = [3, 5]\n>>> sum(load) * 3{}\n24\n```\n"
    assert [len(ask(session.format(mark))) for mark in ("", "  # doctest: +SKIP")] == [1, 0]
