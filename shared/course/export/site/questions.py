"""Assessment items as questions a page can put and check."""

import json
from dataclasses import dataclass

from markupsafe import Markup

from shared.course.assessment_markdown import instruction, shown_options
from shared.course.export.lesson_html import PageLinks, mark_html, render_inline, render_markdown
from shared.course.model import Item


@dataclass(frozen=True)
class Choice:
    """An option as shown; `text` is sanitised HTML."""

    letter: str
    id: str
    text: Markup


@dataclass(frozen=True)
class Question:
    """An item on a page. `key` is JSON: option ids (in order for an ordering) or accepted texts.

    `answers` are the right options as HTML, or the accepted texts, for those who read without a script.
    """

    number: int
    id: str
    kind: str
    instruction: str
    stem: Markup
    choices: tuple[Choice, ...]
    key: str
    answers: tuple[Markup, ...]
    explanation: Markup
    marks: Markup

    @property
    def is_written(self) -> bool:
        """True where the learner types the answer."""
        return self.kind in ("cloze", "short_answer")


def build_question(number: int, item: Item, links: PageLinks) -> Question:
    """The question of an item; headings in a stem would break the page's outline, so none are expected there."""
    choices = [Choice(letter, option_id, _text(text, links)) for letter, option_id, text in shown_options(item)]
    by_id = {choice.id: choice.text for choice in choices}
    is_written = item.kind in ("cloze", "short_answer")
    # The key order of an ordering is the answer; elsewhere the right options are shown in the order of the page.
    right = item.right if is_written or item.kind == "ordering" else [id_ for id_ in by_id if id_ in set(item.right)]
    cited = [citation_id for citation_id in item.citation_ids if citation_id in links.marks]
    return Question(
        number=number,
        id=item.id,
        kind=item.kind,
        instruction=instruction(item),
        stem=render_markdown(item.stem, links).html,
        choices=tuple(choices),
        key=json.dumps(item.right, ensure_ascii=False),
        answers=tuple(Markup.escape(key) if is_written else by_id[key] for key in right if is_written or key in by_id),
        explanation=render_markdown(item.explanation, links).html,
        marks=Markup("").join(mark_html(citation_id, links.marks) for citation_id in cited),
    )


def _text(text: str, links: PageLinks) -> Markup:
    return render_markdown(text, links).html if "\n" in text.strip() else render_inline(text, links)
