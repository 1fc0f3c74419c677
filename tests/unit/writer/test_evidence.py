import hashlib

from shared.engine.offline.writer_evidence import Evidence, Span

TEXT = b"one\ntwo\r\nthree\ntwo\nfour"


def make(text: bytes = TEXT) -> Evidence:
    return Evidence("m1", "s1", lambda path: {"a.md": text}[path])


def test_a_citation_hashes_its_lines_without_line_ends() -> None:
    evidence = make()
    evidence.cite(Span("a.md", 2, 3))
    (citation,) = evidence.citations()
    assert citation.sha256 == hashlib.sha256(b"two\nthree").hexdigest()
    assert (citation.start_line, citation.end_line, citation.source_id) == (2, 3, "s1")


def test_lines_that_moved_keep_their_id() -> None:
    assert make().cite(Span("a.md", 3, 3)) == make(b"new\n" + TEXT).cite(Span("a.md", 4, 4))


def test_equal_lines_at_two_places_have_two_ids() -> None:
    evidence = make()
    assert evidence.cite(Span("a.md", 2, 2)) != evidence.cite(Span("a.md", 4, 4))


def test_the_same_span_is_cited_once() -> None:
    evidence = make()
    assert evidence.mark(Span("a.md", 1, 1)) == evidence.mark(Span("a.md", 1, 1))
    assert len(evidence.citations()) == 1


def test_a_span_outside_the_file_or_too_long_is_not_held() -> None:
    evidence = make(b"x\n" * 100)
    assert evidence.holds(Span("a.md", 1, 40))
    assert not evidence.holds(Span("a.md", 1, 41))
    assert not evidence.holds(Span("a.md", 99, 101))
