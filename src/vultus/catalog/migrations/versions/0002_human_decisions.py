"""What people decided about faces and clusters."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add it: nobody has decided anything yet, but for the names that were given."""
    op.add_column("figures", sa.Column("pinned", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("clusters", sa.Column("ignored", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("clusters", sa.Column("edited", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE clusters SET edited = true WHERE meta_lock_version > 0")
    op.create_table(
        "rejections",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("dataset_id", sa.BigInteger(), nullable=False),
        sa.Column("figure_id", sa.BigInteger(), nullable=False),
        sa.Column("cluster_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["datasets.id"], name=op.f("fk_rejections_dataset_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["figure_id"], ["figures.id"], name=op.f("fk_rejections_figure_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["clusters.id"], name=op.f("fk_rejections_cluster_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejections")),
        sa.UniqueConstraint("figure_id", "cluster_id", name=op.f("uq_rejections_figure_id_cluster_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_rejections_dataset_id"), "rejections", ["dataset_id"], unique=False)
    op.create_index(op.f("ix_rejections_cluster_id"), "rejections", ["cluster_id"], unique=False)
    op.create_table(
        "distinctions",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("dataset_id", sa.BigInteger(), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_distinctions_ordered")),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["datasets.id"], name=op.f("fk_distinctions_dataset_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["first_id"], ["clusters.id"], name=op.f("fk_distinctions_first_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["clusters.id"], name=op.f("fk_distinctions_second_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distinctions")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_distinctions_first_id_second_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_distinctions_dataset_id"), "distinctions", ["dataset_id"], unique=False)
    op.create_index(op.f("ix_distinctions_second_id"), "distinctions", ["second_id"], unique=False)
