"""Assessment items as Markdown: the questions first, the answers together at the end."""

from collections.abc import Iterable, Sequence

from shared.course.model import Item, Option

_INSTRUCTIONS = {
    "single_choice": "Choose one answer.",
    "multiple_choice": "Choose every answer that fits.",
    "true_false": "True or false?",
    "cloze": "Fill in the blank.",
    "ordering": "Put these in the right order.",
    "short_answer": "Answer in a few words.",
}


def render_assessment(items: Sequence[Item], heading_level: int = 3) -> str:
    """Questions and an "Answers" section as CommonMark; "" without items.

    Headings start at `heading_level`. Answers carry the items' citations as footnote marks `[^ID]`.
    """
    if not items:
        return ""
    mark = "#" * heading_level
    questions = [_question(number, item, mark) for number, item in enumerate(items, start=1)]
    answers = [_answer(number, item) for number, item in enumerate(items, start=1)]
    return "\n\n".join([*questions, f"{mark} Answers", "\n".join(answers)]) + "\n"


def instruction(item: Item) -> str:
    """The task of the learner, in one sentence."""
    return _INSTRUCTIONS[item.kind]


def option_letter(position: int) -> str:
    """A for 0, B for 1, …, Z for 25, AA for 26."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def shown_options(item: Item) -> list[tuple[str, str, str]]:
    """(letter, option id, text) as shown. Steps stored in their right order are turned, so the order is no answer."""
    options = list(item.options)
    if item.kind == "true_false" and not options:
        options = [Option(id="true", text="True"), Option(id="false", text="False")]
    if item.kind == "ordering" and [option.id for option in options] == item.right:
        middle = (len(options) + 1) // 2
        options = options[middle:] + options[:middle]
    return [(option_letter(position), option.id, option.text) for position, option in enumerate(options)]


def _question(number: int, item: Item, mark: str) -> str:
    parts = [f"{mark} Question {number}", item.stem.strip(), f"*{instruction(item)}*"]
    options = [_indent(f"- **{letter}.** {text}", 2) for letter, _, text in shown_options(item)]
    return "\n\n".join([*parts, "\n".join(options)] if options else parts)


def _answer(number: int, item: Item) -> str:
    marks = "".join(f"[^{citation_id}]" for citation_id in item.citation_ids)
    lead = f"{number}. **{answer_text(item)}**"
    explanation = item.explanation.strip()
    return _indent(f"{lead} {explanation}{marks}" if explanation else f"{lead}{marks}", len(f"{number}. "))


def answer_text(item: Item) -> str:
    """The key in words: letters of the options ("B", "A, C", "C → A → B"), or the accepted texts as code spans."""
    letters = {option_id: letter for letter, option_id, _ in shown_options(item)}
    if item.kind == "ordering":
        return " → ".join(_known(letters, item.right))
    if item.kind in ("cloze", "short_answer"):
        return " or ".join(_code_span(text) for text in item.right)
    if item.kind == "true_false":
        texts = {option.id: option.text for option in item.options}
        return ", ".join(texts.get(key, key).strip().capitalize() for key in item.right)
    return ", ".join(sorted(_known(letters, item.right), key=lambda letter: (len(letter), letter)))


def _known(letters: dict[str, str], key: Iterable[str]) -> list[str]:
    return [letters[option_id] for option_id in key if option_id in letters]


def _code_span(text: str) -> str:
    ticks = "`"
    while ticks in text:
        ticks += "`"
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _indent(text: str, columns: int) -> str:
    """Keeps the lines after the first inside the list item that the first one opens."""
    if "\n" not in text:
        return text
    first, *rest = text.split("\n")
    return "\n".join([first, *(f"{' ' * columns}{line}" if line.strip() else "" for line in rest)])
