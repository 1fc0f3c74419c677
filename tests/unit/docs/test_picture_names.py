"""What pictures without words are called."""

import pytest

from shared.docs.picture_names import name_of_picture


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("../a/style-full_2.png", "style full 2"),
        ("https://b.hill.org/b/style-full.png?raw=true", "style full"),
        ("https://b.hill.org/b/vtG8olE.png", "hill"),
        ("https://b.hill.org/23e4462b-263f-4d15-8805-529e0ca7a4d1.jpg", "hill"),
        ("https://b.hill.org/b/9c365405", "hill"),
        ("https://www.youtube.com/watch?v=a", "youtube"),
        ("https://b.hill.org", "hill"),
        ("https://www.hill.co.za?a", "hill"),
        ("https://hill.com/b/", "hill"),
        ("/films/01.mp4", "01"),
        ("", ""),
    ],
)
def test_a_picture_is_named_by_its_file_or_by_its_host(target: str, name: str) -> None:
    assert name_of_picture(target) == name
