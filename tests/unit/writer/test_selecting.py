from shared.engine.offline.lesson import Code, Part, Passage, Prose, Said
from shared.engine.offline.lesson_select import MEASURES, Measure, select_parts, trim_heart
from shared.engine.offline.writer_evidence import Span

SPAN = Span("a.md", 1, 1)


def passage(words: int) -> Passage:
    return Passage((Prose((Said(" ".join(["word"] * words), SPAN),)),))


def part(name: str, depth: int, *sizes: int) -> Part:
    return Part("d1", name, name, depth, tuple(passage(size) for size in sizes))


def test_a_module_that_fits_is_left_whole() -> None:
    parts = [part("a", 1, 50, 50), part("b", 1, 50)]
    assert select_parts(parts, Measure(200, 10, 10, 100)) == tuple(parts)


def test_every_main_section_keeps_its_heart_however_little_room_there_is() -> None:
    parts = [part(str(i), 1, 90, 90) for i in range(10)]
    chosen = select_parts(parts, Measure(300, 10, 10, 100))
    assert all(len(one.passages) == 1 for one in chosen)


def test_a_part_keeps_its_beginning_and_never_a_middle() -> None:
    parts = [part("a", 1, 40, 500, 10), part("b", 1, 40, 40, 40)]
    chosen = select_parts(parts, Measure(170, 10, 10, 100))
    assert [len(one.passages) for one in chosen] == [1, 3]


def test_deeper_sections_come_after_the_main_ones() -> None:
    parts = [part("a", 1, 40, 40), part("a.a", 2, 40), part("b", 1, 40, 40)]
    chosen = select_parts(parts, Measure(130, 10, 10, 100))
    assert [len(one.passages) for one in chosen] == [2, 0, 1] or [len(one.passages) for one in chosen] == [1, 1, 1]


def test_a_long_heart_is_cut_but_keeps_the_example_it_announces() -> None:
    announced = Passage(
        (
            Prose((Said(" ".join(["word"] * 90) + ":", SPAN),)),
            Code("x = 1", "python", SPAN),
            Prose((Said(" ".join(["more"] * 90), SPAN),)),
        )
    )
    trimmed = trim_heart(Part("d1", "a", "a", 1, (announced, passage(5))), 60)
    assert [type(chunk) for chunk in trimmed.passages[0].chunks] == [Prose, Code]
    assert len(trimmed.passages) == 1


def test_an_advanced_module_holds_more_than_one_for_beginners() -> None:
    assert MEASURES["beginner"].effort < MEASURES["intermediate"].effort < MEASURES["advanced"].effort
