"""The tables of what the log does not hold

The read tables stand in no migration: the log holds what is in them, so `read_schemas.make_live` makes them as the
code has them. The number goes on from sixteen steps that were folded into this one, so that a database that had taken
all of them is up to date.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0017"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# The planner's catalog copies nothing that users wrote.
_WITHOUT_STATISTICS = {
    "credentials": ("credential_id", "name", "host", "kind", "username", "key_id", "sealed"),
    "erasures": ("aggregate", "aggregate_id"),
    "idempotency_keys": ("key_hash", "request_hash", "command_id", "headers", "body"),
    "webhooks": ("url", "event_types", "description", "disabled_reason"),
    "webhook_deliveries": ("delivery_id", "event_id", "event_type", "body", "error"),
    "notices": ("event_id", "channel", "kind", "topic", "about", "error"),
    "notifier_places": ("event_id",),
    "org_model_keys": ("org_id", "key_id", "last_four"),
    "model_spending": ("org_id", "asked_id", "conversation_id", "paid_by"),
}
_NOW = sa.func.now()


def upgrade() -> None:
    """Apply."""
    _answers_and_erasures()
    _webhooks()
    _credentials()
    _models()
    _notices()
    for table, columns in _WITHOUT_STATISTICS.items():
        actions = ", ".join(f"ALTER COLUMN {name} SET STATISTICS 0" for name in columns)
        op.execute(f"ALTER TABLE app.{table} {actions}")


def _answers_and_erasures() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("key_hash", sa.Text(), primary_key=True),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("command_id", sa.Text(), nullable=False),
        sa.Column("course_id", sa.Text()),
        sa.Column("status", sa.Integer()),
        sa.Column("headers", sa.JSON()),
        sa.Column("body", sa.JSON()),
        sa.Column("claimed_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        schema="app",
    )
    op.create_index("ix_idempotency_keys_claimed_at", "idempotency_keys", ["claimed_at"], schema="app")
    op.create_index("ix_idempotency_keys_course_id", "idempotency_keys", ["course_id"], schema="app")
    op.create_table(
        "erasures",
        sa.Column("aggregate", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("aggregate", "aggregate_id", name="pk_erasures"),
        schema="app",
    )


def _webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("webhook_id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("event_types", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("disabled_reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=_NOW),
        sa.PrimaryKeyConstraint("webhook_id", name="pk_webhooks"),
        schema="app",
    )
    op.create_index("ix_webhooks_owner", "webhooks", ["owner"], schema="app")
    op.create_table(
        "webhook_deliveries",
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("webhook_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False, server_default="pending"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("response_status", sa.Integer()),
        sa.Column("error", sa.Text(), nullable=False, server_default=""),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=_NOW),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), server_default=_NOW),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("delivery_id", name="pk_webhook_deliveries"),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["app.webhooks.webhook_id"], name="fk_webhook_deliveries_webhook", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("webhook_id", "event_id", name="uq_webhook_deliveries_event"),
        schema="app",
    )
    due, pending = ["webhook_id", "next_attempt_at", "seq"], sa.text("status = 'pending'")
    op.create_index("ix_webhook_deliveries_due", "webhook_deliveries", due, schema="app", postgresql_where=pending)
    op.create_index("ix_webhook_deliveries_page", "webhook_deliveries", ["webhook_id", "seq"], schema="app")
    op.create_index("ix_webhook_deliveries_course_id", "webhook_deliveries", ["course_id"], schema="app")


def _credentials() -> None:
    op.create_table(
        "credentials",
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=_NOW),
        sa.Column("last_used_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("credential_id", name="pk_credentials"),
        sa.UniqueConstraint("owner", "name", name="uq_credentials_name"),
        schema="app",
    )


def _models() -> None:
    op.create_table(
        "deleted_use",
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("usd", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("seq", "day", name="pk_deleted_use"),
        schema="app",
    )
    op.create_index("ix_deleted_use_owner", "deleted_use", ["owner", "day"], schema="app")
    op.create_table(
        "org_model_keys",
        sa.Column("org_id", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text()),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("last_four", sa.Text()),
        sa.Column("is_free_trial", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("org_id"),
        schema="app",
    )
    op.create_table(
        "model_spending",
        sa.Column("org_id", sa.Text(), nullable=False),
        sa.Column("asked_id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("paid_by", sa.Text(), nullable=False),
        sa.Column("is_settled", sa.Boolean(), nullable=False),
        sa.Column("cost_usd", sa.Double(), nullable=False),
        sa.Column("input_tokens", sa.BigInteger(), nullable=False),
        sa.Column("output_tokens", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("org_id", "asked_id"),
        schema="app",
    )
    op.create_index("ix_model_spending_org_id_at", "model_spending", ["org_id", "at"], schema="app")


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("about", postgresql.JSONB(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("event_id", "channel"),
        schema="app",
    )
    op.create_index(
        "ix_notices_due", "notices", ["channel", "next_attempt_at"], schema="app",
        postgresql_where=sa.text("finished_at IS NULL"),
    )  # fmt: skip
    op.create_table(
        "notifier_places",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Text()),
        sa.PrimaryKeyConstraint("stream"),
        schema="app",
    )
