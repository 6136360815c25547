"""What a task is doing, how far it is, and what came of it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it: of tasks that have ended, it is not known."""
    op.add_column("tasks", sa.Column("phase", sa.Text(), nullable=True))
    op.add_column("tasks", sa.Column("done", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("tasks", sa.Column("total", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("tasks", sa.Column("report", sa.Text(), nullable=True))
