"""Stems that make sense without the page at hand: what they are about comes first, and a negation stands out."""

import re
from collections.abc import Iterator

from services.modules.offline.items.options import split_words
from services.modules.offline.items.question import TaughtSection
from shared.course.item_kinds import is_languages_own, is_placeholder
from shared.course.plain_text import show_plain
from shared.docs.model import Section
from shared.engine.objectives import is_general
from shared.language.headings import clean_heading

_MOST_WORDS = 8
_NO_SCENE = re.compile(
    r"\b(?:how|what|why|when|where|using|getting|more|other|advanced|notes?|details|setup|readme|tips?|recap|summary|apis?|usage|behaviou?r|options?|parameters)\b|[.?!:]",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\d+(?:\.\d+)*\.?\s+")
_NOT = re.compile(r"(?<![`*\w])((?:\w+n['’]t|cannot|not|except|never|least|incorrect|false))(?![`*\w])")


def list_scenes(one: TaughtSection) -> Iterator[str]:
    """What a question about the section is about: headings that tell, the nearest first, the document's last."""
    by_id = {section.id: section for section in one.document.sections}
    section: Section | None = one.section
    while section is not None:
        heading = _NUMBER.sub("", section.heading)
        if _tells(heading):
            yield clean_heading(heading)
        section = by_id.get(str(section.parent))
    if _tells(one.document.title):
        yield clean_heading(one.document.title)


def _tells(heading: str) -> bool:
    words = len(heading.split())
    return 1 <= words <= _MOST_WORDS and not is_general(heading) and not _NO_SCENE.search(show_plain(heading))


def word_stems(one: TaughtSection, question: str, *, alone: bool = False) -> list[str]:
    """Ways to ask a question, begun in lower case: after what it is about, or `alone` if it names enough itself."""
    asked, words = _NOT.sub(r"**\1**", question), split_words(question)
    stems = [f"{scene}: {asked}" for scene in dict.fromkeys(list_scenes(one)) if not words & split_words(scene)]
    if alone:
        stems.append(asked[0].upper() + asked[1:])
    return stems


def is_no_own_name(name: str) -> bool:
    """Whether a name is a language's own or made up for an example: nobody is asked for such a name."""
    return is_placeholder(name) or is_languages_own(name, "")
