"""Assessment items as questions a page can put and check."""

import json
from dataclasses import dataclass, replace

from markupsafe import Markup

from shared.course.assessment_markdown import (
    ShownOption,
    instruction,
    own_explanation,
    shown_options,
    split_matching,
)
from shared.course.basis import strip_label
from shared.course.export.lesson_html import PageLinks, mark_html, render_inline, render_markdown
from shared.course.model import Item
from shared.course.plain_text import show_plain

from .shell import ModuleEntry

_FORMS = {
    "predict_output": "Predict the output",
    "choose": "Choose for a situation",
    "fill_call": "Fill the call",
    "find_wrong": "Find what is wrong",
    "what_happens": "What happens?",
    "compare": "Compare",
    "order": "Put in order",
    "match": "Match",
    "other": "",
}


@dataclass(frozen=True)
class Choice:
    """An option as shown; `text` and `feedback` are sanitised HTML, `plain` is for a list to choose from."""

    letter: str
    id: str
    text: Markup
    plain: str
    feedback: Markup
    marks: Markup


@dataclass(frozen=True)
class Question:
    """An item on a page.

    `anchor` is its id on the page and `stored` its name in the browser's storage: an item that is asked again in a
    later module is a question of its own there. `item` is the same for both, and names the plan of recall.
    `key` is JSON: option ids, accepted texts, accepted orders or pairs.
    `terms` are the first half of a matching item. `answers` are the right options as HTML, or the accepted texts, for
    readers without a script; of an ordering the first order, and `other_orders` in letters. `pairs` of a matching item.
    """

    number: int
    anchor: str
    stored: str
    item: str
    kind: str
    form: str
    instruction: str
    stem: Markup
    terms: tuple[Choice, ...]
    choices: tuple[Choice, ...]
    key: str
    answers: tuple[Markup, ...]
    other_orders: tuple[str, ...]
    pairs: tuple[tuple[Choice, Choice], ...]
    explanation: Markup
    marks: Markup
    taught_in: ModuleEntry | None = None

    @property
    def is_written(self) -> bool:
        """True where the learner types the answer."""
        return self.kind in ("cloze", "short_answer")

    @property
    def told(self) -> tuple[Choice, ...]:
        """The options that have something to say once the question is answered: the right one's words stand once."""
        key = json.loads(self.key)
        said = {_words(choice.feedback) for choice in self.choices if choice.id in key}
        told = (choice for choice in (*self.terms, *self.choices) if choice.feedback)
        return tuple(choice for choice in told if choice.id in key or _words(choice.feedback) not in said)


def build_question(number: int, item: Item, links: PageLinks) -> Question:
    """The question of an item; headings in a stem would break the page's outline, so none are expected there."""
    shown = [_choice(option, links) for option in shown_options(item)]
    by_id = {choice.id: choice for choice in shown}
    count = len(split_matching(item)[0]) if item.kind == "matching" else 0
    orders = item.groups if item.kind == "ordering" else []
    return Question(
        number=number,
        anchor=f"item-{item.id}",
        stored=item.id,
        item=item.id,
        kind=item.kind,
        form=_FORMS[item.form],
        instruction=instruction(item),
        stem=render_markdown(item.stem, links).html,
        terms=tuple(shown[:count]),
        choices=tuple(shown[count:]),
        key=json.dumps(orders or item.key, ensure_ascii=False),
        answers=tuple(_answers(item, by_id)),
        other_orders=tuple(" → ".join(by_id[one].letter for one in order if one in by_id) for order in orders[1:]),
        pairs=tuple((by_id[term], by_id[text]) for term, text in item.groups) if count else (),
        explanation=render_markdown(own_explanation(item), links).html,
        marks=_marks(item.citation_ids, links),
    )


def ask_again(number: int, item: Item, home: ModuleEntry, module_id: str, links: PageLinks) -> Question:
    """The question of an earlier module's item in a later module: answered anew, with the way back to its module."""
    asked = build_question(number, item, links)
    return replace(asked, anchor=f"recall-{item.id}", stored=f"{module_id}/{item.id}", taught_in=home)


def _answers(item: Item, by_id: dict[str, Choice]) -> list[Markup]:
    if item.kind in ("cloze", "short_answer"):
        return [Markup.escape(key) for key in item.right]
    if item.kind == "ordering":
        return [by_id[one].text for order in item.groups[:1] for one in order if one in by_id]
    right = set(item.right)
    return [choice.text for choice in by_id.values() if choice.id in right]


def _choice(shown: ShownOption, links: PageLinks) -> Choice:
    option = shown.option
    return Choice(
        shown.letter,
        option.id,
        _text(option.text, links),
        show_plain(option.text),
        _text(strip_label(option.feedback), links),
        _marks(option.citation_ids, links),
    )


def _words(feedback: Markup) -> str:
    """The feedback without "Right:" or "No:"."""
    return feedback.removeprefix("Right: ").removeprefix("No: ")


def _marks(citation_ids: list[str], links: PageLinks) -> Markup:
    return Markup("").join(mark_html(one, links.marks) for one in citation_ids if one in links.marks)


def _text(text: str, links: PageLinks) -> Markup:
    return render_markdown(text, links).html if "\n" in text.strip() else render_inline(text, links)
