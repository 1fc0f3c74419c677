import re
from itertools import pairwise

from shared.course.export.site import build_site
from shared.course.model import Course
from tests.support.course_sources import read_raw
from tests.support.pages import read_page


def test_the_concept_map_draws_each_concept_and_its_edges_and_lists_the_same(site: dict[str, bytes]) -> None:
    page = read_page(site["map.html"])
    drawn = [found["data-concept"] for found in page.all("a") if "data-concept" in found]
    assert drawn == 2 * ["kjob", "kqueue", "klease", "kdead"], "for desks and for phones"
    edges = {(found["data-before"], found["data-after"]) for found in page.all("path") if "data-before" in found}
    assert edges == {("kjob", "kqueue"), ("kjob", "klease")}
    assert "Lease builds on Job" in " ".join(page.text.split())
    for svg in site["map.html"].decode().split('<svg class="concept-map')[1:]:
        picture = svg.partition("</svg>")[0]
        assert picture.rindex('class="map-band"') < picture.index('class="map-edge"'), "arrows are above the bands"
        assert picture.rindex('class="map-edge"') < picture.index('class="map-title"'), "and below what is read"


def test_the_concept_map_of_many_concepts_draws_the_weightiest_apart_and_inside(course: Course) -> None:
    concepts = [
        course.concepts[0].model_copy(
            update={
                "id": f"k{number}",
                "name": f"Concept of a name {'long ' * (number % 5)}{number}",
                "module_id": course.modules[number % 3].id,
                "prerequisites": [f"k{number // 2}"] if number else [],
            }
        )
        for number in range(120)
    ]
    site = build_site(course.model_copy(update={"concepts": concepts}), read_raw, {})
    desk, phone = (_boxes(svg) for svg in site["map.html"].decode().split('<svg class="concept-map')[1:])
    assert len(desk) == len(phone) == 30
    assert [f'data-concept="k{number}"' in site["map.html"].decode() for number in (1, 60, 119)] == [True, False, False]
    page = read_page(site["map.html"])
    assert "the 30 concepts with the most arrows; all 120 stand below" in " ".join(page.text.split())
    leads = [found for found in page.all("a") if found.get("href", "").startswith("glossary.html#concept-")]
    assert len(leads) == 30 + 30 + 120
    for boxes, width in ((desk, 960), (phone, 350)):
        assert all(left >= 0 and right <= width for _, left, right in boxes)
        for (y, _, right), (next_y, left, _) in pairwise(sorted(boxes)):
            assert y != next_y or right < left
    assert len({left + right for _, left, right in desk}) > 20, "arrows past a box can be told from arrows to it"


def _boxes(svg: str) -> list[tuple[float, float, float]]:
    drawn = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"', svg)
    return [(float(y), float(x), float(x) + float(width)) for x, y, width in drawn]


def test_a_course_without_edges_has_no_concept_map(course: Course) -> None:
    flat = [concept.model_copy(update={"prerequisites": []}) for concept in course.concepts]
    site = build_site(course.model_copy(update={"concepts": flat}), read_raw, {})
    assert "map.html" not in site
    assert b"map.html" not in site["glossary.html"]


def test_a_module_s_map_has_its_concepts_and_those_that_arrows_join_to_them(site: dict[str, bytes]) -> None:
    page = read_page(next(data for name, data in site.items() if name.startswith("modules/02-")))
    assert {found["data-concept"] for found in page.all("a") if "data-concept" in found} == {"kjob", "klease"}
    edges = {(found["data-before"], found["data-after"]) for found in page.all("path") if "data-before" in found}
    assert edges == {("kjob", "klease")}
    assert "Lease (builds on Job)" in " ".join(page.text.split())
    assert all(0 < float(found["x"]) < 660 for found in page.all("rect") if found.get("rx") == "6")


def test_a_module_of_no_concepts_or_without_arrows_has_no_map(course: Course) -> None:
    flat = [concept.model_copy(update={"prerequisites": []}) for concept in course.concepts]
    for name, data in build_site(course.model_copy(update={"concepts": flat}), read_raw, {}).items():
        assert b"concept-map" not in data or not name.startswith("modules/")
