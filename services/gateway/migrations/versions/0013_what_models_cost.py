"""What models cost, and the workers of runs"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    spent = sa.Column("spent", postgresql.JSONB(), nullable=False, server_default="{}")
    op.add_column("courses", spent, schema="read_v1")
    op.alter_column("courses", "spent", server_default=None, schema="read_v1")
    op.add_column("course_tasks", sa.Column("worker", sa.Text()), schema="read_v1")
    op.execute("ALTER TABLE read_v1.courses ALTER COLUMN spent SET STATISTICS 0")  # see revision 0005
    op.execute("ALTER TABLE read_v1.course_tasks ALTER COLUMN worker SET STATISTICS 0")


def downgrade() -> None:
    """Take back."""
    op.drop_column("course_tasks", "worker", schema="read_v1")
    op.drop_column("courses", "spent", schema="read_v1")
