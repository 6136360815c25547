"""What a file was indexed by: other steps find more."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; what was indexed so far is read again when it is handed over the next time."""
    op.add_column("files", sa.Column("recipe", sa.Text(), server_default=sa.text("''"), nullable=False))
