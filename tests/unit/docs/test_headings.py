"""The title of a document that has none."""

import pytest

from shared.docs.headings import title_from_path


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("34-35.Linux basics.md", "Linux basics"),
        ("2023-05-01-new_post.md", "New post"),
        ("news/2.2.1-release.md", "2.2.1 release"),
        ("Day01-20/README.md", "Day01-20"),
        ("01. intro.en.md", "Intro"),
        (f"1{'-' * 200}.md", "1"),
    ],
)
def test_a_file_is_called_by_the_words_of_its_name(path: str, title: str) -> None:
    assert title_from_path(path) == title
