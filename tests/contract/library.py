"""Two aggregates that the product does not know, on a stream of their own: shelves of books, and cards of readers.

They are registered here only, as values. A card may have the id of a shelf.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel
from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, Integer, MetaData, Table, Text, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.event_log.port import NewEvent, Recorded
from shared.events import Aggregate, BlobRef, Event, Registry, Stream
from shared.events.base import AggregateId
from shared.events.courses import COURSE
from shared.kernel.ids import event_id
from shared.kernel.refusals import Refusal, Same
from shared.readmodels.base import METADATA as PRODUCT
from shared.readmodels.base import Changes, Fact, put, remove
from shared.readmodels.defects import defects_table
from shared.readmodels.side import ReadSide


class ShelfEvent(Event):
    """A fact about one shelf."""

    prefix: ClassVar[str] = "shelf"
    key: ClassVar[str] = "shelf_id"

    shelf_id: AggregateId


class ShelfSetUp(ShelfEvent):
    """A shelf exists."""

    owner: str
    name: str


class BookPut(ShelfEvent):
    """A book stands on the shelf; `text` is what it says."""

    book: str
    text: BlobRef

    def natural_key(self) -> str:
        return self.book


class BookTaken(ShelfEvent):
    """A book is gone from the shelf."""

    book: str


class ShelfTakenDown(ShelfEvent):
    """The tombstone."""

    by: str


class CardEvent(Event):
    """A fact about one reader's card."""

    prefix: ClassVar[str] = "card"
    key: ClassVar[str] = "card_id"

    card_id: AggregateId


class CardIssued(CardEvent):
    """A reader has a card."""

    reader: str


class CardReturned(CardEvent):
    """The tombstone."""


class BookText(BaseModel):
    """The text of a book."""

    words: str


LIBRARY = Stream("LIBRARY")

SHELF = Aggregate(
    stream=LIBRARY,
    facts=ShelfEvent,
    events={cls.__name__: cls for cls in (ShelfSetUp, BookPut, BookTaken, ShelfTakenDown)},
    tombstone=ShelfTakenDown,
    rights={"gateway": (ShelfSetUp, BookPut, BookTaken, ShelfTakenDown)},
    blobs="shelves",
)
CARD = Aggregate(
    stream=LIBRARY,
    facts=CardEvent,
    events={cls.__name__: cls for cls in (CardIssued, CardReturned)},
    tombstone=CardReturned,
    rights={"gateway": (CardIssued, CardReturned)},
)
KNOWN = Registry((COURSE, SHELF, CARD))

TEXT = BlobRef(key="shelves/s/ab/abc", sha256="ab" * 32, size=3, media_type="application/json")
SAMPLES: tuple[Event, ...] = (
    ShelfSetUp(shelf_id="s", owner="ann", name="Poems"),
    BookPut(shelf_id="s", book="b", text=TEXT),
    BookTaken(shelf_id="s", book="b"),
    ShelfTakenDown(shelf_id="s", by="ann"),
    CardIssued(card_id="c", reader="bob"),
    CardReturned(card_id="c"),
)


@dataclass(frozen=True)
class Kept:
    """The state of either aggregate: its name, and the books of a shelf."""

    id: str = ""
    name: str = ""
    books: tuple[str, ...] = ()
    created_at: datetime | None = None
    seq: int = 0
    deleted: bool = False


def evolve(state: Kept, recorded: Recorded) -> Kept:
    """The fold of both."""
    if recorded.seq <= state.seq or state.deleted:
        return state
    match recorded.event:
        case ShelfSetUp(name=name) | CardIssued(reader=name):
            state = replace(state, id=recorded.event.aggregate_id, name=name, created_at=recorded.time)
        case BookPut(book=book):
            state = replace(state, books=(*state.books, book))
        case BookTaken(book=book):
            state = replace(state, books=tuple(one for one in state.books if one != book))
        case ShelfTakenDown() | CardReturned():
            state = replace(state, deleted=True)
    return replace(state, seq=recorded.seq)


METADATA = MetaData(schema=PRODUCT.schema, naming_convention=PRODUCT.naming_convention)

shelves = Table(
    "shelves",
    METADATA,
    Column("shelf_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("books", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("state", JSONB, nullable=False),
)
shelf_books = Table(
    "shelf_books",
    METADATA,
    Column("shelf_id", Text, primary_key=True),
    Column("book", Text, primary_key=True),
    Column("words", Text, nullable=False),
    ForeignKeyConstraint(["shelf_id"], [shelves.c.shelf_id], ondelete="CASCADE"),
)
shelf_defects = defects_table("shelf_defects", METADATA, "shelf_id")
cards = Table("cards", METADATA, Column("card_id", Text, primary_key=True), Column("state", JSONB, nullable=False))
card_defects = defects_table("card_defects", METADATA, "card_id")


def _stored(state: Kept) -> dict[str, Any]:
    at = state.created_at.isoformat() if state.created_at else None
    return {**asdict(state), "books": list(state.books), "created_at": at}


def _states(table: Table, key: str) -> Any:
    async def load(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, Kept]:
        query = select(table.c[key], table.c.state.cast(Text)).where(table.c[key].in_(ids))
        found = {one: json.loads(state) for one, state in await connection.execute(query)}
        return {
            one: Kept(
                **{**state, "books": tuple(state["books"]), "created_at": datetime.fromisoformat(state["created_at"])}
            )
            for one, state in found.items()
        }

    return load


def _save_shelf(state: Kept) -> Changes:
    row = {"name": state.name, "books": len(state.books), "seq": state.seq, "created_at": state.created_at}
    return put(shelves, {"shelf_id": state.id, **row, "state": _stored(state)})


def _save_card(state: Kept) -> Changes:
    return put(cards, {"card_id": state.id, "state": _stored(state)})


def _books(fact: Fact) -> Changes:
    match fact.recorded.event:
        case BookPut(shelf_id=shelf, book=book, text=ref) if (text := fact.load(ref, BookText)) is not None:
            return put(shelf_books, {"shelf_id": shelf, "book": book, "words": text.words})
        case BookTaken(book=book):
            return remove(shelf_books, [row for row in fact.stored.of(shelf_books) if row["book"] == book])
        case _:
            return ()


SHELF_SIDE = ReadSide(
    aggregate=SHELF,
    tables=(shelves, shelf_books, shelf_defects),
    defects=shelf_defects,
    begin=Kept(),
    evolve=evolve,
    load=_states(shelves, "shelf_id"),
    save=_save_shelf,
    projections=(_books,),
    looks_at=lambda event: (shelf_books,) if isinstance(event, BookTaken) else (),
    needed=lambda event, _: ((event.text, BookText),) if isinstance(event, BookPut) else (),
)
CARD_SIDE = ReadSide(
    aggregate=CARD,
    tables=(cards, card_defects),
    defects=card_defects,
    begin=Kept(),
    evolve=evolve,
    load=_states(cards, "card_id"),
    save=_save_card,
)
SIDES = (SHELF_SIDE, CARD_SIDE)


@dataclass(frozen=True)
class SetUp:
    """Set a shelf up."""

    shelf_id: str
    owner: str
    name: str


@dataclass(frozen=True)
class Take:
    """Take a book away."""

    shelf_id: str
    book: str


class ShelfDecisions:
    """See shared.readmodels.writing.Decisions; a decision is the event."""

    def is_there(self, owner: str | None, state: Kept, command: SetUp | Take) -> bool:
        """A shelf is everybody's."""
        return isinstance(command, SetUp) or state.seq > 0

    def decide(self, state: Kept, command: SetUp | Take) -> ShelfEvent | Refusal | Same:
        """See Decisions.decide."""
        match command:
            case SetUp(shelf_id, owner, name):
                return Same() if state.seq else ShelfSetUp(shelf_id=shelf_id, owner=owner, name=name)
            case Take(shelf_id, book) if book in state.books:
                return BookTaken(shelf_id=shelf_id, book=book)
            case Take():
                return Refusal(404, "not_found", "There is no such book")

    async def plan(
        self, state: Kept, decision: ShelfEvent, command_id: str, source: str, traceparent: str
    ) -> list[NewEvent]:
        """See Decisions.plan."""
        named = event_id(command_id, type(decision).__name__, decision.natural_key())
        return [NewEvent(decision, named, source, command_id, command_id, traceparent)]

    def task_of(self, events: Sequence[NewEvent | Recorded]) -> str | None:
        """A shelf has no runs."""
        return None
