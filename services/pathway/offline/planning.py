"""From blocks to the modules of pathways: the same sections are the same module in every pathway. Pure."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from itertools import chain, zip_longest

from services.pathway.offline.material import Material
from services.pathway.offline.modules import Block, plan_modules
from services.pathway.offline.naming import clean_name, tell_apart, with_kind
from services.pathway.offline.outline import Placed
from shared.engine.distance import SectionKey
from shared.engine.minutes import lesson_minutes, teachable_outlines
from shared.engine.titles import is_front_page, is_generic
from shared.engine.types import DocumentAnalysis, LearningObjective, PathwayModule, SectionRef, Sibling
from shared.kernel.ids import content_id
from shared.language.terms import plain

_CONTRIBUTING = re.compile(r"(?i)\bcontribut")  # the page that everybody who works on a project reads first
_OBJECTIVES = 5
_MODULES_WITHOUT_PARTS = 14
_MOST_HEADINGS, _MOST_LETTERS, _MOST_BELOW = 4, 200, 5
_NEARLY_ALL = 0.75
"""The share of modules from which a group that holds them divides nothing."""


class Planning:
    """The modules of one material. No two of them have one title: `_titles` holds those given so far."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._titles: dict[str, str] = {}
        self._siblings: dict[SectionKey, list[SectionKey]] = {}
        for other, taught in material.siblings.items():
            self._siblings.setdefault(taught, []).append(other)

    @cached_property
    def complete(self) -> tuple[PathwayModule, ...]:
        """Every section that is taught, each in one module."""
        return self._plan(frozenset(one.key for one in self._material.taught), self._material.users, "")

    @cached_property
    def for_makers(self) -> tuple[PathwayModule, ...]:
        """The documents for the project's makers."""
        makers, _ = self._material.makers, self.complete
        keys = frozenset((one.document_id, section.id) for one in makers for section in teachable_outlines(one))
        return tuple(
            sorted(self._plan(keys, makers, ""), key=lambda module: _CONTRIBUTING.search(module.title) is None)
        )

    def modules_of(self, keys: frozenset[SectionKey], prefix: str) -> tuple[PathwayModule, ...]:
        """Modules of just these sections; one that `complete` has as well is the same one."""
        known = {module.id: module for module in self.complete}
        planned = self._plan(keys, self._material.users, prefix)
        return tuple(known.get(module.id, module) for module in planned)

    def _plan(
        self, keys: frozenset[SectionKey], documents: Sequence[DocumentAnalysis], prefix: str
    ) -> tuple[PathwayModule, ...]:
        blocks = plan_modules(self._material.tree(keys, documents), self._material.audience.complexity_level)
        first = [block.sections[0].document for block in blocks]
        groups = [self._material.groups_around(one.document_id) for one in first]
        held = Counter(name for own in groups for name in {*own})
        groups = [[name for name in own if held[name] <= _NEARLY_ALL * len(blocks)] for own in groups]
        parts = [block.part for block in blocks]
        if len(blocks) > _MODULES_WITHOUT_PARTS:
            parts = [next(iter(own), part) for own, part in zip(groups, parts, strict=True)]
        titles = tell_apart(
            [self._name(block, prefix) for block in blocks],
            lambda at: [name for name in groups[at] if not is_generic(name)],
            lambda at: first[at].path,
            self._titles.values(),
            parts,
        )
        found = tuple(map(self._module, blocks, titles, parts))
        for module in found:
            self._titles.setdefault(module.id, module.title)
        return found

    def _name(self, block: Block, prefix: str) -> str:
        """The title of a module; a piece of a front page, or with no title, is called by its first main heading."""
        first = block.sections[0]
        title = block.title or self._material.project
        if prefix and first.section != first.document.sections[0]:
            is_named = block.title and not is_front_page(first.document.path)
            above = (one for one in reversed(first.above()) if one != first.document.sections[0])
            title = block.title if is_named else clean_name(next(above, first.section).heading)
        return with_kind(prefix, title)

    def _module(self, block: Block, title: str, part: str) -> PathwayModule:
        """A module; its id follows from its sections alone."""
        refs = tuple(
            SectionRef(document_id=one.document.document_id, section_id=one.section.id, heading=one.section.heading)
            for one in block.sections
        )
        return PathwayModule(
            id=content_id("m", *(f"{ref.document_id}/{ref.section_id}" for ref in refs)),
            title=title,
            description=_describe(block, title),
            estimated_minutes=lesson_minutes([one.section for one in block.sections]),
            learning_objectives=_choose_objectives(block),
            sections=refs,
            document_ids=tuple(dict.fromkeys(ref.document_id for ref in refs)),
            part=part,
            siblings=tuple(self._list_siblings(block)),
        )

    def _list_siblings(self, block: Block) -> list[Sibling]:
        found = []
        for one in block.sections:
            for key in self._siblings.get(one.key, ()):
                other = self._material.by_key[key]
                found.append(Sibling(
                    section_id=one.section.id, document_id=one.document.document_id,
                    name=self._material.names[other.document.document_id],
                    same=SectionRef(document_id=key[0], section_id=key[1], heading=other.section.heading),
                ))  # fmt: skip
        return found


def _describe(block: Block, title: str) -> str:
    """The titles of several pages but for that of the module; of one page the first sentence."""
    titles = list(dict.fromkeys(clean_name(one.document.title) for one in block.sections))
    if len(titles) == 1:
        return _find_opening(block.sections[0])
    found = [one for one in titles if one and not f": {title}".lower().endswith(f": {one}".lower())]
    return f"{'; '.join(found[:_MOST_HEADINGS])}{' and more' * (len(found) > _MOST_HEADINGS)}." if found else ""


def _find_opening(first: Placed) -> str:
    """The sentence right below a heading, without a link; "" on a front page."""
    for opening in first.document.summary[:1]:
        below = opening.span.start_line - first.section.start_line
        said = plain(opening.text)
        is_line = said.endswith(".") and len(said) <= _MOST_LETTERS and "](" not in opening.text
        if is_line and below in range(_MOST_BELOW) and not is_front_page(first.document.path):
            return said
    return ""


def _choose_objectives(block: Block) -> tuple[LearningObjective, ...]:
    """Objectives that a person wrote for its sections, then found ones, spread over its documents."""
    keys = {placed.key for placed in block.sections}
    documents = {placed.document.document_id: placed.document for placed in block.sections}
    queues = [
        [one for one in document.learning_objectives if (document_id, one.section_id) in keys]
        for document_id, document in documents.items()
    ]
    chosen = {one.text: one for queue in queues for one in queue if one.given}
    for one in chain.from_iterable(zip_longest(*queues)):
        if one is not None and len(chosen) < _OBJECTIVES:
            chosen.setdefault(one.text, one)
    return tuple(chosen.values())
