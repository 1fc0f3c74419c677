from dataclasses import replace

from shared.course.export.left_out import LeftOutRow, left_out_rows
from shared.course.export.markdown import build_markdown
from shared.course.export.site.build import build_site
from shared.course.model import DocumentEntry
from tests.unit.quality.sample import course
from tests.unit.quality.sample_repository import read_raw


def _entry(path: str, reason: str) -> DocumentEntry:
    known = next(entry for entry in course().documents if not entry.used)
    return replace(known, id=path, path=path, title=path.upper(), reason=reason)


MANY = [_entry(f"docs/old/{number}.md", "over a limit") for number in range(21)]
OTHERS = [_entry("docs/old/a.md", "changelog"), _entry("docs/b.md", "over a limit")]


def test_many_documents_of_a_folder_with_one_reason_are_one_row() -> None:
    assert left_out_rows([*MANY, *OTHERS, *course().documents[:1]]) == [
        LeftOutRow("docs/b.md", "DOCS/B.MD", "over a limit"),
        LeftOutRow("docs/old/", "", "over a limit", 21),
        LeftOutRow("docs/old/a.md", "DOCS/OLD/A.MD", "changelog"),
    ]
    assert [row.path for row in left_out_rows(MANY[1:])] == sorted(entry.path for entry in MANY[1:])


def test_both_exports_count_the_documents_of_such_a_folder() -> None:
    whole = course().model_copy(update={"documents": [*course().documents, *MANY]})
    assert "- 21 documents in `docs/old/`: over a limit\n" in build_markdown(whole, read_raw, {})["sources.md"].decode()
    page = build_site(whole, read_raw, {})["sources.html"].decode()
    assert '<strong>21 documents in</strong> <span class="path">docs/old/</span></td><td>over a limit' in page
    assert "docs/old/7.md" not in page
