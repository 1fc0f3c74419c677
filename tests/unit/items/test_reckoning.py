"""Values are worked out from a syntax tree in a bounded number of steps; what is not known is left."""

import pytest

from services.modules.offline.items.reckoning import UnknownValueError, contradicts, work_out
from services.modules.offline.items.variants import misread


@pytest.mark.parametrize(
    ("code", "asked", "value"),
    [
        ("x = [1, 2, 3]\nx.append(4)", "x[1:]", [2, 3, 4]),
        ("def f(n, by=2):\n    if n > 3:\n        return n * by\n    return -n", "f(4) + f(3)", 5),
        ("total = 0\nfor n in range(4):\n    total += n", "total", 6),
        ("ages = {'a': 1, **{'b': 2}}", "sorted(ages.values())", [1, 2]),
        ("", "f'{2 / 3:.2f}'", "0.67"),
        ("", "{n: n * n for n in (1, 2) if n > 1}", {2: 4}),
        ("from math import floor", "floor(2.5)", 2),
        ("const add = (a, b) => a + b;", "add(2, 3)", 5),
        ("function twice(n) {\n  return n * 2;\n}", "[1, 2].map(twice)", [2, 4]),
        ("const list = [1, 2, 3];\nlist.push(4);", "list.filter((n) => n % 2 === 0)", [2, 4]),
        ("const a = { x: 1 };\nconst b = { ...a, y: 2 };", "b.x + b.y", 3),
        ("", "'a//b'.length", 4),
    ],
)
def test_simple_code_of_both_languages_has_a_value(code: str, asked: str, value: object) -> None:
    assert work_out(asked, code) == value


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("import os", "os.getcwd()"),
        ("x = 'a'", "x.__class__"),
        ("def f(n):\n    return f(n)", "f(1)"),
        ("n = 0\nwhile n < 1:\n    n = 0", "n"),
        ("x = [1]\nfor n in range(40):\n    x = [x, x]", "x"),
        ("", "'a' * 100_000"),
        ("", "9 ** 9 ** 9"),
        ("", "1 << 100_000"),
        ("", "open('f')"),
    ],
)
def test_what_is_not_simple_or_has_no_end_is_left(code: str, asked: str) -> None:
    with pytest.raises(UnknownValueError):
        work_out(asked, code)


def test_an_author_who_is_wrong_is_contradicted() -> None:
    assert contradicts("2", "len(x)", "x = [1, 2, 3]")
    assert not contradicts("3", "len(x)", "x = [1, 2, 3]")
    assert not contradicts("2", "size(x)", "x = [1, 2, 3]")


@pytest.mark.parametrize(
    ("code", "asked", "value", "wrong"),
    [
        ("def f(n):\n    if n < 3:\n        return 'few'\n    return 'many'", "f(3)", "'many'", "'few'"),
        ("", "'TestHook'.removeprefix('Test')", "'Hook'", "'TestHook'"),
        ("x = 'abcdef'", "x[-3:-1]", "'de'", "'def'"),
        ("const numbers = [1, 3, 9];", "numbers.findIndex((n) => n > 7)", "2", "3"),
        ("", "max([1, 5], key=lambda n: -n)", "1", "5"),
    ],
)
def test_a_misreading_gives_another_value(code: str, asked: str, value: str, wrong: str) -> None:
    assert wrong in dict(misread(value, code, asked))
