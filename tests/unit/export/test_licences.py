import pytest

from shared.course.export.licences import tell_licences
from shared.course.export.site import build_site
from shared.course.model import Course, DocumentSource, Licence
from tests.support.course_sources import read_raw
from tests.support.pages import read_page


@pytest.mark.parametrize(
    ("licence", "told"),
    [
        (Licence(spdx="MIT", path="LICENSE", sharing="allowed"), "stands under MIT"),
        (Licence(spdx="", path="LICENSE", sharing="unclear"), "This course is for private use."),
        (Licence(spdx="LicenseRef-X", path="", sharing="forbidden"), "does not let copies be passed on."),
        (Licence(), "No licence of the documentation was found. This course is for private use."),
    ],
)
def test_the_licence_stands_on_every_page_in_plain_words(course: Course, licence: Licence, told: str) -> None:
    source = course.sources[0].model_copy(update={"licence": licence})
    site = build_site(course.model_copy(update={"sources": [source]}), read_raw, {})
    for name, data in site.items():
        if name.endswith(".html"):
            assert told in read_page(data).text, name
    assert ("For private use" in read_page(site["index.html"]).text) == (licence.sharing != "allowed")


def test_each_of_several_licences_names_its_source(course: Course) -> None:
    paper = DocumentSource(
        id="s000000000002", kind="document", format="docx", file_name="paper.docx", sha256="0" * 64, reader="r"
    )
    told = tell_licences(course.model_copy(update={"sources": [course.sources[0], paper]}))
    assert told[0].startswith("https://")
    assert told[1].startswith("paper.docx: No licence of the documentation was found.")
