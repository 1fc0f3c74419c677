"""From words with times to sentences, paragraphs and sections. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt

from shared.docs.captions.words import Cue, Word
from shared.docs.sentences import split_sentences

_FEW_STOPS = 60
"""Captions with fewer full stops than one in so many words are taken for captions without punctuation."""
_BREATH, _PAUSE = 0.6, 2.0
"""Seconds of silence that end a sentence without a full stop, and those that end a paragraph."""
_LEAST, _MOST = 8, 30
"""Words of a sentence that has to be cut where there is no full stop."""
_LONGEST_SENTENCE = 100
_PARAGRAPH, _LONGEST_PARAGRAPH = 90, 160
"""Words after which a paragraph ends at a breath, and after which it ends with the sentence."""
_WINDOW = 8
"""Sentences on each side whose words are compared where a subject may change."""
_LEAST_SECONDS = 120.0
"""Of a section that has no chapter mark."""
_LEAST_OF_SENTENCES = 3 * _WINDOW
_DEPTH, _REACH = 0.2, 100
"""How far the likeness has to fall, and within how many sentences."""
_TERM = re.compile(r"(?<![\w'’])[^\W\d_][\w-]{3,}(?![\w'’])")
_STOP = re.compile(r"[.!?…][\"'”’)\]]*$")


@dataclass(frozen=True)
class Sentence:
    """What was said in one breath, with its seconds. `breaks`: a paragraph begins with it."""

    text: str
    start: float
    end: float
    breaks: bool = False


@dataclass(frozen=True)
class Section:
    """Sentences under a heading; "" for what comes before the first one."""

    heading: str
    sentences: tuple[Sentence, ...]


def has_full_stops(words: Sequence[Word]) -> bool:
    """Whether captions are punctuated."""
    return sum(bool(_STOP.search(word.text)) for word in words) * _FEW_STOPS >= len(words)


def sentences_of(words: Sequence[Word]) -> list[Sentence]:
    """The sentences of a lecture; where there are no full stops, cut at silences and at the ends of captions."""
    turns = [at for at, word in enumerate(words) if word.begins_turn and at]
    cut = _by_stops if has_full_stops(words) else _by_silence
    found: list[Sentence] = []
    length = 0
    for begin, end in pairwise([0, *turns, len(words)]):
        for at, run in enumerate(cut(words[begin:end])):
            silence = run[0].start - found[-1].end if found else 0.0
            breaks = at == 0 or silence >= _PAUSE or length >= _LONGEST_PARAGRAPH
            breaks = breaks or (length >= _PARAGRAPH and silence >= _BREATH)
            length = len(run) if breaks else length + len(run)
            found.append(Sentence(_written(run), run[0].start, run[-1].end, breaks))
    return found


def _by_stops(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Runs that end where the segmenter of documents ends a sentence; nobody says a hundred words in one."""
    found = split_sentences([(at, word.text) for at, word in enumerate(words)])
    ends = [0, *(sentence.end_line + 1 for sentence in found), len(words)]
    for begin, end in pairwise(ends):
        run = words[begin:end]
        for part in _at_stops(run) if len(run) > _LONGEST_SENTENCE else [run] if run else []:
            yield from _by_silence(part) if len(part) > _LONGEST_SENTENCE else [part]


def _at_stops(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Words parted after each stop before a capital: the segmenter takes some of them for those of abbreviations."""
    stops = [at for at in range(1, len(words)) if _STOP.search(words[at - 1].text) and words[at].text[:1].isupper()]
    return (words[begin:end] for begin, end in pairwise([0, *stops, len(words)]))


def _by_silence(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    begin = 0
    for at in range(1, len(words)):
        length, silence = at - begin, words[at].start - words[at - 1].end
        ends = length >= _MOST or (silence >= _BREATH and length >= _LEAST) or silence >= _PAUSE
        if ends or (words[at].begins_cue and length >= _MOST // 2):
            yield words[begin:at]
            begin = at
    if words:
        yield words[begin:]


def _written(words: Sequence[Word]) -> str:
    """A sentence with a capital and a full stop; what was said between them stays as it is."""
    text = " ".join(word.text for word in words).lstrip(",;–—- ")
    text = text[:1].upper() + text[1:]
    return text if not text or _STOP.search(text) or text[-1] in ":;" else f"{text.rstrip(',–—-')}."


def by_chapters(sentences: Sequence[Sentence], chapters: Sequence[Cue]) -> list[Section]:
    """The sections that chapter marks make; a sentence belongs to the chapter in which most of it is said."""
    starts = [(0.0, ""), *((chapter.start, " ".join(chapter.lines)) for chapter in chapters)]
    sections: list[Section] = []
    for (start, heading), (end, _) in pairwise([*starts, (float("inf"), "")]):
        sections.append(Section(heading, tuple(one for one in sentences if start <= _middle(one) < end)))
    return [section for section in sections if section.sentences]


def _middle(sentence: Sentence) -> float:
    return (sentence.start + sentence.end) / 2


def by_subject(sentences: Sequence[Sentence]) -> list[Section]:
    """The sections of a lecture without chapter marks: where the words before and after differ most (TextTiling). A
    heading names the two words that tell its section from the others.
    """
    terms = [Counter(word.lower() for word in _TERM.findall(one.text)) for one in sentences]
    weights = _weights(terms)
    cuts = [0, *_shifts(sentences, terms, weights), len(sentences)]
    spread = Counter(term for begin, end in pairwise(cuts) for term in set().union(*terms[begin:end]))
    sections, used = [], set[str]()
    for begin, end in pairwise(cuts):
        words = sum(terms[begin:end], Counter[str]())
        told = {term: n * weights[term] * log(len(cuts) / spread[term]) for term, n in words.items() if n > 1}
        heading = _heading(sorted(told, key=told.__getitem__, reverse=True), used)
        used.add(heading)
        sections.append(Section(heading if len(cuts) > 2 else "", tuple(sentences[begin:end])))
    return sections


def _weights(terms: Sequence[Counter[str]]) -> dict[str, float]:
    """How much a word tells of a subject: one that is said all the time tells nothing."""
    groups = [set[str]().union(*terms[at : at + _WINDOW]) for at in range(0, len(terms), _WINDOW)]
    spread = Counter(term for group in groups for term in group)
    return {term: log(len(groups) / count) for term, count in spread.items()}


def _shifts(sentences: Sequence[Sentence], terms: Sequence[Counter[str]], weights: Mapping[str, float]) -> list[int]:
    """The sentences at which a subject begins."""
    if len(sentences) < _LEAST_OF_SENTENCES:
        return []
    likeness = [
        _cosine(_weighed(terms[max(0, at - _WINDOW) : at], weights), _weighed(terms[at : at + _WINDOW], weights))
        for at in range(1, len(terms))
    ]
    depths = {at + 1: _depth(likeness, at) for at in range(_WINDOW // 2, len(likeness) - _WINDOW // 2)}
    found: list[int] = []
    for at, depth in sorted(depths.items(), key=lambda one: (-one[1], one[0])):
        ends = [sentences[0].start, sentences[-1].end, *(sentences[one].start for one in found)]
        if depth >= _DEPTH and all(abs(sentences[at].start - end) >= _LEAST_SECONDS for end in ends):
            found.append(at)
    return sorted(found)


def _weighed(terms: Sequence[Counter[str]], weights: Mapping[str, float]) -> dict[str, float]:
    return {term: count * weights[term] for term, count in sum(terms, Counter[str]()).items()}


def _cosine(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    size = sqrt(sum(n * n for n in left.values()) * sum(n * n for n in right.values()))
    return sum(count * right.get(term, 0.0) for term, count in left.items()) / size if size else 0.0


def _depth(likeness: Sequence[float], at: int) -> float:
    """How far the likeness falls here from the next heights on both sides."""
    sides = likeness[max(0, at - _REACH) : at + 1][::-1], likeness[at : at + _REACH]
    return sum(_height(side, likeness[at]) for side in sides) - 2 * likeness[at]


def _height(side: Sequence[float], height: float) -> float:
    for value in side:
        if value < height:
            break
        height = value
    return height


def _heading(best: Sequence[str], used: set[str]) -> str:
    """The first two of the words that no other heading has."""
    for second in range(1, len(best)):
        heading = f"{best[0]} and {best[second]}"
        heading = heading[:1].upper() + heading[1:]
        if heading not in used:
            return heading
    return f"Part {len(used) + 1}"
