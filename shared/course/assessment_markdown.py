"""Assessment items as Markdown: the questions first, the answers together at the end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.course.model import Item, Option
from shared.docs.code_spans import code_span

_INSTRUCTIONS = {
    "single_choice": "Choose one answer.",
    "multiple_choice": "Choose every answer that fits.",
    "true_false": "True or false?",
    "cloze": "Fill in the blank.",
    "ordering": "Put these in the right order.",
    "matching": "Give each name the text that belongs to it.",
    "short_answer": "Answer in a few words.",
}
_RESULT = "Write the result. Spaces and kinds of quotation marks do not matter."


@dataclass(frozen=True)
class ShownOption:
    """An option as a page shows it. `letter` is a number for the terms of a matching item."""

    letter: str
    option: Option


def render_assessment(items: Sequence[Item]) -> str:
    """Questions and an "Answers" section as CommonMark, with headings of level 3; "" without items.

    Answers carry the items' citations as footnote marks `[^ID]`.
    """
    return f"{render_questions(items)}\n\n### Answers\n\n{render_answers(items)}\n" if items else ""


def render_questions(items: Sequence[Item]) -> str:
    """The questions alone, each below a heading with its number."""
    return "\n\n".join(_question(number, item) for number, item in enumerate(items, start=1))


def render_answers(items: Sequence[Item]) -> str:
    """The answers alone, as a numbered list; what is said of each option stands below its answer."""
    return "\n".join(_answer(number, item) for number, item in enumerate(items, start=1))


def instruction(item: Item) -> str:
    """The task of the learner, in one sentence."""
    return _RESULT if item.asks_result else _INSTRUCTIONS[item.kind]


def option_letter(position: int) -> str:
    """A for 0, B for 1, …, Z for 25, AA for 26."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def shown_options(item: Item) -> list[ShownOption]:
    """The options as shown. What is stored in its right order is turned, so that the order is no answer."""
    options = list(item.options)
    if item.kind == "true_false" and not options:
        options = [Option(id="true", text="True"), Option(id="false", text="False")]
    if item.kind == "matching":
        terms, texts = split_matching(item)
        numbered = [ShownOption(str(number), term) for number, term in enumerate(terms, start=1)]
        return numbered + [ShownOption(option_letter(at), text) for at, text in enumerate(texts)]
    if item.kind == "ordering":
        options = _turn_from(options, item.groups)
    return [ShownOption(option_letter(position), option) for position, option in enumerate(options)]


def split_matching(item: Item) -> tuple[list[Option], list[Option]]:
    """The terms of a matching item, and its texts in an order that is not that of the terms."""
    right = {pair[0]: pair[1] for pair in item.groups}
    terms = [option for option in item.options if option.id in right]
    texts = [option for option in item.options if option.id not in right]
    return terms, _turn_from(texts, [[right[term.id] for term in terms]])


def _turn_from(options: list[Option], orders: Sequence[Sequence[str]]) -> list[Option]:
    """The options as they are, else turned so far that their order is none of `orders`."""
    middle = (len(options) + 1) // 2
    turns = [0, *range(middle, len(options)), *range(1, middle)]
    turned = [options[by:] + options[:by] for by in turns]
    right = [list(order) for order in orders]
    free = (one for one in [*turned, options[::-1]] if [option.id for option in one] not in right)
    return next(free, options)


def _question(number: int, item: Item) -> str:
    parts = [f"### Question {number}", item.stem.strip(), f"*{instruction(item)}*"]
    options = [_indent(f"- **{shown.letter}.** {shown.option.text}", 2) for shown in shown_options(item)]
    return "\n\n".join([*parts, "\n".join(options)] if options else parts)


def _answer(number: int, item: Item) -> str:
    pad = len(f"{number}. ")
    lead = f"{number}. **{answer_text(item)}**"
    explanation = own_explanation(item)
    marks = _marks(item.citation_ids)
    lines = [_indent(f"{lead} {explanation}{marks}" if explanation else f"{lead}{marks}", pad)]
    for shown in shown_options(item):
        if shown.option.feedback.strip():
            told = f"- **{shown.letter}.** {shown.option.feedback.strip()}{_marks(shown.option.citation_ids)}"
            lines.append(" " * pad + _indent(told, pad + 2))
    return "\n".join(lines)


def own_explanation(item: Item) -> str:
    """The explanation, or "" where the feedback of the options says the same already."""
    told = " ".join(option.feedback for option in item.options)
    explanation = item.explanation.strip()
    parts = [part.strip(" .") for part in explanation.split("; ")]
    return "" if told and all(part in told for part in parts) else explanation


def _marks(citation_ids: Iterable[str]) -> str:
    return "".join(f"[^{citation_id}]" for citation_id in citation_ids)


def answer_text(item: Item) -> str:
    """The key in words: "B", "A, C", "C → A → B or C → B → A", "1 B, 2 A", or the accepted texts as code spans."""
    letters = {shown.option.id: shown.letter for shown in shown_options(item)}
    if item.kind == "ordering":
        return " or ".join(" → ".join(_known(letters, order)) for order in item.groups)
    if item.kind == "matching":
        return ", ".join(" ".join(_known(letters, pair)) for pair in item.groups)
    if item.kind in ("cloze", "short_answer"):
        return " or ".join(code_span(text) for text in item.right)
    if item.kind == "true_false":
        texts = {option.id: option.text for option in item.options}
        return ", ".join(texts.get(key, key).strip().capitalize() for key in item.right)
    return ", ".join(sorted(_known(letters, item.right), key=lambda letter: (len(letter), letter)))


def _known(letters: dict[str, str], key: Iterable[str]) -> list[str]:
    return [letters[option_id] for option_id in key if option_id in letters]


def _indent(text: str, columns: int) -> str:
    """Keeps the lines after the first inside the list item that the first one opens."""
    if "\n" not in text:
        return text
    first, *rest = text.split("\n")
    return "\n".join([first, *(f"{' ' * columns}{line}" if line.strip() else "" for line in rest)])
