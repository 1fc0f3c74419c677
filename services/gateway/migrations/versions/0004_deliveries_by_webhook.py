"""Deliveries are taken and shown webhook by webhook"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_DUE, _PAGE, _TABLE = "ix_webhook_deliveries_due", "ix_webhook_deliveries_page", "webhook_deliveries"
_PENDING = sa.text("status = 'pending'")


def upgrade() -> None:
    """Apply."""
    op.drop_index(_DUE, _TABLE, schema="app")
    op.create_index(
        _DUE, _TABLE, ["webhook_id", "next_attempt_at", "seq"], schema="app", postgresql_where=_PENDING
    )  # fmt: skip
    op.create_index(_PAGE, _TABLE, ["webhook_id", "seq"], schema="app")


def downgrade() -> None:
    """Take back."""
    op.drop_index(_PAGE, _TABLE, schema="app")
    op.drop_index(_DUE, _TABLE, schema="app")
    op.create_index(_DUE, _TABLE, ["next_attempt_at"], schema="app", postgresql_where=_PENDING)
