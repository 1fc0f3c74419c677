"""Options of a choice: wrong ones of the key's own kind, none of which also answers, and no clue in length or words."""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations, islice

from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText, list_code_lines
from shared.course.anchors import Anchor, found_in
from shared.course.flaws import CRITERIA, describe_form, find_flaws
from shared.course.model import Item, Option
from shared.course.plain_text import show_plain
from shared.course.scales import Bloom, ItemForm
from shared.course.wording import list_words, stem_content_words
from shared.engine.types import Span
from shared.language.similarity import Vectors, embed, likeness

_MOST, _FEWEST = 4, 3
_MOST_SHORT, _MOST_LONG, _MOST_SETS = 7, 5, 24
_LEAST_RATIO, _MOST_RATIO = 0.4, 2.5
_ALIKE = 0.5
_BLOOM: dict[ItemForm, Bloom] = {
    "predict_output": "apply", "choose": "apply", "fill_call": "apply", "find_wrong": "analyze",
    "what_happens": "understand", "compare": "analyze",
}  # fmt: skip
_LONGEST = "longest option is the key"
"""A flaw of options in words: the length of a value tells nothing."""
_FEWEST_SHARED: dict[ItemForm, int] = {"what_happens": 1, "compare": 2, "choose": 2, "find_wrong": 2}
"""Words by which a wrong option of another document shows that it is of the question's topic."""
_SHAPES = (
    (r"^--?[A-Za-z]", "flag"),
    (r"^[\[({]", "bracket"),
    (r"^@", "decorator"),
    (r"^[\w.-]+=|^[\w.:]+\(.*\)$", "name"),
    (r"\s", "phrase"),
    (r"^[\"'].*[\"']$", "text"),
    (r"^<.*>$", "element"),
    (r"^\.\w+$", "ending"),
    (r"^(?:True|False|None|true|false|null|nil|undefined)$", "value"),
    (r"^(?:int|str|float|bool|bytes|list|dict|tuple|set|object|string|number|integer|boolean|Any)$", "type"),
    (r"(?:Error|Exception|Warning)$", "exception"),
    (
        r"/|\.(?:py|js|mjs|ts|rs|go|md|rst|txt|json|ya?ml|toml|cfg|ini|sh|html?|css|xml|lock|env|conf|log|csv|proto)$",
        "path",
    ),
    (r"[{}$%*:\\]", "template"),
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_MEASURE = re.compile(r"[^\w]*v?\d+(?:\.\d+)*\s*(?:%|[a-zA-Z]{0,12})")
_JOINED = re.compile(r"[_.\-/]|(?<=[a-z0-9])(?=[A-Z])")
_SIGNS = re.compile(r"[^\w\s.-]")


def ask_choice(
    form: ItemForm,
    one: TaughtSection,
    said: TaughtText,
    stems: Sequence[str],
    key: Choice,
    candidates: Collection[Choice],
    *,
    ranked: bool = False,
    lines: bool = False,
) -> Iterator[Question]:
    """A choice between the key and its best distractors by the first of several stems; nothing where too few fit.

    Candidates that are not `ranked` are taken by their likeness to the stem. The first set that gives no clue is taken.
    Whole `lines` of code are of one kind, whatever they look like.
    The feedback of each says what the option really is.
    """
    backed = _back(one, said, key)
    key = backed or key
    own = replace(key, feedback=f"Right: {key.feedback}", is_key=True)
    for stem in stems if backed and not _is_loaded(key.text) else ():
        others = candidates if ranked else rank_by_likeness(stem, candidates)
        chosen = _choose(form, stem, own, _list_fit(form, one, said, stem, key, others, lines))
        if chosen:
            this = key.feedback.endswith(" this.")
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
            return


def _list_fit(
    form: ItemForm,
    one: TaughtSection,
    said: TaughtText,
    stem: str,
    key: Choice,
    candidates: Iterable[Choice],
    lines: bool = False,
) -> list[Choice]:
    """The first candidates that are of the key's kind and no answers; some are kept for those longer than the key."""
    cited = _read_lines(one, key.spans)
    fit: list[Choice] = []
    long = 0
    for other in candidates:
        longer = len(show_plain(other.text)) >= len(show_plain(key.text))
        if (len(fit) - long < _MOST_SHORT or (longer and long < _MOST_LONG)) and (
            _is_akin(form, key.text, other.text, lines)
            and not _is_loaded(other.text)
            and (form not in _FEWEST_SHARED or _is_near(one, stem, other, _FEWEST_SHARED[form]))
            and not any(_is_same(form, other.text, known.text, lines) for known in fit)
            and not _stands_in(other.text, cited)
            and not said.also_answers(other.text, stem, (*other.spans, *key.spans))
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


def _is_near(one: TaughtSection, stem: str, other: Choice, fewest: int) -> bool:
    """Whether a wrong option is of the question's topic: its lines stand in the document, or it shares words."""
    shared = split_words(stem) & split_words(f"{other.text} {other.feedback}")
    return any(span.path == one.path for span in other.spans) or len(shared) >= fewest


def _choose(form: ItemForm, stem: str, key: Choice, fit: Sequence[Choice]) -> tuple[Choice, ...] | None:
    """The first three or two of the options that give no clue: no length, words or likeness by which to guess."""
    if len(fit) < _FEWEST - 1:
        return None
    values = form == "predict_output"
    likely = fit if values or form == "fill_call" else _find_likely(stem, key, fit)
    clues = {o: (len(show_plain(o.text)), count_shared(stem, o.text)) for o in (key, *fit)}
    length, shared = clues[key]
    fair = [
        others
        for count in (_MOST - 1, _FEWEST - 1)
        for others in combinations(fit, count)
        if any(clues[o][1] >= shared for o in others)
        and any(o in likely for o in others)
        and (not values or any(o.text.count(",") == key.text.count(",") for o in others))
    ]
    level = (others for others in fair if any(clues[o][0] >= length for o in others))
    found = next((o for o in islice(level, _MOST_SETS) if not _list_flaws(stem, (key, *o))), None)
    short = fair[:_MOST_SETS] if values and not found else ()
    return found or next((o for o in short if _list_flaws(stem, (key, *o)) <= {_LONGEST}), None)


@lru_cache(maxsize=4096)
def _is_loaded(text: str) -> bool:
    """Whether an option has an absolute or vague word, which tells something of its own."""
    item = _as_item("", [text])
    return any(CRITERIA[name](item) for name in ("absolute term", "vague term"))


def rank_by_likeness(stem: str, candidates: Iterable[Choice]) -> list[Choice]:
    """Those that share most with the stem first: a guesser who goes by likeness then misses the key."""
    return sorted(candidates, key=lambda other: (-count_shared(stem, other.text), digest(stem + other.text)))


def _arrange(options: Sequence[Choice], stem: str) -> tuple[Choice, ...]:
    """Numbers by size, all else by a hash of the content."""
    numbers = {option: _MEASURE.fullmatch(show_plain(option.text)) for option in options}
    if all(numbers.values()):
        return tuple(sorted(options, key=lambda option: [int(n) for n in re.findall(r"\d+", show_plain(option.text))]))
    return tuple(sorted(options, key=lambda option: digest(stem + option.text)))


def stands_in(one: TaughtSection, text: str, span: Span) -> bool:
    """Whether a text stands in the section's lines, as a gate will look for it."""
    return _stands_in(text, _read_lines(one, [span]))


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


def mean_alike(one: str, other: str, least: float) -> bool:
    """Whether two texts are as near in meaning as `least` (-1..1), as far as word vectors tell."""
    return float(likeness(_vector(one), _vector(other))[0, 0]) >= least


@lru_cache(maxsize=4096)
def _vector(text: str) -> Vectors:
    return embed([show_plain(text)])


def describe_shape(name: str) -> str:
    """The sort of a name by its looks: flag, call, constant, path, class, name; a text outside code is a term."""
    plain = show_plain(name)
    if not name.startswith("`"):
        return "term"
    shape = next((shape for pattern, shape in _SHAPES if re.search(pattern, plain)), "name")
    return f"{shape} {plain.split()[0]}" if shape == "phrase" else shape


def digest(text: str) -> str:
    """Chance that is the same on every machine."""
    return hashlib.sha256(text.encode()).hexdigest()


def _is_akin(form: ItemForm, key: str, other: str, lines: bool) -> bool:
    plain, size = show_plain(other), max(1, len(show_plain(key)))
    return (
        bool(plain)
        and _is_prose(key) == _is_prose(other)
        and (_is_prose(key) or describe_form(key) == describe_form(other))
        and (form == "predict_output" or lines or describe_shape(key) == describe_shape(other))
        and (_LEAST_RATIO <= len(plain) / size <= _MOST_RATIO or bool(_NUMBER.fullmatch(plain)))
        and not _is_same(form, key, other, lines)
    )


def _is_prose(text: str) -> bool:
    return describe_form(text) in ("phrase", "sentence")


def _is_same(form: ItemForm, one: str, other: str, lines: bool = False) -> bool:
    """Whether two texts may stand for the same thing: equal, a call of the same name, or the same words.

    Whole `lines` of code and outputs with fields are the same only if they are equal.
    """
    a, b = normal(one).strip("`()@-. "), normal(other).strip("`()@-. ")
    if lines or (form == "predict_output" and "=" in a):
        return a == b
    if a == b or (one.startswith("`") and a.split("(")[0] == b.split("(")[0]):
        return True
    if _NUMBER.fullmatch(a) and _NUMBER.fullmatch(b):
        return float(a) == float(b)
    return not _SIGNS.search(a + b) and sorted(list_words(a)) == sorted(list_words(b))


def _find_likely(stem: str, key: Choice, others: Sequence[Choice]) -> list[Choice]:
    """The options that are more like the stem than the key is; for half of the stems all count as such.

    Otherwise the key would never be the likeliest option, which is a clue too.
    """
    if int(digest(stem), 16) % 2:
        return list(others)
    vectors = embed([show_plain(text) for text in (stem, key.text, *(other.text for other in others))])
    own, *ratings = likeness(vectors[1:], vectors[:1])[:, 0]
    return [other for other, rating in zip(others, ratings, strict=True) if rating >= own]


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
