"""What is to be told, and how far the log was heard. No log brings back which message was sent."""

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, Table, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB

from shared.readmodels.base import APP_METADATA

notices = Table(
    "notices",
    APP_METADATA,
    Column("event_id", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("about", JSONB, nullable=False),
    Column("happened_at", DateTime(timezone=True), nullable=False),
    Column("status", Text, nullable=False, server_default="pending"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("error", Text, nullable=False, server_default=""),
    Column("next_attempt_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("finished_at", DateTime(timezone=True)),
    Index("ix_notices_due", "channel", "next_attempt_at", postgresql_where=text("finished_at IS NULL")),
)

notifier_places = Table(
    "notifier_places",
    APP_METADATA,
    Column("stream", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("event_id", Text),
)
