"""Model keys of organisations, sealed"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "org_model_keys",
        sa.Column("org_id", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text()),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("last_four", sa.Text()),
        sa.Column("is_free_trial", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("org_id"),
        schema="app",
    )
