"""Who may do what: the account, its users, groups, roles, policies and keys, and what servers remember of requests."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from vultus.catalog.schema.columns import Name, RowId, metadata, needed, parent, row_id, times

account = Table(
    "account",
    metadata,
    Column("id", RowId, CheckConstraint("id = 1", name="single"), primary_key=True, autoincrement=False),
    needed("owner_id", Text),
    needed("create_time", BigInteger),
)

# Names of users, groups, roles and policies are kept as they were given and are unique in any case: "folded" is the
# name in small letters.

users = Table(
    "users",
    metadata,
    row_id(),
    Column("user_id", Text, nullable=False, unique=True),
    needed("name", Name),
    Column("folded", Text, nullable=False, unique=True),
    needed("display_name", Text),
    needed("comments", Text),
    needed("mobile_phone", Text),
    needed("email", Text),
    *times(),
    sqlite_autoincrement=True,
)

groups = Table(
    "groups",
    metadata,
    row_id(),
    Column("group_id", Text, nullable=False, unique=True),
    needed("name", Name),
    Column("folded", Text, nullable=False, unique=True),
    needed("comments", Text),
    *times(),
    sqlite_autoincrement=True,
)

memberships = Table(
    "memberships",
    metadata,
    row_id(),
    parent("user_id", "users", on_delete="RESTRICT"),
    parent("group_id", "groups", on_delete="RESTRICT"),
    needed("join_time", BigInteger),
    UniqueConstraint("user_id", "group_id"),
    Index(None, "group_id"),
    sqlite_autoincrement=True,
)

roles = Table(
    "roles",
    metadata,
    row_id(),
    Column("role_id", Text, nullable=False, unique=True),
    needed("name", Name),
    Column("folded", Text, nullable=False, unique=True),
    needed("description", Text),
    # Who may take the role on.
    needed("trust_document", Text),
    needed("max_session_duration", Integer),
    *times(),
    sqlite_autoincrement=True,
)

# Policies that people wrote; those of the system are part of the code.
policies = Table(
    "policies",
    metadata,
    row_id(),
    needed("name", Name),
    Column("folded", Text, nullable=False, unique=True),
    needed("description", Text),
    needed("default_version", Integer),
    # The highest number that was ever given: none is given twice.
    needed("last_version", Integer),
    *times(),
    sqlite_autoincrement=True,
)

policy_versions = Table(
    "policy_versions",
    metadata,
    row_id(),
    parent("policy_id", "policies", on_delete="CASCADE"),
    needed("version", Integer),
    needed("document", Text),
    needed("create_time", BigInteger),
    UniqueConstraint("policy_id", "version"),
    sqlite_autoincrement=True,
)

attachments = Table(
    "attachments",
    metadata,
    row_id(),
    needed("policy_type", Text),
    needed("policy_name", Name),
    # None for a policy of the system.
    parent("policy_id", "policies", on_delete="RESTRICT", nullable=True),
    parent("user_id", "users", on_delete="RESTRICT", nullable=True),
    parent("group_id", "groups", on_delete="RESTRICT", nullable=True),
    parent("role_id", "roles", on_delete="RESTRICT", nullable=True),
    needed("attach_time", BigInteger),
    CheckConstraint(
        "(user_id IS NOT NULL AND group_id IS NULL AND role_id IS NULL)"
        " OR (user_id IS NULL AND group_id IS NOT NULL AND role_id IS NULL)"
        " OR (user_id IS NULL AND group_id IS NULL AND role_id IS NOT NULL)",
        name="holder",
    ),
    UniqueConstraint("user_id", "policy_type", "policy_name"),
    UniqueConstraint("group_id", "policy_type", "policy_name"),
    UniqueConstraint("role_id", "policy_type", "policy_name"),
    Index(None, "policy_type", "policy_name"),
    Index(None, "policy_id"),
    sqlite_autoincrement=True,
)

access_keys = Table(
    "access_keys",
    metadata,
    row_id(),
    Column("key_id", Text, nullable=False, unique=True),
    # Encrypted; see ram/cipher.py.
    needed("secret", Text),
    # None for the keys of the root.
    parent("user_id", "users", on_delete="RESTRICT", nullable=True),
    needed("status", Text),
    needed("create_time", BigInteger),
    Column("last_used_time", BigInteger),
    Index(None, "user_id"),
    sqlite_autoincrement=True,
)

# What server processes on several machines have to know of each other's requests; PostgreSQL may lose it in a crash.
# On SQLite both stay empty: there it is kept in a file apart from the catalog (ram/gate_file.py).

nonces = Table(
    "nonces",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    needed("expires", Double),  # seconds
    Index(None, "expires"),
)

buckets = Table(
    "buckets",
    metadata,
    Column("name", Name, primary_key=True),
    # When it would be full again.
    needed("until", BigInteger),
)
