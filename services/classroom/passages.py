"""Blocks of a learning material as passages to quote, with the lines of documentation that they cite. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from shared.events.content import Block, Link
from shared.retrieval.passages import Passage, passages_of

_NUMBER = re.compile(r"\[(\d{1,4})\]")
_SOURCES = "Sources"
_ITEMS = frozenset({"bulletListItem", "numberedListItem", "checkListItem"})


@dataclass(frozen=True)
class Place:
    """Lines of documentation in words, and where they can be read."""

    place: str
    url: str | None


@dataclass
class Material:
    """The passages of some learning materials. `places` are the lines that they cite, by the mark of each."""

    passages: list[Passage] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)

    def add(self, task_id: str, title: str, blocks: Sequence[Block]) -> None:
        """One more material. The list of sources at its end is no part of what it says."""
        end = max(
            (at for at, one in enumerate(blocks) if one.type == "heading" and _text(one) == _SOURCES), default=None
        )
        names = dict(enumerate((_text(one) for one in blocks[end + 1 :]), start=1)) if end is not None else {}
        urls: dict[int, str] = {}
        text = "\n\n".join(_markdown(task_id, blocks[:end], urls))
        self.passages += passages_of(task_id, title, text)
        for number, name in names.items():
            self.places[_mark(task_id, number)] = Place(_NUMBER.sub("", name).strip(), urls.get(number))


def _mark(task_id: str, number: int) -> str:
    return f"{task_id}.{number}"


def _markdown(task_id: str, blocks: Sequence[Block], urls: dict[int, str]) -> Iterator[str]:
    for block in blocks:
        text, marks = _text(block), "".join(f"[^{_mark(task_id, one)}]" for one in _numbers(block, urls))
        match block.type:
            case "heading":
                yield f"{'#' * _level(block.props)} {text}"
            case "codeBlock":
                yield f"```{block.props.get('language', '')} cite={task_id}\n{text}\n```"
            case kind:
                yield f"{'- ' if kind in _ITEMS else ''}{text}{marks or f'[^{task_id}]'}"
        yield from _markdown(task_id, block.children, urls)


def _level(props: Mapping[str, object]) -> int:
    level = props.get("level")
    return level if isinstance(level, int) and 1 <= level <= 6 else 2


def _text(block: Block) -> str:
    parts = (one.content if isinstance(one, Link) else [one] for one in block.content)
    return "".join(words.text for part in parts for words in part if not _NUMBER.fullmatch(words.text)).strip()


def _numbers(block: Block, urls: dict[int, str]) -> Iterator[int]:
    """The numbers of the sources that a block cites; one that is a link says where its source can be read."""
    for one in block.content:
        for words in one.content if isinstance(one, Link) else [one]:
            if (found := _NUMBER.fullmatch(words.text)) is not None:
                number = int(found[1])
                if isinstance(one, Link):
                    urls[number] = one.href
                yield number
