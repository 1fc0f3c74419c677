"""Items made from facts: each builder gives a draft or nothing, and states which Bloom levels it can honestly claim."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from shared.course.model import Bloom, ItemKind, Option
from shared.course.plain_text import show_plain
from shared.course.wording import stem_content_words
from shared.engine.offline.items_facts import Fact
from shared.engine.offline.items_options import Candidate, choose_options, rank_distractors
from shared.engine.offline.lesson_parts import HeadedPart, clean_heading
from shared.engine.offline.writer_evidence import Span
from shared.engine.offline.writer_text import end_sentence, is_plain_title, strip_markup

_WORDINGS = (
    "Which {asks} fits this description: “{text}”?",
    "The documentation says of one {asks}: “{text}”. Which one is it?",
    "“{text}”: which {asks} does the documentation describe with these words?",
)
_DEFINITIONS = (
    "Which term means {text}?",
    "What is the term for {text}?",
    "Which term does the documentation use for {text}?",
)
_SHAPES = (
    (r"\s", "phrase"),
    (r"^--?[A-Za-z]", "flag"),
    (r"^@", "decorator"),
    (r"\)$", "call"),
    (r"=", "assignment"),
    (r"^[\"'].*[\"']$", "text"),
    (r"^<.*>$", "placeholder"),
    (r"[{}$%]", "template"),
    (r"^\.\w{1,8}$", "ending"),
    (r"[!?…]$|\.{3}$", "message"),
    (r"^(?i:utf|latin|ascii|iso|cp|windows)[-_]?\d*(?:-[\w-]+)?$", "codec"),
    (r"^(?:True|False|None|true|false|null|nil|undefined)$", "value"),
    (r"^(?:int|str|float|bool|bytes|list|dict|tuple|set|object|string|number|integer|boolean|Any)$", "type"),
    (
        r"^(?:git|pipx?|uv|npm|npx|yarn|pnpm|poetry|conda|cargo|go|docker|make|brew|apt|curl|wget|python3?|node)$",
        "program",
    ),
    (r"(?:Error|Exception|Warning)$", "exception"),
    (r"^__\w+__$", "method"),
    (r"^[A-Z][A-Z0-9_]{2,}$", "constant"),
    (
        r"/|\.(?:py|js|ts|rs|go|md|rst|txt|json|ya?ml|toml|cfg|ini|sh|html?|css|xml|lock|env|conf|log|csv|proto)$",
        "path",
    ),
    (r"\w\.\w", "dotted"),
    (r"^[A-Z]\w*[a-z]\w*$", "class"),
)


_ASKED = {"flag": "flag", "decorator": "decorator", "call": "call", "term": "term", "class": "class", "path": "path"}


@dataclass(frozen=True)
class Draft:
    """An item before it gets an id and objectives.

    `claims` are the Bloom levels it can have, the most apt first; `about` is what it asks for, `form` how it asks.
    """

    kind: ItemKind
    stem: str
    options: tuple[Option, ...]
    key: tuple[str, ...]
    explanation: str
    spans: tuple[Span, ...]
    claims: tuple[Bloom, ...]
    document_id: str
    section_id: str
    about: str
    worth: int
    form: str


@dataclass(frozen=True)
class Pool:
    """What distractors are taken from: the facts of the lesson and other names of its documents."""

    facts: tuple[Fact, ...]
    names: tuple[str, ...]
    lines: Callable[[Span], str]

    def near(self, fact: Fact) -> list[Candidate]:
        """Possible distractors for a fact's subject; those of the same list or table are nearest."""
        said = set(stem_content_words(fact.text))
        found: list[Candidate] = []
        for other in self.facts:
            words = set(stem_content_words(other.text))
            if other is fact or len(said & words) * 2 > min(len(said), len(words)):
                continue
            near = 4 * (other.group == fact.group and bool(fact.group)) + 2 * (other.asks == fact.asks)
            found.append(Candidate(other.subject, near + (other.section_id == fact.section_id)))
        kin = describe_shape(fact.subject)
        found += [Candidate(name, int(describe_shape(name) == kin)) for name in self.names]
        return [c for c in found if describe_shape(c.text) == kin]


def describe_shape(name: str) -> str:
    """What sort of name it looks like: flag, call, constant, path, class, name, or a term in plain words."""
    if not name.startswith("`"):
        return "term"
    plain = show_plain(name)
    for pattern, shape in _SHAPES:
        if re.search(pattern, plain):
            return shape
    return "name"


def ask_choice(fact: Fact, pool: Pool, turn: int) -> Draft | None:
    """Which of these …? with the subject as key."""
    if fact.form == "number":
        return None
    chosen = choose_options(fact.subject, pool.near(fact), pool.lines(fact.span))
    if chosen is None:
        return None
    options, key = chosen
    return Draft(
        "single_choice", word_stem(fact, turn), tuple(options), (key,), explain(fact), (fact.span,),
        ("understand", "remember"), fact.document_id, fact.section_id, fact.name,
        6 + (len(options) > 3) + _rate(fact), "choice",
    )  # fmt: skip


def ask_name(fact: Fact, pool: Pool, turn: int) -> Draft | None:
    """The subject has to be written down."""
    del pool
    if len(fact.name.split()) > 2 or not re.fullmatch(r"[@\w.() -]{3,30}", fact.name) or fact.form == "number":
        return None
    words = "word" if len(fact.name.split()) == 1 else "words"
    sort = "exact name" if fact.subject.startswith("`") else words
    stem = f"{word_stem(fact, turn, has_options=False)} Write the {sort}."
    accepted = tuple(dict.fromkeys((fact.name, fact.name.removesuffix("()").lstrip("@"))))
    return Draft(
        "short_answer", stem, (), accepted, explain(fact), (fact.span,), ("remember", "understand"),
        fact.document_id, fact.section_id, fact.name, 5 + _rate(fact), "name",
    )  # fmt: skip


def ask_gap(fact: Fact, pool: Pool, turn: int) -> Draft | None:
    """The subject is taken out of its own sentence."""
    del pool, turn
    pattern = re.compile(rf"(?<![\w`]){re.escape(fact.subject)}(?![\w`])", re.IGNORECASE)
    if fact.kind == "described" or len(pattern.findall(fact.sentence)) != 1 or len(fact.name.split()) > 3:
        return None
    gapped = pattern.sub("____", fact.sentence).replace("**____**", "____").replace("*____*", "____")
    if "`____" in gapped or "____`" in gapped or not 6 <= len(gapped.split()) <= 32:
        return None
    return Draft(
        "cloze", f"Complete the sentence: {end_sentence(gapped)}", (), (fact.name,), explain(fact), (fact.span,),
        ("remember", "understand"), fact.document_id, fact.section_id, fact.name, 4 + _rate(fact), "gap",
    )  # fmt: skip


def ask_truth(fact: Fact, pool: Pool, turn: int) -> Draft | None:
    """The sentence as it is, or with a sibling in its subject's place."""
    if fact.kind != "does":
        return None
    statement, key = fact.sentence, "a"
    if turn % 2:
        lines = pool.lines(fact.span)
        others = rank_distractors(fact.subject, pool.near(fact), lines)
        known = {other.subject for other in pool.facts if other.kind == "does"}
        other = next((text for text in others if text in known), None)
        if other is None:
            return None
        statement, key = fact.sentence.replace(fact.subject, other), "b"
    options = (Option(id="a", text="True"), Option(id="b", text="False"))
    return Draft(
        "true_false", f"True or false: {end_sentence(statement)}", options, (key,), explain(fact), (fact.span,),
        ("understand", "remember"), fact.document_id, fact.section_id, fact.name, 3 + _rate(fact), "truth",
    )  # fmt: skip


def word_stem(fact: Fact, turn: int, *, has_options: bool = True) -> str:
    """The question a fact answers; without options it does not speak of "these"."""
    sort = fact.asks or _ASKED.get(describe_shape(fact.subject), "name")
    if fact.kind == "does":
        return f"Which {fact.asks or ('of these' if has_options else sort)} {fact.text}?"
    if fact.kind == "means":
        return _DEFINITIONS[turn % len(_DEFINITIONS)].format(text=fact.text)
    return _WORDINGS[turn % len(_WORDINGS)].format(asks=sort, text=fact.text)


def name_part(one: HeadedPart) -> str:
    """The words of a part's heading, to name its place in a question."""
    title = clean_heading(one.part.heading)
    return title if is_plain_title(title) else strip_markup(one.part.heading)


def name_place(one: HeadedPart) -> str:
    """A part's heading in quotes, with its document's title where the heading alone says little."""
    heading, title = name_part(one), strip_markup(one.title)
    if heading == title or not title or len(heading.split()) > 3:
        return f"“{heading}”"
    return f"“{heading}” in “{title}”"


def explain(fact: Fact) -> str:
    """Why the key is right, in the words of the source."""
    lead = "The source puts it side by side" if fact.kind == "described" else "The documentation says"
    return f"{lead}: {end_sentence(fact.sentence)}"


def _rate(fact: Fact) -> int:
    """How good a question a fact makes: definitions best, then what code does."""
    length = len(fact.text.split())
    return {"means": 3, "does": 2, "described": 1}[fact.kind] + (6 <= length <= 20)
