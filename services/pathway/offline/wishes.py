"""The user's words about themselves and their wishes, as far as the material has them. Pure."""

from collections.abc import Sequence

from services.pathway.offline.outline import Placed
from shared.engine.distance import SectionKey
from shared.engine.types import ConceptGraph, DocumentAnalysis
from shared.engine.wishes import Wishes, find_named, list_unknown, read_wishes, stems_of
from shared.language.terms import content_words, stem

_COMMON_SHARE = 0.2


def find_headed(everything: Sequence[Placed], text: str) -> frozenset[SectionKey]:
    """The sections that the topics name, each by one useful word at least: in its heading or its document's title."""
    wanted = _useful(stems_of(text), [_words(one) for one in everything])
    return frozenset(one.key for one in everything if wanted & _words(one))


def choose_not_wished(everything: Sequence[Placed], graph: ConceptGraph, wishes: Wishes) -> frozenset[SectionKey]:
    """The sections that the wishes leave out. Those that are asked for alone bring the homes of what they build on.

    Wishes that name nothing, or would leave nothing, are as if they were not there.
    """
    keys = {one.key for one in everything}
    kept = _named(everything, wishes.only)
    chosen = (keys - _with_needed(kept, graph)) if kept else set()
    chosen |= _named(everything, wishes.without)
    return frozenset(chosen) if chosen < keys else frozenset()


def _named(everything: Sequence[Placed], phrases: Sequence[str]) -> set[SectionKey]:
    documents = {one.document.document_id: one.document for one in everything}
    named = ((name, find_named(one, phrase)) for name, one in documents.items() for phrase in phrases)
    return {one.key for one in everything}.intersection((name, section) for name, own in named for section in own)


def _with_needed(kept: set[SectionKey], graph: ConceptGraph) -> set[SectionKey]:
    found = set(kept)
    while new := {before for before, after in graph.needs if after in found} - found:
        found |= new
    return found


def list_unused(analyses: Sequence[DocumentAnalysis], text: str) -> list[str]:
    """The wishes that nothing came of: words of topics that no section has, or nearly all have, and phrases that name
    no section.
    """
    wishes = read_wishes(text)
    everything = [Placed(one, section) for one in analyses for section in one.sections]
    used = _useful(stems_of(wishes.topics), [_words(one) for one in everything])
    words = dict.fromkeys(word for word in content_words(wishes.topics) if stem(word) in stems_of(wishes.topics))
    phrases = list_unknown(analyses, [*wishes.without, *wishes.only])
    return [*(word for word in words if stem(word) not in used), *phrases]


def _useful(wanted: frozenset[str], sections: Sequence[frozenset[str]]) -> frozenset[str]:
    counts = {word: sum(word in words for words in sections) for word in wanted}
    return frozenset(word for word, count in counts.items() if 0 < count <= max(1.0, _COMMON_SHARE * len(sections)))


def _words(one: Placed) -> frozenset[str]:
    return frozenset(stem(word) for word in content_words(f"{one.document.title} {one.section.heading}"))
