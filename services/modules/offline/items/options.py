"""Options of a choice: wrong ones of the key's own kind, none of which also answers, and no clue in length or words."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations

from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.anchors import Anchor, found_in
from shared.course.flaws import describe_form, find_flaws
from shared.course.model import Bloom, Item, ItemForm, Option
from shared.course.plain_text import show_plain
from shared.course.wording import list_words, stem_content_words
from shared.engine.types import Span
from shared.language.similarity import embed, likeness

_MOST, _FEWEST, _MOST_TRIED = 4, 3, 8
_LEAST_RATIO, _MOST_RATIO = 0.4, 2.5
_ALIKE = 0.5
_BLOOM: dict[ItemForm, Bloom] = {
    "predict_output": "apply", "choose": "apply", "fill_call": "apply", "find_wrong": "analyze",
    "what_happens": "understand", "compare": "analyze",
}  # fmt: skip
_SHAPES = (
    (r"^--?[A-Za-z]", "flag"),
    (r"^[\[({]", "bracket"),
    (r"^@", "decorator"),
    (r"\s", "phrase"),
    (r"\)$", "call"),
    (r"=", "assignment"),
    (r"^[\"'].*[\"']$", "text"),
    (r"^<.*>$", "element"),
    (r"^\.\w+$", "ending"),
    (r"^(?:True|False|None|true|false|null|nil|undefined)$", "value"),
    (r"^(?:int|str|float|bool|bytes|list|dict|tuple|set|object|string|number|integer|boolean|Any)$", "type"),
    (r"(?:Error|Exception|Warning)$", "exception"),
    (r"^[A-Z][A-Z0-9_]+$", "constant"),
    (
        r"/|\.(?:py|js|mjs|ts|rs|go|md|rst|txt|json|ya?ml|toml|cfg|ini|sh|html?|css|xml|lock|env|conf|log|csv|proto)$",
        "path",
    ),
    (r"[{}$%*:\\]", "template"),
    (r"^[A-Z]\w*[a-z]\w*(?:<.*>)?$", "class"),
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_MEASURE = re.compile(r"[^\w]*v?\d+(?:\.\d+)*\s*(?:%|[a-zA-Z]{0,12})")
_JOINED = re.compile(r"[_.\-/]|(?<=[a-z0-9])(?=[A-Z])")
_SIGNS = re.compile(r"[^\w\s.-]")


def ask_choice(
    form: ItemForm,
    one: TaughtSection,
    said: TaughtText,
    stem: str,
    key: Choice,
    candidates: Iterable[Choice],
    apart: Sequence[Span] = (),
) -> Iterator[Question]:
    """A choice between the key and its best distractors; nothing when fewer than two fit.

    Candidates come in order of preference; the first set of them that gives no clue is taken. The feedback of each
    says what the option really is. `apart` are lines that may name an option beside the stem's words and yet do not
    make it an answer.
    """
    cited = _read_lines(one, key.spans)
    fit: list[Choice] = []
    for other in candidates:
        if (
            len(fit) < _MOST_TRIED
            and _is_akin(key.text, other.text)
            and not any(_is_same(other.text, known.text) for known in fit)
            and not _stands_in(other.text, cited)
            and not said.also_answers(other.text, stem, (*other.spans, *key.spans, *apart))
        ):
            fit.append(replace(other, feedback=f"No: {other.feedback}"))
    own = replace(key, feedback=f"Right: {key.feedback}", is_key=True)
    likely = fit if form == "predict_output" or len(fit) < _FEWEST - 1 else _find_likely(stem, own, fit)
    sets = (chosen for count in (_MOST - 1, _FEWEST - 1) for chosen in combinations(fit, count))
    chosen = next((c for c in sets if not _gives_away(stem, own, c, likely) and not _is_flawed(stem, (own, *c))), None)
    this = key.feedback.endswith(" this.")
    if chosen:
        yield Question(
            form=form,
            kind="single_choice",
            stem=stem,
            options=_arrange((own, *chosen), stem),
            explanation=f"{key.feedback.removesuffix(' this.')}: {key.text}" if this else key.feedback,
            spans=key.spans,
            document_id=one.document_id,
            section_id=one.section.id,
            bloom=_BLOOM[form],
        )


def rank_by_likeness(stem: str, candidates: Sequence[Choice]) -> list[Choice]:
    """Those that share most with the stem first: a guesser who goes by likeness then misses the key."""
    return sorted(candidates, key=lambda other: (-_shared(stem, other.text), digest(stem + other.text)))


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
    return found_in(Anchor("quote", normal(text)), lines.lower())


def normal(text: str) -> str:
    """A text as it is compared."""
    return " ".join(show_plain(text).lower().split()).rstrip(".")


def are_alike(one: str, other: str, share: float = _ALIKE) -> bool:
    """Whether two texts have this share of the shorter one's words in common."""
    a, b = split_words(one), split_words(other)
    return len(a & b) >= share * min(len(a), len(b))


def describe_shape(name: str) -> str:
    """What sort of thing a name looks like: flag, call, constant, path, class, name; a text outside code is a term."""
    plain = show_plain(name)
    if not name.startswith("`"):
        return "term"
    shape = next((shape for pattern, shape in _SHAPES if re.search(pattern, plain)), "name")
    return f"{shape} {plain.split()[0]}" if shape == "phrase" else shape


def digest(text: str) -> str:
    """Chance that is the same on every machine."""
    return hashlib.sha256(text.encode()).hexdigest()


def _is_akin(key: str, other: str) -> bool:
    plain, size = show_plain(other), max(1, len(show_plain(key)))
    return (
        bool(plain)
        and _is_prose(key) == _is_prose(other)
        and (_is_prose(key) or describe_form(key) == describe_form(other))
        and describe_shape(key) == describe_shape(other)
        and _LEAST_RATIO <= len(plain) / size <= _MOST_RATIO
        and not _is_same(key, other)
    )


def _is_prose(text: str) -> bool:
    return describe_form(text) in ("phrase", "sentence")


def _is_same(one: str, other: str) -> bool:
    """Whether two texts may stand for the same thing: equal, plural, or one a part of the other."""
    a, b = normal(one).strip("`()@-. "), normal(other).strip("`()@-. ")
    if a == b or (one.startswith("`") and a.split("(")[0] == b.split("(")[0]):
        return True
    if _NUMBER.fullmatch(a) and _NUMBER.fullmatch(b):
        return float(a) == float(b)
    return not _SIGNS.search(a + b) and set(list_words(a)) == set(list_words(b))


def _gives_away(stem: str, key: Choice, others: Sequence[Choice], likely: Sequence[Choice]) -> bool:
    """Whether a guesser who never saw the lesson finds the key: by length, words of the stem, or likeness to it."""
    longest = max(len(show_plain(other.text)) for other in others)
    shared = max(_shared(stem, other.text) for other in others)
    alone = not any(other in likely for other in others)
    return len(show_plain(key.text)) > longest or _shared(stem, key.text) > shared or alone


def _find_likely(stem: str, key: Choice, others: Sequence[Choice]) -> list[Choice]:
    """The options that are more like the stem than the key is; for half of the stems all count as such.

    Otherwise the key would never be the likeliest option, which is a clue too.
    """
    if int(digest(stem), 16) % 2:
        return list(others)
    vectors = embed([show_plain(text) for text in (stem, key.text, *(other.text for other in others))])
    own, *ratings = likeness(vectors[1:], vectors[:1])[:, 0]
    return [other for other, rating in zip(others, ratings, strict=True) if rating >= own]


def _is_flawed(stem: str, options: Sequence[Choice]) -> bool:
    """Whether a rule of item writing is broken."""
    shown = [Option(id=str(i), text=option.text) for i, option in enumerate(_arrange(options, stem))]
    key = [option.id for option in shown if option.text == options[0].text]
    item = Item(
        id="", kind="single_choice", stem=stem, options=shown, key=key, explanation="", objective_ids=[],
        bloom="understand", citation_ids=[],
    )  # fmt: skip
    return bool(find_flaws(item))


def _shared(stem: str, option: str) -> int:
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
