"""Options of a choice: wrong ones of the key's own kind, none of which also answers, and no clue in length or words."""

import hashlib
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations

from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText, list_code_lines
from shared.course.anchors import Anchor, found_in
from shared.course.flaws import find_flaws
from shared.course.model import Item, Option
from shared.course.plain_text import show_plain
from shared.course.scales import Bloom, ItemForm
from shared.course.wording import stem_content_words
from shared.engine.types import Span

_MOST, _FEWEST = 4, 3
_MOST_SHORT, _MOST_LONG, _MOST_SETS = 7, 5, 24
_ONE_OF = 4
"""One call in so many is asked where each wrong option is longer: else the shortest option would be the key."""
_BLOOM: dict[ItemForm, Bloom] = {
    "predict_output": "apply",
    "fill_call": "apply",
    "find_wrong": "analyze",
}
_LONGEST = "longest option is the key"
"""A flaw of options in words: the length of a value tells nothing."""
_ABSOLUTE = "absolute term"
"""A flaw of options that are made up: those in the words of an author are what they are."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_MEASURE = re.compile(r"[^\w]*v?\d+(?:\.\d+)*\s*(?:%|[a-zA-Z]{0,12})")
_PARTED = re.compile(r"`\w*[\[({].*,")
_PART = re.compile(r"\w+")
_JOINED = re.compile(r"[_.\-/]|(?<=[a-z0-9])(?=[A-Z])")


def ask_choice(
    form: ItemForm,
    one: TaughtSection,
    said: TaughtText,
    stem: str,
    key: Choice,
    candidates: Iterable[Choice],
    near: Container[str] | None = None,
) -> Iterator[Question]:
    """A choice between the key and the first candidates that give no clue; nothing where fewer than two fit.

    One of the wrong options has a text of `near`, if that is given: the others alone are ruled out too easily.

    The feedback of each says what the option really is. The question itself cites the lines of the key alone.
    """
    backed = _back(one, said, key)
    if backed is None:
        return
    own = replace(backed, feedback=f"Right: {backed.feedback}", is_key=True)
    hides = key.why and said.find_missing(key.feedback, key.spans)
    bare = replace(key, feedback=f"{key.feedback.removesuffix(key.why)}.") if hides else backed
    chosen = _choose(form, stem, own, _list_fit(form, one, said, bare, candidates), near)
    if chosen:
        yield Question(
            form=form,
            stem=stem,
            options=_arrange((own, *chosen), stem),
            explanation=raise_first(bare.feedback),
            spans=bare.spans,
            document_id=one.document_id,
            section_id=one.section.id,
            bloom=_BLOOM[form],
            example=_find_example(one, key.spans[0]),
        )


def list_short(key: Choice, told: Iterable[Choice], more: Iterable[Choice]) -> list[Choice]:
    """Where all that is told is longer than the key, those of some more options that are not; else none."""
    length = len(show_plain(key.text))
    forced = all(len(show_plain(other.text)) > length for other in told)
    return [other for other in more if forced and len(show_plain(other.text)) <= length]


def _find_example(one: TaughtSection, span: Span) -> int:
    """The first line of the block that has a line."""
    begins = (b.start_line for b in one.section.blocks if b.start_line <= span.start_line <= b.end_line)
    return max(begins, default=span.start_line)


def raise_first(text: str) -> str:
    """The text with a capital, unless it begins with code."""
    return text[:1].upper() + text[1:]


def _list_fit(
    form: ItemForm, one: TaughtSection, said: TaughtText, key: Choice, candidates: Iterable[Choice]
) -> list[Choice]:
    """The first candidates that are no answers; some are kept for those longer than the key."""
    cited = _read_lines(one, key.spans)
    fit: list[Choice] = []
    long = 0
    for other in candidates:
        longer = len(show_plain(other.text)) >= len(show_plain(key.text))
        if (
            (len(fit) - long < _MOST_SHORT or (longer and long < _MOST_LONG))
            and not any(_is_same(form, other.text, known.text) for known in (key, *fit))
            and not _stands_in(other.text, cited)
        ):
            told = _back(one, said, replace(other, feedback=f"No: {other.feedback}"))
            long += longer and told is not None
            fit += [told] if told else []
    return fit


def _back(one: TaughtSection, said: TaughtText, choice: Choice) -> Choice | None:
    """The option with the lines of its section that hold what its feedback names; None where some of it is nowhere."""
    spans = choice.spans
    for anchor in said.find_missing(choice.feedback, spans):
        code = (span for _, line, span in list_code_lines(one) if found_in(anchor, line))
        place = next(code, None)
        if place is None:
            return None
        spans = (*spans, place)
    return replace(choice, spans=tuple(dict.fromkeys(spans)))


def _choose(
    form: ItemForm, stem: str, key: Choice, fit: Sequence[Choice], near: Container[str] | None
) -> tuple[Choice, ...] | None:
    """Three or two of the options that give no clue: no length or words by which to guess.

    Of several such choices it is the one that puts the key nearest to a place by length that the stem decides.
    """
    if len(fit) < _FEWEST - 1:
        return None
    values, chance = form == "predict_output", int(digest(stem), 16)
    free = values and chance % 2 == 0  # else no value would have more words of its code than others
    clues = {o: (len(show_plain(o.text)), count_shared(stem, o.text)) for o in (key, *fit)}
    length, shared = clues[key]
    own = _list_named(stem, [key]) if values else set()
    fair = [
        others
        for count in (_MOST - 1, _FEWEST - 1)
        for others in combinations(fit, count)
        if (free or any(clues[o][1] >= shared for o in others))
        and not (own and _list_named(stem, others) < own)
        and (near is None or any(o.text in near for o in others))
        and (not _PARTED.match(key.text) or any(o.text.count(",") == key.text.count(",") for o in others))
    ]
    fair.sort(key=lambda others: (-len(others), _miss(chance // 2, length, [clues[o][0] for o in others])))
    level = [others for others in fair if any(clues[o][0] >= length for o in others)]
    if not values and chance % _ONE_OF:
        level = [others for others in level if any(clues[o][0] <= length for o in others)]
    found = next((o for o in level[:_MOST_SETS] if not _list_flaws(stem, (key, *o))), None)
    left, allowed = (fair, _LONGEST) if values else (level, _ABSOLUTE)
    rest = left[:_MOST_SETS] if not found else ()
    return found or next((o for o in rest if _list_flaws(stem, (key, *o)) <= {allowed}), None)


def _miss(chance: int, length: int, others: Sequence[int]) -> int:
    """How far the key is from its place by length. Chance gives any but the first: many a key has that one by need."""
    place, shorter = 1 + chance % len(others), sum(other < length for other in others)
    return max(shorter - place, place - sum(other <= length for other in others), 0)


def _list_named(stem: str, options: Iterable[Choice]) -> set[str]:
    """The words and numbers of the options that the stem has: by them alone nobody should find the right one."""
    asked = set(_PART.findall(stem))
    return {part for option in options for part in _PART.findall(option.text) if part in asked}


def _arrange(options: Sequence[Choice], stem: str) -> tuple[Choice, ...]:
    """Numbers by size, all else by a hash of the content."""
    numbers = {option: _MEASURE.fullmatch(show_plain(option.text)) for option in options}
    if all(numbers.values()):
        return tuple(sorted(options, key=lambda option: [int(n) for n in re.findall(r"\d+", show_plain(option.text))]))
    return tuple(sorted(options, key=lambda option: digest(stem + option.text)))


def _read_lines(one: TaughtSection, spans: Sequence[Span]) -> str:
    """The raw lines of spans in the section's own document."""
    raw = one.document.raw_lines
    return "\n".join(
        "\n".join(raw[span.start_line - 1 : span.end_line]) for span in spans if span.path == one.document.path
    )


def _stands_in(text: str, lines: str) -> bool:
    """Whether a text stands in the lines as whole words, letter case and a last full stop aside."""
    return found_in(Anchor("quote", _normal(text)), lines.lower())


def _normal(text: str) -> str:
    """A text as it is compared."""
    return " ".join(show_plain(text).lower().split()).rstrip(".")


def digest(text: str) -> str:
    """Chance that is the same on every machine."""
    return hashlib.sha256(text.encode()).hexdigest()


def _is_same(form: ItemForm, one: str, other: str) -> bool:
    """Whether two texts stand for the same value: equal but for spaces and quotes, or equal as numbers."""
    a, b = ("".join(show_plain(text).replace('"', "'").split()) for text in (one, other))
    if form == "predict_output" and _NUMBER.fullmatch(a) and _NUMBER.fullmatch(b):
        return float(a) == float(b)
    return a == b


def _list_flaws(stem: str, options: Sequence[Choice]) -> set[str]:
    """The rules of item writing that are broken; the key comes first."""
    return set(find_flaws(_as_item(stem, [option.text for option in _arrange(options, stem)], options[0].text)))


def _as_item(stem: str, texts: Sequence[str], key: str = "") -> Item:
    options = [Option(id=str(i), text=text) for i, text in enumerate(texts)]
    return Item(
        id="", kind="single_choice", stem=stem, options=options, key=[o.id for o in options if o.text == key],
        explanation="", objective_ids=[], bloom="understand", citation_ids=[],
    )  # fmt: skip


def count_shared(stem: str, option: str) -> int:
    """How many words of the stem an option has, also inside of a longer name."""
    asked, own = split_words(stem), split_words(option)
    joined = re.sub(r"[\W_]", "", show_plain(option).lower())
    inside = sum(1 for word in asked - own if len(word) > 3 and word in joined) if option.startswith("`") else 0
    return len(asked & own) + inside


@lru_cache(maxsize=65536)
def split_words(text: str) -> frozenset[str]:
    """Stems of content words, and of the parts of names."""
    plain = show_plain(text)
    return frozenset(stem_content_words(f"{plain} {_JOINED.sub(' ', plain)}"))
