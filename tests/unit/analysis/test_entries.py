"""Pages of one form."""

import pytest

from services.doc_analyser.offline.entries import mark_entries
from tests.unit.pathway.build import page, section

_FORM = ("Syntax", "Examples")


@pytest.mark.parametrize(
    ("headings", "doc_type", "expected"),
    [
        (_FORM, "guide", "reference"),
        (_FORM, "tutorial", "tutorial"),  # lessons that all have the same parts
        (("Introduction", "What you learned", "Next steps"), "guide", "guide"),
        (("Syntax",), "guide", "guide"),
        (("Steps", "Verify the result"), "guide", "guide"),
        (("Example", "See also", "Notes"), "guide", "guide"),
    ],
)
def test_pages_of_a_folder_with_the_same_headings_are_looked_up(
    headings: tuple[str, ...], doc_type: str, expected: str
) -> None:
    def pages(count: int) -> list[str]:
        own = [
            page(f"docs/d/{at}.md", f"Thing {at}", doc_type=doc_type,
                 sections=[section(f"Thing {at}", level=1), *(section(name) for name in headings)])
            for at in range(count)
        ]  # fmt: skip
        return [one.doc_type for one in mark_entries(own)]

    assert pages(8) == [expected] * 8
    assert pages(7) == [doc_type] * 7
