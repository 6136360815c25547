"""Users, groups, roles and policies."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add them. The access keys that there are belong to the root: nobody else could have any."""
    op.create_table(
        "users",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("comments", sa.Text(), nullable=False),
        sa.Column("mobile_phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("update_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("user_id", name=op.f("uq_users_user_id")),
        sa.UniqueConstraint("folded", name=op.f("uq_users_folded")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "groups",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("comments", sa.Text(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("update_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("group_id", name=op.f("uq_groups_group_id")),
        sa.UniqueConstraint("folded", name=op.f("uq_groups_folded")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "memberships",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("join_time", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_memberships_group_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("user_id", "group_id", name=op.f("uq_memberships_user_id_group_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_memberships_group_id"), "memberships", ["group_id"], unique=False)
    op.create_table(
        "roles",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("role_id", sa.Text(), nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("trust_document", sa.Text(), nullable=False),
        sa.Column("max_session_duration", sa.Integer(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("update_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("role_id", name=op.f("uq_roles_role_id")),
        sa.UniqueConstraint("folded", name=op.f("uq_roles_folded")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "policies",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("default_version", sa.Integer(), nullable=False),
        sa.Column("last_version", sa.Integer(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("update_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policies")),
        sa.UniqueConstraint("folded", name=op.f("uq_policies_folded")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "policy_versions",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("policy_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policies.id"], name=op.f("fk_policy_versions_policy_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_versions")),
        sa.UniqueConstraint("policy_id", "version", name=op.f("uq_policy_versions_policy_id_version")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "attachments",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("policy_type", sa.Text(), nullable=False),
        sa.Column("policy_name", NAME, nullable=False),
        sa.Column("policy_id", sa.BigInteger(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.Column("role_id", sa.BigInteger(), nullable=True),
        sa.Column("attach_time", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(user_id IS NOT NULL AND group_id IS NULL AND role_id IS NULL)"
            " OR (user_id IS NULL AND group_id IS NOT NULL AND role_id IS NULL)"
            " OR (user_id IS NULL AND group_id IS NULL AND role_id IS NOT NULL)",
            name=op.f("ck_attachments_holder"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policies.id"], name=op.f("fk_attachments_policy_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_attachments_user_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_attachments_group_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name=op.f("fk_attachments_role_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        *(
            sa.UniqueConstraint(
                holder, "policy_type", "policy_name", name=op.f(f"uq_attachments_{holder}_policy_type_policy_name")
            )
            for holder in ("user_id", "group_id", "role_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_attachments_policy_type_policy_name"), "attachments", ["policy_type", "policy_name"], unique=False
    )
    op.create_index(op.f("ix_attachments_policy_id"), "attachments", ["policy_id"], unique=False)
    with op.batch_alter_table("access_keys", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.add_column(sa.Column("user_id", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("last_used_time", sa.BigInteger(), nullable=True))
        batch.drop_column("user")
        batch.create_foreign_key(op.f("fk_access_keys_user_id"), "users", ["user_id"], ["id"], ondelete="RESTRICT")
        batch.create_index(op.f("ix_access_keys_user_id"), ["user_id"], unique=False)
