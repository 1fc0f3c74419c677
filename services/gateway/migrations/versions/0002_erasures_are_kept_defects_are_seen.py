"""Erasures are no read model; what could not be shown is"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.execute("ALTER TABLE read_v1.erasures SET SCHEMA app")
    op.create_table(
        "projection_defects",
        sa.Column("course_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("course_id", "seq", name=op.f("pk_projection_defects")),
        schema="read_v1",
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("projection_defects", schema="read_v1")
    op.execute("ALTER TABLE app.erasures SET SCHEMA read_v1")
