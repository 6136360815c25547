"""Which embedding model a dataset is of, and embeddings of another one on their way."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# The default changes with this version: what is indexed already is of the model that most of its files name.
SETTLE = """
UPDATE datasets SET model = COALESCE(
    (SELECT model FROM files WHERE files.dataset_id = datasets.id AND files.model <> ''
     GROUP BY model ORDER BY count(*) DESC, model LIMIT 1), '')
WHERE model = ''
"""


def upgrade() -> None:
    """Add it; datasets that hold files keep the model these were indexed with."""
    op.create_table(
        "new_embeddings",
        sa.Column("figure_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("dataset_id", sa.BigInteger(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("embedding", sa.LargeBinary(), nullable=True),
        sa.Column("quality", sa.Double(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["figure_id"], ["figures.id"], name=op.f("fk_new_embeddings_figure_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["datasets.id"], name=op.f("fk_new_embeddings_dataset_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("figure_id", name=op.f("pk_new_embeddings")),
    )
    op.create_index(op.f("ix_new_embeddings_dataset_id"), "new_embeddings", ["dataset_id"], unique=False)
    op.execute(SETTLE)
