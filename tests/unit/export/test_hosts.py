import pytest

from shared.course.export.hosts import file_url, line_url

_COMMIT = "a" * 40


@pytest.mark.parametrize(
    ("source", "path", "lines", "expected"),
    [
        ("https://github.com/o/r", "src/a.py", (3, 8), f"https://github.com/o/r/blob/{_COMMIT}/src/a.py#L3-L8"),
        ("https://github.com/o/r", "a.md", (3, 3), f"https://github.com/o/r/blob/{_COMMIT}/a.md?plain=1#L3"),
        ("https://GitHub.com/o/r.git/", "a.py", (1, 2), f"https://github.com/o/r/blob/{_COMMIT}/a.py#L1-L2"),
        ("https://gitlab.com/g/s/r", "a.py", (3, 8), f"https://gitlab.com/g/s/r/-/blob/{_COMMIT}/a.py#L3-8"),
        ("https://gitlab.example.org/g/r", "a.py", (3, 3), f"https://gitlab.example.org/g/r/-/blob/{_COMMIT}/a.py#L3"),
        ("https://bitbucket.org/o/r", "a.py", (3, 8), f"https://bitbucket.org/o/r/src/{_COMMIT}/a.py#lines-3:8"),
        (
            "https://codeberg.org/o/r",
            "a.rst",
            (3, 8),
            f"https://codeberg.org/o/r/src/commit/{_COMMIT}/a.rst?display=source#L3-L8",
        ),
        ("https://github.com/o/r", "a b#c?.py", (1, 1), f"https://github.com/o/r/blob/{_COMMIT}/a%20b%23c%3F.py#L1"),
    ],
)
def test_lines_have_an_address_on_the_host(source: str, path: str, lines: tuple[int, int], expected: str) -> None:
    assert line_url(source, _COMMIT, path, *lines) == expected


@pytest.mark.parametrize(
    "source",
    [
        "local:abc",
        "http://github.com/o/r",
        "https://example.org/o/r",
        "https://u:p@github.com/o/r",
        "https://github.com/",
    ],
)
def test_no_address_is_guessed(source: str) -> None:
    assert line_url(source, _COMMIT, "a.py", 1, 2) is None
    assert file_url(source, _COMMIT, "a.py") is None


def test_a_file_is_shown_as_its_host_shows_it() -> None:
    assert file_url("https://github.com/o/r", _COMMIT, "a.md") == f"https://github.com/o/r/blob/{_COMMIT}/a.md"
