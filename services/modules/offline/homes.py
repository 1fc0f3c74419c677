"""Where the concepts of the course are at home, and their first mentions in a lesson that comes before."""

import re
from collections.abc import Container, Sequence

from services.modules.cited.brief import ModuleBrief
from services.modules.cited.crossings import Place
from services.modules.cited.definitions import gloss_of
from services.modules.offline.inline import hide_links
from shared.course.section_links import title_of
from shared.engine.distance import SectionKey
from shared.engine.types import GraphConcept, PathwayModule
from shared.language.glosses import is_code_in
from shared.language.terms import STOPWORDS, term_key
from shared.language.word_classes import DETERMINERS, PREPOSITIONS, base_of_gerund, classes_of, is_common

_FENCE = re.compile(r"(`{3,}|~{3,})")
_FENCED = re.compile(r"^[> \t]+(`{3,}|~{3,}).*?^[> \t]+\1", re.DOTALL | re.MULTILINE)
_NO_ACT = "".join(f"(?<!\\b{word} )" for word in ("to", "can", "you", "we", "not", "will", "must", "may"))
_OPENS = re.compile(r"(?:^|[.!?:]|\|)[\s>*\"“(-]*\Z", re.MULTILINE)  # what is said here has a capital, whatever it is
_WORD_BEFORE = re.compile(r"([^\W\d_][\w'’-]*)[ \n]\**\Z")
_WORD_AFTER = re.compile(r"\**[ \n]([^\W\d_][\w'’-]*)")
_ACTS_ON = re.compile(rf"[ \n](?:[`\[]|(?:{'|'.join(sorted(DETERMINERS))})\b)")
_MODULES = r"(?:[a-z_]\w*(?:\.|::))*"
"""The modules before a name in code. A class before it makes it another thing."""
_MARKS = re.compile(r"[`*]|(?<!\w)_|_(?!\w)")


class Homes:
    """Where the concepts of the course are at home, as one module sees them."""

    def __init__(self, brief: ModuleBrief) -> None:
        self._brief = brief
        self._modules = {module.id: (place, module) for place, module in enumerate(brief.modules)}
        self._path = brief.documents[brief.module.sections[0].document_id].path
        self._place = self._modules.get(brief.module.id, (0, brief.module))[0]
        self._headings = {
            (ref.document_id, ref.section_id): ref.heading for one in brief.modules for ref in one.sections
        }
        self.own = [one for one in brief.graph.concepts if self._home_id(one) == brief.module.id]
        self.keys = {term_key(one.name) for one in brief.graph.concepts}
        self.headed = {term_key(ref.heading) for ref in brief.module.sections}

    def known(self) -> list[tuple[GraphConcept, PathwayModule]]:
        """The concepts that those at home in this module build on, of earlier modules, with these."""
        needed = {i for one in self.own for i in one.prerequisites}
        homes = ((one, *self._home(one)) for one in self._brief.graph.concepts if one.id in needed)
        return [(one, home) for one, place, home in homes if place < self._place]

    def is_later(self, concept: GraphConcept) -> bool:
        """Whether the concept's home comes after this module."""
        return self._home(concept)[0] > self._place

    def is_code(self, concept: GraphConcept) -> bool:
        """Whether a concept is code, or a word that is at home below a heading in code."""
        name, definition = concept.name.strip("`"), concept.definition
        heading = self._headings.get((concept.document_id, concept.section_id), "")
        is_untold = name.islower() and not concept.is_told
        is_word_of_code = " " not in name and (is_untold or (" " not in heading and is_code_in(heading, "")))
        return is_word_of_code or is_code_in(name, definition.text, definition.span.path)

    def meant(self, concept: GraphConcept) -> SectionKey | None:
        """The section that this module means by the name of a concept; None if it means another thing."""
        homes = concept.homes or {"": (concept.document_id, concept.section_id)}
        return homes[max(filter(self._path.startswith, homes), key=len)]

    def is_elsewhere(self, concept: GraphConcept) -> bool:
        """Whether another module teaches what this one means by the name of a concept."""
        home = self.meant(concept)
        return home is not None and self._brief.homes.get(home, self._brief.module.id) != self._brief.module.id

    def link(self, concept: GraphConcept, shown: str) -> str:
        """A link with the text `shown` to the home of a concept. Its title is the gloss, if the concept has one."""
        home = self.meant(concept)
        title = title_of(gloss_of(concept)) if home == (concept.document_id, concept.section_id) else ""
        place = Place(concept.definition.span.path, key=home)
        address = f'#{self._home_id(concept)} "{title}"' if title else self._brief.link(place)
        return f"[{shown}]({address})"

    def _home(self, concept: GraphConcept) -> tuple[int, PathwayModule]:
        """The place of the module where a concept is at home, and the module; without one, this module."""
        return self._modules.get(self._home_id(concept), (self._place, self._brief.module))

    def _home_id(self, concept: GraphConcept) -> str:
        return self._brief.homes.get((concept.document_id, concept.section_id), "")


def link_first_mentions(blocks: Sequence[str], brief: ModuleBrief) -> list[str]:
    """The lesson with a gloss at the first mention of each concept whose home comes later."""
    homes = Homes(brief)
    coming = [one for one in brief.graph.concepts if (one.is_told or one.is_headed) and homes.is_later(one)]
    shown = list(blocks)
    lowered = [_spaced(block) for block in blocks]
    for concept in sorted(filter(homes.is_elsewhere, coming), key=lambda one: (-len(one.name), one.name)):
        name = _spaced(concept.name)
        said = (i for i, text in enumerate(lowered) if name in text)
        linked = next(((i, text) for i in said if (text := _link_in(shown[i], concept, homes))), None)
        if linked is not None:
            shown[linked[0]] = linked[1]
    return shown


def _spaced(text: str) -> str:
    return " ".join(_MARKS.sub("", text.lower()).replace("-", " ").split())


def _link_in(block: str, concept: GraphConcept, homes: Homes) -> str:
    """The block with its first certain mention of the concept as a link; "" for none. Code is meant by code, or where
    its form can be nothing else, and a word by a word, where its capitals and its neighbours agree.
    """
    if block.startswith("#") or _FENCE.match(block):
        return ""
    prose = hide_links(_FENCED.sub(lambda found: "\0" * len(found.group()), block))
    bare = concept.name.strip("`")
    is_code = homes.is_code(concept)
    is_sure = re.search(r"[ -]", bare) or is_code
    if not is_sure and term_key(bare) in homes.headed:
        return ""  # The module says itself what it means by the word.
    # A name that its definition says with a capital behind an article, or not at all, is no plain word.
    told, spelt = concept.definition.text, rf"\W?{re.escape(bare)}\b"
    said = rf"(?<![\w<`]){re.escape(bare.removesuffix('s'))}(?:e?s)?\b"
    is_plain = re.search(said, told, re.IGNORECASE) and not re.search(rf"\b(?:An?|[Tt]he) {spelt}", told)
    for found in _pattern_of(concept, is_code=is_code).finditer(prose):
        if found["code"] or (
            found["word"]
            and (
                is_sure or _is_term_alone(prose, found, bare, homes.keys, is_proper=bare[0].isupper() and not is_plain)
            )
        ):
            return f"{block[: found.start()]}{homes.link(concept, found.group())}{block[found.end() :]}"
    return ""


def _pattern_of(concept: GraphConcept, *, is_code: bool) -> re.Pattern[str]:
    """Where a concept may be said: as a span of `code` that is the name alone, its call or its value, or outside. Of a
    command the rest are its arguments, and a call may be the last of several. Other code is passed over:
    `eslint.config.js` does not speak of `config`.
    """
    bare = concept.name.strip("`")
    words = r"[\s-]+".join(map(re.escape, bare.split()))
    arguments = r"(?: [^`\n]*)?" if " " in bare else r"(?:\([^()`\n]*\)|[=:] ?[^\s`()]+)?"
    if is_code:
        chained = rf"|`[^`\n(]+\([^`\n]*\)\.{words}\([^()`\n]*\);?`" if is_code_in(bare, "") else ""
        code = rf"`[@.#<-]*{'' if is_common(bare.lower()) else _MODULES}{words}(?:{arguments}| ?/?>)`{chained}"
        word, flags = words if is_code_in(bare, "") else "(?!)", re.NOFLAG
    else:
        acts = " " not in bare and "VERB" in classes_of(bare.lower())
        plural = r"(?:e?s|\(s\))?" if bare[-1:].isalnum() else ""
        code = (
            f"`{words}{arguments}`" if " " in bare else f"`<?(?-i:{words})(?: ?/?>)?`" if bare[0].isupper() else "(?!)"
        )
        word = rf"(?:(?P<mark>\*\*?){words}(?P=mark)|{_NO_ACT if acts else ''}{words}{plural}){_beside(concept)}"
        flags = re.IGNORECASE
    said = rf"(?P<code>{code})(?:e?s)?|(?P<ticks>`+)[^\n]+?(?P=ticks)|(?P<word>{word})"
    return re.compile(rf"(?<![\w`\[/.-])(?:{said})(?![\w`\]/(-]|\.\w)", flags)


def _beside(concept: GraphConcept) -> str:
    """The kind that has to follow a name, as in "the JSON reporter" in a folder of reporters; "" if it needs none."""
    led = rf"(?:An?|The) \W{{0,2}}{re.escape(concept.name)}\W{{0,2}} ([a-z]+[a-rt-z])\b"
    found = re.match(led, concept.definition.text)
    is_kind = found and term_key(found[1]) in map(term_key, concept.definition.span.path.split("/")[-2:-1])
    return rf"(?=[ \n]{found[1]}s?\b)" if found and is_kind else ""


def _is_term_alone(prose: str, found: re.Match[str], name: str, keys: Container[str], *, is_proper: bool) -> bool:
    """Whether a word is said in the case of the name and is no part of a longer name or of another term, one of `keys`.
    A proper name has its capital in mid-sentence.
    """
    word = found.group().strip("*")
    opens = _OPENS.search(prose, 0, found.start()) is not None
    is_cased = is_proper or name[1:] != name[1:].lower() or word[1:] != word[1:].lower()
    is_lifted = word[0].isupper() and name[0].islower() and not opens
    if (is_cased and not word.startswith(name)) or (is_lifted and not is_cased):
        return False
    before, after = _WORD_BEFORE.search(prose, 0, found.start()), _WORD_AFTER.match(prose, found.end())
    is_led = before is not None and before[1].lower() in PREPOSITIONS | DETERMINERS
    if before and not is_led and term_key(f"{before[1]} {word}") in keys:
        return False
    acts = _ACTS_ON.match(prose, found.end()) is not None or name[-1:] != "s"
    if not is_led and acts and word[-1:] == "s" and "VERB" in classes_of(word.lower()):
        return False  # "it branches", "the observer sets `level`"
    around = [one[1] for one in (before, after) if one and one[1].lower() not in STOPWORDS]
    is_name = word[0].isupper() and not opens
    if not (is_name or _is_noun_alone(word.lower(), *(one and one[1].lower() for one in (before, after)))):
        return False
    return not (is_cased or is_name) or not any(one[0].isupper() for one in around)  # "MQTT Bridge", "Acme Groups"


def _is_noun_alone(word: str, before: str | None, after: str | None) -> bool:
    """Whether a word stands for a thing by itself: "the search", but not "search for", "a search term" or, behind what
    is a noun alone, "proxy settings".
    """
    if before and classes_of(before) == {"NOUN"} and before not in STOPWORDS | DETERMINERS:
        return False
    if base_of_gerund(word) is not None and before in PREPOSITIONS:
        return False  # "for testing"
    if "VERB" not in classes_of(word):
        return True
    kinds = classes_of(after) if after and after not in STOPWORDS else frozenset()
    is_before_noun = "NOUN" in kinds and not kinds & {"VERB", "ADV"}
    is_act = (
        not word.endswith("s") and before not in PREPOSITIONS | DETERMINERS and "ADJ" not in classes_of(before or "a")
    )
    return not (is_before_noun or is_act)
