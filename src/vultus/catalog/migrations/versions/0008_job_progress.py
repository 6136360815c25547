"""How far a job is that works on something long."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; no job has said anything so far."""
    op.add_column("jobs", sa.Column("progress", sa.Integer(), server_default="0", nullable=False))
