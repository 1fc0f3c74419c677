"""Tables know the log they are of"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.add_column("checkpoints", sa.Column("event_id", sa.Text()), schema="read_v1")
    op.execute("ALTER TABLE read_v1.checkpoints ALTER COLUMN event_id SET STATISTICS 0")


def downgrade() -> None:
    """Take back."""
    op.drop_column("checkpoints", "event_id", schema="read_v1")
