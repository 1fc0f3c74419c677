"""The user's words about themselves and their wishes, as far as the material has them. Pure."""

from collections.abc import Sequence

from services.pathway.offline.outline import Placed
from shared.engine.distance import SectionKey
from shared.engine.types import DocumentAnalysis
from shared.language.terms import content_words, stem

_COMMON_SHARE = 0.2
_WORDS_ABOUT_ASKING = frozenset(map(stem, (
    "want", "learn", "know", "like", "please", "course", "focus", "interested", "understand", "teach", "beginner",
    "advanced", "experience", "developer", "team", "new", "start", "help", "explain", "work", "team",
)))  # fmt: skip


def weigh_wishes(everything: Sequence[Placed], text: str) -> dict[SectionKey, float]:
    """How much each section has to do with the wishes, 0..1; empty when nothing of them can be used."""
    wanted = _useful(_wanted(text), [_words(one) for one in everything])
    if not wanted:
        return {}
    found = {one.key: len(wanted & _heading_words(one)) + 0.25 * len(wanted & _words(one)) for one in everything}
    return {key: min(1.0, weight / len(wanted)) for key, weight in found.items() if weight}


def list_unused(analyses: Sequence[DocumentAnalysis], text: str) -> list[str]:
    """The words of the wishes that no section has, or nearly all have, in their order."""
    everything = [Placed(one, section) for one in analyses for section in one.sections]
    used = _useful(_wanted(text), [_words(one) for one in everything])
    words = dict.fromkeys(word for word in content_words(text) if stem(word) not in _WORDS_ABOUT_ASKING)
    return [word for word in words if stem(word) not in used]


def _wanted(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in content_words(text)) - _WORDS_ABOUT_ASKING


def _useful(wanted: frozenset[str], sections: Sequence[frozenset[str]]) -> frozenset[str]:
    counts = {word: sum(word in words for words in sections) for word in wanted}
    return frozenset(word for word, count in counts.items() if 0 < count <= max(1.0, _COMMON_SHARE * len(sections)))


def _words(one: Placed) -> frozenset[str]:
    return frozenset(stem(term) for term, _ in one.section.mentions if " " not in term) | _heading_words(one)


def _heading_words(one: Placed) -> frozenset[str]:
    return frozenset(stem(word) for word in content_words(f"{one.document.title} {one.section.heading}"))
