"""The material as a line of slices, each knowing the author's groups around it. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from shared.docs.model import Navigation
from shared.engine.reading_order import author_positions
from shared.engine.sections import MINUTES_PER_CODE_BLOCK, WORDS_PER_MINUTE, second_level_of
from shared.engine.types import DocumentAnalysis, SectionOutline

_COUNTED = re.compile(r"^(chapter|course|day|lab|lesson|module|section|session|step|unit|week)(\d+)$", re.IGNORECASE)
_HEAD = re.compile(r"index|_index|readme", re.IGNORECASE)
# A group as (place in the author's contents or folder path, title): equal titles at two places are two groups.
Trail = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Slice:
    """Neighbouring sections of one document that are not parted: a whole short document, or one part of a long one."""

    analysis: DocumentAnalysis
    sections: tuple[SectionOutline, ...]
    trail: Trail

    @cached_property
    def minutes(self) -> float:
        """Reading time by the published rule, without items."""
        return section_minutes(self.sections)

    @cached_property
    def terms(self) -> frozenset[str]:
        """All terms of its sections."""
        return frozenset(term for section in self.sections for term in section.terms)


def section_minutes(sections: Sequence[SectionOutline]) -> float:
    """Reading time of sections by the published rule, not rounded."""
    words = sum(section.words for section in sections)
    return words / WORDS_PER_MINUTE + MINUTES_PER_CODE_BLOCK * sum(section.code_blocks for section in sections)


def find_trails(order: Sequence[DocumentAnalysis], navigation: Navigation) -> dict[str, Trail]:
    """Document id → the groups it stands in: those of the author's contents, else those of its folders."""
    listed = author_positions(order, navigation)
    by_path = {analysis.path: analysis.document_id for analysis in order}
    trails: dict[str, Trail] = {}
    stack: list[tuple[int, tuple[str, str]]] = []
    for index, entry in enumerate(navigation.entries):
        while stack and stack[-1][0] >= entry.depth:
            stack.pop()
        following = navigation.entries[index + 1] if index + 1 < len(navigation.entries) else None
        has_children = following is not None and following.depth > entry.depth
        step = (entry.depth, (str(index), entry.title))
        steps = [one for _, one in [*stack, *([step] if has_children or entry.path is None else [])]]
        trail = tuple(one for one in steps if one[1].strip())
        if entry.path in by_path and listed[by_path[str(entry.path)]] == index:
            trails[by_path[str(entry.path)]] = trail
        if has_children or entry.path is None:
            stack.append(step)
    folders = _folder_trails(order)
    headed = _headed_folders(order)
    known = {
        analysis.path.rpartition("/")[0]: trails[analysis.document_id]
        for analysis in order
        if analysis.document_id in trails
    }
    for analysis in order:
        beside = known.get(analysis.path.rpartition("/")[0]) if "/" in analysis.path else None
        trails.setdefault(analysis.document_id, beside if beside is not None else folders[analysis.document_id])
        head, around = headed.get(analysis.path.rpartition("/")[0]), trails[analysis.document_id]
        if head is not None and all(head[1].lower() != title.lower() for _, title in around):
            trails[analysis.document_id] = (*around, head)
    return trails


def _headed_folders(order: Sequence[DocumentAnalysis]) -> dict[str, tuple[str, str]]:
    """Folders that hold a page of their own and others: the group that page names."""
    members: dict[str, list[DocumentAnalysis]] = {}
    for analysis in order:
        if "/" in analysis.path:
            members.setdefault(analysis.path.rpartition("/")[0], []).append(analysis)
    heads = {
        folder: next((a for a in found if _HEAD.fullmatch(a.path.rpartition("/")[2].rsplit(".", 1)[0])), None)
        for folder, found in members.items()
        if len(found) > 2 and not any(other.startswith(f"{folder}/") for other in members)
    }
    return {folder: (folder, head.title) for folder, head in heads.items() if head is not None}


def cut_slices(
    chosen: Mapping[str, Sequence[SectionOutline]],
    order: Sequence[DocumentAnalysis],
    trails: Mapping[str, Trail],
    longest_minutes: float,
) -> tuple[Slice, ...]:
    """The chosen sections (by document id) as slices in reading order; only documents longer than that are parted."""
    slices: list[Slice] = []
    for analysis in order:
        sections = tuple(chosen.get(analysis.document_id, ()))
        trail = trails[analysis.document_id]
        if not sections:
            continue
        if section_minutes(sections) <= longest_minutes:
            slices.append(Slice(analysis, sections, trail))
            continue
        inner = (*trail, (analysis.path, analysis.title))
        slices += [Slice(analysis, part, inner) for part in _parts(analysis, sections)]
    return tuple(slices)


def _parts(analysis: DocumentAnalysis, sections: Sequence[SectionOutline]) -> list[tuple[SectionOutline, ...]]:
    """A document by its second-level sections; what stands before the first of them goes with it."""
    home = second_level_of(analysis.sections)
    level_one = {outline.id for outline in analysis.sections if outline.level <= 1}
    parts: list[list[SectionOutline]] = []
    last = ""
    for section in sections:
        if parts and (
            home[section.id] == last or (last in level_one and sum(s.words for s in parts[-1]) < WORDS_PER_MINUTE)
        ):
            parts[-1].append(section)
        else:
            parts.append([section])
        last = home[section.id]
    return [tuple(part) for part in parts]


def _folder_trails(order: Sequence[DocumentAnalysis]) -> dict[str, Trail]:
    folders = {analysis.document_id: analysis.path.split("/")[:-1] for analysis in order}
    inner = [parts for parts in folders.values() if parts]
    shared = 0
    while inner and all(len(parts) > shared and parts[shared] == inner[0][shared] for parts in inner):
        shared += 1
    return {
        document_id: tuple(
            ("/".join(parts[: depth + 1]), humanise(part)) for depth, part in enumerate(parts) if depth >= shared
        )
        for document_id, parts in folders.items()
    }


def humanise(name: str) -> str:
    """A folder's or repository's name in words, without a leading number."""
    words = re.sub(r"[-_.]+", " ", re.sub(r"^\d+[-_. ]+", "", name)).strip()
    words = _COUNTED.sub(r"\1 \2", words)
    return words[:1].upper() + words[1:] if words else name
