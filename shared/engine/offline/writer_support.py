"""Whether cited lines hold what a sentence says, asked before the sentence is used and by the same rules as after."""

from shared.course.anchors import find_anchors, found_in
from shared.course.plain_text import show_plain
from shared.course.wording import stem_content_words


def is_supported(text: str, lines: str, language: str = "en") -> bool:
    """Whether each anchor of the sentence stands in the lines, and so do most of its content words."""
    if text.rstrip(".") in " ".join(lines.split()):
        return True  # word for word, as most sentences are
    if not all(found_in(anchor, lines) for anchor in find_anchors(text)):
        return False
    words = set(stem_content_words(show_plain(text), language))
    return not words or 2 * len(words & set(stem_content_words(lines, language))) >= len(words)
