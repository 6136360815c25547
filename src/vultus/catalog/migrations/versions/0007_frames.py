"""Which frame of a video a face was found in."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; all faces so far are of pictures."""
    op.add_column("figures", sa.Column("frame", sa.Integer(), server_default="0", nullable=False))
