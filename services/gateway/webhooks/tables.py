"""The tables of webhooks. They are no read model: the log does not hold them, so they are backed up."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from shared.readmodels.base import APP_METADATA

webhooks = Table(
    "webhooks",
    APP_METADATA,
    Column("webhook_id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("event_types", ARRAY(Text), nullable=False),
    Column("description", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("disabled_reason", Text, nullable=False, server_default=""),
    Column("secret", LargeBinary, nullable=False),  # sealed
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("ix_webhooks_owner", "owner"),
)

deliveries = Table(
    "webhook_deliveries",
    APP_METADATA,
    Column("delivery_id", Text, primary_key=True),
    Column("webhook_id", Text, ForeignKey(webhooks.c.webhook_id, ondelete="CASCADE"), nullable=False),
    Column("event_id", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("course_id", Text, nullable=False),
    Column("event_type", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("status", Text, nullable=False, server_default="pending"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("response_status", Integer),
    Column("error", Text, nullable=False, server_default=""),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("next_attempt_at", DateTime(timezone=True), server_default=func.now()),
    Column("finished_at", DateTime(timezone=True)),
    UniqueConstraint("webhook_id", "event_id", name="uq_webhook_deliveries_event"),
    Index(
        "ix_webhook_deliveries_due", "webhook_id", "next_attempt_at", "seq", postgresql_where=text("status = 'pending'")
    ),
    Index("ix_webhook_deliveries_page", "webhook_id", "seq"),
    Index("ix_webhook_deliveries_course_id", "course_id"),
)
