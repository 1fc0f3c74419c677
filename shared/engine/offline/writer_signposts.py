"""The few sentences of a course that are its own: where the learner comes from, what is ahead, where the way goes on.

They state nothing about the subject and name nothing that would need a citation. Which wording a module gets follows
from its place in the course, so that neighbours do not sound alike.
"""

import re
from collections.abc import Sequence

from shared.course.anchors import find_anchors
from shared.course.model import Objective
from shared.engine.offline.writer_text import is_plain_title
from shared.engine.types import PathwayModule

_DOING = re.compile(
    r"^(add|adapt|apply|build|call|change|choose|combine|configure|connect|convert|create|customize|debug|"
    r"declare|define|"
    r"deploy|design|develop|enable|execute|extend|generate|handle|implement|install|integrate|invoke|load|make|manage|"
    r"modify|organize|perform|prepare|produce|publish|register|run|schedule|send|set|solve|start|store|test|trace|"
    r"troubleshoot|use|validate|verify|write)\b",
    re.IGNORECASE,
)
_SHOWING = re.compile(r"^Demonstrate how to (?=\w)")  # what a learner is to do, once nobody looks on
_FIRST = (
    "The course begins with this module, and it asks for no more than curiosity.",
    "You begin here, so read slowly and try things as you go.",
)
_FROM = (
    "You come here from {previous}, and this module takes the next step.",
    "After {previous}, this module opens the next door.",
    "With {previous} behind you, you are ready for this step.",
    "You have read {previous}, and this module builds on it.",
    "Keep {previous} in mind as you read, because this module goes on from there.",
    "{previous} brought you here, and this module goes further.",
)
_FROM_UNNAMED = (
    "You take the next step here, after the module you have just finished.",
    "You have come some way already, and this module builds on it.",
    "Keep the last module in mind as you read on.",
    "Where the last module ended, this module picks up.",
    "You carry over what the last module gave you and read on from there.",
    "With one more module behind you, you are ready for the next step.",
    "You know the ground by now, so this module can go further.",
    "Let us go on from the last module with one thing at a time.",
    "Take a short breath after the last module, and read on here.",
)
_ROUTE = (
    "You begin with {first} and work your way to {last}.",
    "You start with {first} and end with {last}.",
    "The module goes from {first} to {last}.",
    "First you meet {first}, and by the end of the module you reach {last}.",
)
_WORDS = (
    "Some words you will meet at once, and read more of in a later module:",
    "Here are words you need from the start; their own module comes later:",
    "You will meet these words before the module that is about them:",
    "Take a look at the words this module needs and does not yet explain:",
    "Before you begin, here are the words that a later module goes into:",
    "You need a word or more that belongs to a later module:",
    "Let us first name what you will meet here and learn about later:",
    "Read on with these words in mind; a coming module has more of them:",
)
_ON = (
    "Try the questions of this module, and then go on to {next}.",
    "Answer the questions of this module without looking back, and then read on with {next}.",
    "Take the questions first; from here the way leads to {next}.",
    "When the questions of this module feel easy, you are ready for {next}.",
    "Check yourself with the questions of this module, and let {next} be your next stop.",
    "The questions of this module show you what has stayed with you, and {next} is up next.",
)
_LAST = (
    "Try the questions of this module: they close it, and with it the course.",
    "With this module the pathway ends, so take its questions as your way out.",
)
_ASK = (
    "Which part of this would you try first in something of your own?",
    "What here surprised you, and what did you know already?",
    "Could you tell somebody else about it without looking?",
    "Where in your own work would this have saved you time?",
    "What would you build with it this week?",
    "Which step would you like to see once more before you go on?",
    "What would go wrong if you left this out?",
    "Which of the examples comes closest to something you need?",
    "What would you ask the authors, if they sat beside you now?",
    "How would you explain the main idea to a colleague over a coffee?",
    "Which sentence would you write on a card to keep?",
    "What would you check first, if it did not work?",
    "Where have you met a similar idea before?",
    "What is the smallest thing you could make with it?",
)
_ASK_OF = (
    "Which part of {title} would you try first?",
    "What of {title} surprised you?",
    "Where could {title} have saved you time?",
    "What would you build with {title}?",
    "Which step of {title} would you like to see once more?",
    "How would you explain {title} to a colleague?",
)
_PAUSE = (
    "Before you read on, could you {doing} on your own?",
    "Stop here for a moment: how would you {doing}?",
    "Without looking back, what would it take to {doing}?",
)


def name_module(module: PathwayModule | None) -> str | None:
    """A link to a module by its title, when the title is made of plain words only; None otherwise."""
    if module is None or not is_plain_title(module.title) or find_anchors(module.title):
        return None
    return f"[{module.title}](#{module.id})"


def say_where_from(previous: PathwayModule | None, position: int) -> str | None:
    """Where the learner comes from; `position` counts modules from 0. None rather than the same words again."""
    if previous is None:
        return _FIRST[position % len(_FIRST)]
    name = name_module(previous)
    if name is None:
        return _FROM_UNNAMED[position - 1] if position <= len(_FROM_UNNAMED) else None
    return _FROM[position % len(_FROM)].format(previous=name)


def say_here(title: str, position: int) -> str:
    """Where the learner is now: for a module of which nothing else can be said."""
    if is_plain_title(title) and not find_anchors(title):
        return f"You now come to *{title}*, one step of the whole course."
    return _FROM_UNNAMED[position % len(_FROM_UNNAMED)]


def say_words_ahead(position: int) -> str:
    """Announces the words that are explained before the lesson."""
    return _WORDS[position % len(_WORDS)]


def say_route(headings: Sequence[str], position: int) -> str | None:
    """The way through the module by its first and last heading, when both are plain words and differ."""
    plain = [heading for heading in headings if is_plain_title(heading) and not find_anchors(heading)]
    if len(headings) < 3 or len(plain) < 2 or plain[0] != headings[0] or plain[0] == plain[-1]:
        return None
    return _ROUTE[position % len(_ROUTE)].format(first=f"*{plain[0]}*", last=f"*{plain[-1]}*")


def say_where_to(following: PathwayModule | None, position: int) -> str:
    """Where the way goes on."""
    if following is None:
        return _LAST[position % len(_LAST)]
    name = name_module(following) or f"the [module after it](#{following.id})"
    return _ON[position % len(_ON)].format(next=name)


def ask_reflection(title: str, position: int) -> str | None:
    """A question to think about; it has no key. Late in a long course it names the module, or is left out."""
    if position < len(_ASK):
        return _ASK[position]
    if not is_plain_title(title) or find_anchors(title):
        return None
    return _ASK_OF[position % len(_ASK_OF)].format(title=f"*{title}*")


def ask_pause(doing: str, position: int) -> str:
    """A question that makes the learner stop; `doing` is what `say_doing` made of an objective."""
    return _PAUSE[position % len(_PAUSE)].format(doing=doing)


def ask_ahead(objectives: Sequence[Objective], position: int) -> str | None:
    """One or two questions the module answers, made from its objectives."""
    doings = [(say_doing(objective), _is_doing(objective)) for objective in objectives]
    active = [doing for doing, does in doings if doing and does]
    known = [doing for doing, does in doings if doing and not does]
    if len(active) >= 2 and position % 2 == 0:
        return f"How do you {active[0]}? And how would you {active[1]}?"
    if active:
        return f"How do you {active[0]}?"
    return f"Could you {known[0]}, if somebody asked you today?" if known else None


def say_achieved(objectives: Sequence[Objective], position: int) -> str | None:
    """What the learner can do now, made from one or two objectives."""
    doings = [doing for doing in map(say_doing, objectives) if doing]
    if not doings:
        return None
    first = doings[position % len(doings)]
    second = doings[(position + 1) % len(doings)]
    return f"You are now ready to {first}." if first == second else f"You are now ready to {first}, and to {second}."


def _is_doing(objective: Objective) -> bool:
    return bool(_SHOWING.match(objective.text) or _DOING.match(objective.text))


def say_doing(objective: Objective) -> str | None:
    """An objective as it stands after `you can`; None when it names anything that would need a citation."""
    text = _SHOWING.sub("", objective.text.strip().rstrip("."))
    if not text or find_anchors(text) or not all(is_plain_title(word) for word in text.split()):
        return None
    return text[0].lower() + text[1:]
