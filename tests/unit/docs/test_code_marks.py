"""Marks in code that the page of a site does not show."""

import pytest

from shared.course.code_provenance import equals_run
from shared.docs.code_marks import without_marks


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('{{</* figure src="a" */>}}', '{{< figure src="a" >}}'),
        ('{{%/* ref path="x" */%}}', '{{% ref path="x" %}}'),
        ('{{/* youtube(id="d") */}} and {%/* end */%}', '{{ youtube(id="d") }} and {% end %}'),
        ("{{/* a remark of a template */}}", "{{/* a remark of a template */}}"),
        ("a = 1 /* one */", "a = 1 /* one */"),
    ],
)
def test_an_escaped_shortcode_is_shown_as_it_is_typed(written: str, shown: str) -> None:
    assert without_marks(written) == shown


@pytest.mark.parametrize(
    "code",
    [
        'const delim = "+++"', 'print("+++", "a", "+++")', '--format="+++%h"', "git log --format=%h+++%s+++%an",
        "a+++ b", "x = a+++ b + c+++ d", "f(a+++b, c+++d)", "(a)+++(b)+++(c)", "`${a}+++${b}+++${c}`",
        "+++[>++<-]", "+++[->+++<]", "+++[->+<]+++.", "let (+++) = f (+++)", "+++", "+++one();\n\ttwo();+++",
    ],
)  # fmt: skip
def test_plus_signs_that_mark_nothing_stay(code: str) -> None:
    assert without_marks(code) == code
    assert not equals_run(code.replace("+++", ""), code)
