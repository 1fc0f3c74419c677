"""Blocks as front ends key them: each with an id, and with its place among its fellows."""

from collections.abc import Iterator, Sequence

from services.classroom.rows import Record
from shared.kernel.ids import event_id


def placed(blocks: Sequence[Record], about: str, taken: set[str] | None = None) -> list[Record]:
    """A block without an id gets one by its place in what the text is `about`, the same at each reading."""
    known = set(_ids(blocks)) if taken is None else taken
    return [
        {
            **one, "id": one["id"] or _free(f"{about}/{place}", known), "position": place,
            "children": placed(one["children"], f"{about}/{place}", known),
        }
        for place, one in enumerate(blocks)
    ]  # fmt: skip


def placed_in(says: Record, about: str) -> Record:
    """All texts of a question or an assignment."""
    context = says["context"] and {**says["context"], "blocks": placed(says["context"]["blocks"], f"{about}/context")}
    own = {name: placed(says[name], f"{about}/{name}") for name in ("blocks", "answer") if name in says}
    return {**says, **own, "context": context}


def _ids(blocks: Sequence[Record]) -> Iterator[str]:
    for one in blocks:
        yield one["id"]
        yield from _ids(one["children"])


def _free(at: str, taken: set[str]) -> str:
    """The id of a place; another one where a block that once stood there has it."""
    while (made := event_id(at, "block", "")) in taken:
        at += "'"
    taken.add(made)
    return made
