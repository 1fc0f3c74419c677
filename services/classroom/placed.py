"""Blocks as front ends need them: each with an id, and with its place in its list."""

from collections.abc import Iterator, Sequence

from services.classroom.rows import Record
from shared.kernel.ids import event_id


def placed(blocks: Sequence[Record], about: str, taken: set[str] | None = None) -> list[Record]:
    """Give each block its place, and a block without an id one that follows from the place, the same at each reading.
    `about` names the text that the blocks stand in.
    """
    known = set(_ids(blocks)) if taken is None else taken
    return [
        {
            **one, "id": one["id"] or _free(f"{about}/{place}", known), "position": place,
            "children": placed(one["children"], f"{about}/{place}", known),
        }
        for place, one in enumerate(blocks)
    ]  # fmt: skip


def placed_in(says: Record, about: str) -> Record:
    """Do the same for all texts of a question or an assignment."""
    context = says["context"] and {**says["context"], "blocks": placed(says["context"]["blocks"], f"{about}/context")}
    own = {name: placed(says[name], f"{about}/{name}") for name in ("blocks", "answer") if name in says}
    return {**says, **own, "context": context}


def _ids(blocks: Sequence[Record]) -> Iterator[str]:
    for one in blocks:
        yield one["id"]
        yield from _ids(one["children"])


def _free(at: str, taken: set[str]) -> str:
    """An id that follows from a place. If a block that stood there before has this id, the next free one."""
    while (made := event_id(at, "block", "")) in taken:
        at += "'"
    taken.add(made)
    return made
