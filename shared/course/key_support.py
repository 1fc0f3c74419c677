"""Whether an item's key follows from the lines it cites, and whether another option follows from them too."""

import re
from collections.abc import Iterator

from shared.course.anchors import Anchor, found_in
from shared.course.cited_text import read_variants
from shared.course.evidence import Evidence
from shared.course.model import Item
from shared.course.plain_text import show_folded, show_plain
from shared.course.wording import stem_content_words

KEY_WORDS_SHARE = 0.75
_GAP = re.compile(r"`?_{3,}`?|\[blank\]|…")


def find_key_problem(item: Item, evidence: Evidence) -> str | None:
    """Why the key is not supported by the cited lines, or None."""
    texts = evidence.texts(item.citation_ids)
    if not item.citation_ids or not texts:
        return "an item without a citation that resolves"
    known = {option.id: option.text for option in item.options}
    if not item.key:
        return "an item without a key"
    match item.kind:
        case "cloze" | "short_answer":
            return _check_text(item, evidence, texts)
        case "true_false":
            return _check_truth(item, known, evidence)
        case "ordering":
            return _check_order(item, known, texts)
        case "matching":
            return _check_pairs(item, known, evidence)
        case _:
            for key in item.right:
                if key not in known:
                    return f"a key that names no option: {key}"
                if not _supports(known[key], item.citation_ids, evidence):
                    return _unsupported(known[key])
            return None


def find_worked_problem(item: Item, evidence: Evidence) -> str | None:
    """As find_key_problem where the key is worked out of cited lines: they have its names, and the explanation comes
    to it, word for word. Wrong options may be named on the way.
    """
    if not evidence.texts(item.citation_ids):
        return "an item without a citation that resolves"
    known = {option.id: option.text for option in item.options}
    keys = [known.get(key, key) for key in item.right]
    if item.kind not in ("single_choice", "short_answer") or (item.kind == "single_choice" and len(keys) != 1):
        return "only a choice of one or a gap can be worked out"
    for key in keys:
        if evidence.find_missing_names(key, item.citation_ids):
            return _unsupported(key)
    if _find_last({*known.values(), *keys}, item.explanation) not in keys:
        return f"the last option that the explanation names has to be the key, word for word: {show_plain(keys[0])}"
    return None


def _find_last(options: set[str], explanation: str) -> str:
    """The option that a text names last. An option that is part of a longer one in its place is not named there."""
    shown = show_folded(explanation)
    named: list[tuple[int, str]] = []
    for option in sorted(options, key=lambda text: (-len(show_folded(text)), text)):
        whole = re.compile(rf"(?<!\w){re.escape(show_folded(option))}(?!\w)")
        named += [(found.end(), option) for found in whole.finditer(shown)]
        shown = whole.sub(lambda found: "\0" * len(found[0]), shown)
    return max(named, default=(0, ""))[1]


def find_second_answers(item: Item, evidence: Evidence) -> Iterator[str]:
    """Distractors of a choice that stand in the cited lines themselves, or equal a key."""
    if item.kind not in ("single_choice", "multiple_choice"):
        return
    texts = evidence.texts(item.citation_ids)
    keys = {show_folded(option.text) for option in item.options if option.id in item.right}
    for option in item.options:
        if option.id not in item.right and (show_folded(option.text) in keys or _stands_in(option.text, texts)):
            yield option.text


def _unsupported(text: str) -> str:
    return f"the cited lines do not give the key: {show_plain(text)}"


def _stands_in(text: str, sources: list[str]) -> bool:
    """Whether a text stands in a source, letter case and a last full stop aside, as whole words."""
    wanted = show_folded(text)
    return bool(wanted) and any(found_in(Anchor("quote", wanted), source.lower()) for source in sources)


def _supports(text: str, citation_ids: list[str], evidence: Evidence) -> bool:
    """Whether cited lines hold a text, word for word or all its names and most of its words."""
    if _stands_in(text, evidence.texts(citation_ids)):
        return True
    if len(stem_content_words(show_plain(text))) < 3 or evidence.find_missing(text, citation_ids):
        return False
    return evidence.measure_recall(text, citation_ids, margin=False) >= KEY_WORDS_SHARE


def _check_text(item: Item, evidence: Evidence, texts: list[str]) -> str | None:
    """An accepted text stands in the cited lines, and so does the sentence around a cloze's gap."""
    if not any(_stands_in(text, texts) for text in item.right):
        return _unsupported(item.right[0])
    sentence = _GAP.sub(" ", strip_question(item.stem))
    missing = evidence.find_missing(sentence, item.citation_ids) if item.kind == "cloze" else ()
    return f"the cited lines do not have {missing[0].text} of the stem" if missing else None


def _check_truth(item: Item, known: dict[str, str], evidence: Evidence) -> str | None:
    """A true statement has all its anchors and words in the cited lines; a false one has something that is not."""
    answer = known.get(item.right[0], item.right[0]).strip().lower()
    if answer not in ("true", "false"):
        return f"a key that is neither true nor false: {answer}"
    statement = strip_question(item.stem)
    missing = evidence.find_missing(statement, item.citation_ids)
    recall = evidence.measure_recall(statement, item.citation_ids, margin=False)
    if answer == "true" and (missing or recall < KEY_WORDS_SHARE):
        return "keyed true, and the cited lines do not say so"
    if answer == "false" and not missing and recall >= 1.0:
        return "keyed false, and the cited lines say all of it"
    return None


def strip_question(stem: str) -> str:
    """The statement of a true/false stem, without the words that ask for a verdict."""
    head, colon, rest = stem.partition(":")
    return rest.strip() if colon and len(head.split()) <= 6 and rest.strip() else stem


def _check_order(item: Item, known: dict[str, str], texts: list[str]) -> str | None:
    """Each option stands in the cited lines, and one of the accepted orders is theirs."""
    orders = item.groups
    if any(sorted(order) != sorted(known) for order in orders):
        return "an ordering whose key does not name each option once"
    for text in map(show_folded, known.values()):
        if not any(found_in(Anchor("quote", text), source.lower()) for source in texts):
            return _unsupported(text)
    variants = read_variants("\n".join(texts).lower())
    wanted = [[show_folded(known[key]) for key in order] for order in orders]
    if any(_stand_in_order(order, variant) for order in wanted for variant in variants):
        return None
    return "the cited lines have another order"


def _check_pairs(item: Item, known: dict[str, str], evidence: Evidence) -> str | None:
    """Each option belongs to one pair, and the lines of one citation have both halves of a pair."""
    paired = [key for pair in item.groups for key in pair]
    if sorted(paired) != sorted(known) or any(len(pair) != 2 for pair in item.groups):
        return "a matching whose pairs do not name each option once"
    if len({show_folded(text) for text in known.values()}) != len(known):
        return "a matching in which two texts are equal"
    cited = {option.id: option.citation_ids for option in item.options}
    for term, text in item.groups:
        texts = evidence.texts([*cited[term], *cited[text]] or item.citation_ids)
        both = (known[term], known[text])
        if not any(all(_stands_at(half, place) for half in both) for place in _list_places(texts)):
            return _unsupported(" – ".join(both))
    return None


def _stands_at(text: str, place: str) -> bool:
    """As `_stands_in`; code stands in the source as it is written, signs that are marks in a text as well."""
    code = text.strip("`") if text[:1] == "`" else ""
    is_written = bool(code) and bool(re.search(rf"(?<![\w.-]){re.escape(code)}(?!\w|\.\d)", place))
    return is_written or _stands_in(text, [place])


def _list_places(texts: list[str]) -> Iterator[str]:
    """The places of some lines that say one thing: a row of a table, else three lines that follow each other."""
    for text in texts:
        lines = text.split("\n")
        size = 1 if any("|" in line for line in lines) else 3
        yield from ("\n".join(lines[i : i + size]) for i in range(max(1, len(lines) - size + 1)))


def _stand_in_order(wanted: list[str], source: str) -> bool:
    position = 0
    for text in wanted:
        found = source.find(text, position)
        if found < 0:
            return False
        position = found + len(text)
    return True
