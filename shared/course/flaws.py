"""Item-writing flaws that rules can see: the nineteen criteria item writers are taught, each a small detector.

A detector is pure and sees one item. Where a criterion is a matter of kind (a true/false item is no flaw where the
format has that kind), it applies to the items of a choice only.
"""

import re
from collections.abc import Callable

from shared.course.model import Item
from shared.course.plain_text import show_folded, show_plain, show_prose
from shared.course.wording import list_words, points_back, stem_content_words

CHOICE_KINDS = frozenset({"single_choice", "multiple_choice"})
LONGEST_STEM_WORDS = 60

_ABSOLUTE = re.compile(
    r"\b(?:always|never|all|none|every|everything|nothing|only|entirely|completely|impossible)\b", re.IGNORECASE
)
_VAGUE = re.compile(
    r"\b(?:often|usually|frequently|sometimes|occasionally|rarely|seldom|generally|typically|commonly|normally|mostly"
    r"|probably|possibly|likely)\b",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(r"\b(?:not|except|least|isn't|aren't|doesn't|don't|cannot|can't|won't|never|incorrect|false)\b")
_ALL_OF = re.compile(
    r"\b(?:all|both|any) (?:of )?(?:the|these|them|those)\b(?: (?:above|below|options|answers))?\s*$", re.IGNORECASE
)
_NONE_OF = re.compile(
    r"\b(?:none|neither) (?:of )?(?:the|these|them|those)\b(?: (?:above|below|options|answers))?\s*$", re.IGNORECASE
)
_COMPLEX = re.compile(
    r"^(?:both |only )?(?:[a-h]|\d|i{1,3}|iv)(?:\s*(?:,|and|&|\+|or)\s*(?:[a-h]|\d|i{1,3}|iv))+$", re.IGNORECASE
)
_TRUTH = re.compile(r"^(?:true|false|yes|no|correct|incorrect|right|wrong)\b", re.IGNORECASE)
_BLANK = re.compile(r"_{3,}|…{2,}|\.{4,}|\[(?:blank|\s*)\]")
_INSTRUCTION = re.compile(
    r"(?:^|[.:!]\s+)(?:choose|select|pick|put|order|arrange|sort|complete|fill|match|name|mark|find|identify|decide|write"
    r"|type|give|true or false|tell)\b",
    re.IGNORECASE,
)
_UNFOCUSED = re.compile(
    r"^which (?:one )?(?:of (?:the following|these) )?(?:(?:statement|option|answer|sentence)s? )?(?:is|are) "
    r"(?:true|correct|right|valid)\s*\?*$",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"^[^\w]*v?(\d+(?:\.\d+)*)\s*(?:%|[a-zA-Z]{0,12})$")
_CODE, _FEWEST_WORDS = re.compile(r"[(){}=<>;$]|\w[._]\w|^--?\w"), 3
_VOWEL = re.compile(r"^[aeiou]", re.IGNORECASE)


def find_flaws(item: Item) -> tuple[str, ...]:
    """Names of the criteria an item breaks, in the rubric's order."""
    return tuple(name for name, detect in CRITERIA.items() if detect(item))


def _keyed(item: Item) -> list[str]:
    return [option.text for option in item.options if option.id in item.right]


def _distractors(item: Item) -> list[str]:
    return [option.text for option in item.options if option.id not in item.right]


def _is_choice(item: Item) -> bool:
    return item.kind in CHOICE_KINDS


def _is_ambiguous(item: Item) -> bool:
    stem = show_plain(item.stem)
    prose = show_prose(_without_code_blocks(item.stem))
    return not stem or (points_back(stem) and not stem.endswith("?")) or bool(re.search(r"\?\s*\?|\(\s*\)", prose))


def _has_implausible_distractor(item: Item) -> bool:
    if not _is_choice(item):
        return False
    texts = _distractors(item)
    if any(not show_folded(text) for text in texts) or len(item.options) < 3:
        return True
    forms = [describe_form(text) for text in texts]
    keys = {describe_form(text) for text in _keyed(item)}
    return len(forms) > 1 and any(form not in keys and forms.count(form) == 1 for form in forms)


def _has_none_of_the_above(item: Item) -> bool:
    return any(_NONE_OF.search(show_plain(option.text)) for option in item.options)


def _has_longest_key(item: Item) -> bool:
    if not _is_choice(item) or not _distractors(item) or not _keyed(item):
        return False
    longest = max(len(show_plain(text)) for text in _distractors(item))
    return min(len(show_plain(text)) for text in _keyed(item)) > longest


def _has_gratuitous_stem(item: Item) -> bool:
    return _is_choice(item) and len(show_prose(_without_code_blocks(item.stem)).split()) > LONGEST_STEM_WORDS


def _is_true_false_in_disguise(item: Item) -> bool:
    return _is_choice(item) and bool(item.options) and all(_TRUTH.match(show_plain(o.text)) for o in item.options)


def _has_convergence(item: Item) -> bool:
    """The key shares most with the other options, so a guesser finds it by counting."""
    if item.kind != "single_choice" or len(item.options) < 3:
        return False
    words = {option.id: set(list_words(show_plain(option.text))) for option in item.options}
    scores = {i: sum(len(words[i] & words[j]) for j in words if j != i) for i in words}
    others = [score for i, score in scores.items() if i not in item.right]
    own = [score for i, score in scores.items() if i in item.right]
    return bool(own and others) and own[0] > max(others) and own[0] >= 2


def _has_logical_cue(item: Item) -> bool:
    """The key alone has its form: the one piece of code among words, the one number, the one sentence."""
    if item.kind != "single_choice" or len(item.options) < 3:
        return False
    keys = {describe_form(text) for text in _keyed(item)}
    return not any(describe_form(text) in keys for text in _distractors(item))


def _has_all_of_the_above(item: Item) -> bool:
    return any(_ALL_OF.search(show_plain(option.text)) for option in item.options)


def _has_blank_inside(item: Item) -> bool:
    if not _is_choice(item):
        return False
    stem = _without_code_blocks(item.stem).rstrip()
    return any(stem[found.end() :].strip(" .`*?!)\"'") for found in _BLANK.finditer(stem))


def _has_absolute_term(item: Item) -> bool:
    return _is_choice(item) and any(_ABSOLUTE.search(show_prose(option.text)) for option in item.options)


def _repeats_stem_word(item: Item) -> bool:
    """A content word of the stem's prose stands in the key and in no other option; code is there to be read."""
    if item.kind != "single_choice":
        return False
    stem = set(stem_content_words(show_plain(_without_code_blocks(item.stem))))
    key = {word for text in _keyed(item) for word in stem_content_words(show_plain(text))}
    others = {word for text in _distractors(item) for word in stem_content_words(show_plain(text))}
    return bool((stem & key) - others)


def _has_unfocused_stem(item: Item) -> bool:
    stem = show_plain(_without_code_blocks(item.stem)).strip()
    if _UNFOCUSED.match(stem) or len(stem.split()) < 3:
        return True
    return item.kind != "true_false" and not ("?" in stem or _BLANK.search(stem) or _INSTRUCTION.search(stem))


def _is_complex(item: Item) -> bool:
    return _is_choice(item) and any(_COMPLEX.match(show_folded(option.text)) for option in item.options)


def _has_grammatical_cue(item: Item) -> bool:
    """An article before the gap that only some of the options fit."""
    if not _is_choice(item):
        return False
    found = re.search(r"\b(an?)\s*(?:`*_{3,}`*)?\s*[?.:]?\s*$|\b(an?)\s+`*_{3,}", show_prose(item.stem), re.IGNORECASE)
    if not found:
        return False
    wants_vowel = (found.group(1) or found.group(2)).lower() == "an"
    fits = {bool(_VOWEL.match(show_plain(option.text))) == wants_vowel for option in item.options}
    return False in fits


def _loses_sequence(item: Item) -> bool:
    if not _is_choice(item):
        return False
    found = [_NUMERIC.match(show_plain(option.text)) for option in item.options]
    values = [tuple(int(part) for part in match.group(1).split(".")) for match in found if match]
    return len(values) == len(item.options) > 1 and values not in (sorted(values), sorted(values, reverse=True))


def _has_vague_term(item: Item) -> bool:
    texts = [item.stem, *(option.text for option in item.options)] if _is_choice(item) else [item.stem]
    return any(_VAGUE.search(show_prose(_without_code_blocks(text))) for text in texts)


def _has_several_answers(item: Item) -> bool:
    texts = [show_folded(option.text) for option in item.options]
    if len(set(texts)) != len(texts):
        return True
    return item.kind in ("single_choice", "true_false") and len(_keyed(item)) != 1


def _has_unmarked_negative(item: Item) -> bool:
    """A lower-case "not" in plain type is overlooked; NOT or bold is not."""
    stem = re.sub(r"\*\*[^*]+\*\*", " ", _without_code_blocks(item.stem))
    stem = re.sub(r"^\s*true or false", "", show_prose(stem), flags=re.IGNORECASE)
    return bool(_NEGATIVE.search(stem))


def _without_code_blocks(text: str) -> str:
    return re.sub(r"^(?:```|~~~).*?^(?:```|~~~)\s*$", " ", text, flags=re.DOTALL | re.MULTILINE)


def describe_form(text: str) -> str:
    """The outward form of an option: number, code, word, phrase or sentence; a sentence may name some code."""
    plain, prose = show_plain(text), show_prose(text).strip(" .,()")
    if _NUMERIC.match(plain):
        return "number"
    if not prose or _CODE.search(prose if len(prose.split()) >= _FEWEST_WORDS else plain):
        return "code"
    words = len(plain.split())
    if words <= 3:
        return "term"
    return "sentence" if words > 7 or plain.endswith(".") else "phrase"


CRITERIA: dict[str, Callable[[Item], bool]] = {
    "ambiguous or unclear": _is_ambiguous,
    "implausible distractor": _has_implausible_distractor,
    "none of the above": _has_none_of_the_above,
    "longest option is the key": _has_longest_key,
    "gratuitous information": _has_gratuitous_stem,
    "true/false options": _is_true_false_in_disguise,
    "convergence": _has_convergence,
    "logical cue": _has_logical_cue,
    "all of the above": _has_all_of_the_above,
    "fill in the blank": _has_blank_inside,
    "absolute term": _has_absolute_term,
    "word repeated in the key": _repeats_stem_word,
    "unfocused stem": _has_unfocused_stem,
    "complex options": _is_complex,
    "grammatical cue": _has_grammatical_cue,
    "lost sequence": _loses_sequence,
    "vague term": _has_vague_term,
    "more than one answer": _has_several_answers,
    "negative stem unmarked": _has_unmarked_negative,
}
