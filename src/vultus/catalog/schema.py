"""The tables. Moments are nanoseconds since 1970 UTC; JSON is text, read and written by msgspec."""

from typing import TypeVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.types import TypeEngine

T = TypeVar("T")

#: The migration that makes these tables; a test compares it with the newest file of migrations/versions.
REVISION = "0006"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: SQLite numbers rows by itself only in a column of type INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")
#: Text in the order of its bytes, as SQLite has it, whatever the locale of PostgreSQL.
Name = Text().with_variant(Text(collation="C"), "postgresql")


def _row_id() -> Column[int]:
    return Column("id", RowId, primary_key=True)


def _parent(name: str, target: str, *, on_delete: str, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, ForeignKey(f"{target}.id", ondelete=on_delete), nullable=nullable)


def _needed(name: str, kind: TypeEngine[T] | type[TypeEngine[T]]) -> Column[T]:
    return Column(name, kind, nullable=False)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=false())


def _limits() -> list[Column[int]]:
    names = ("bind_count", "entity_count", "file_count", "relation_count", "total_file_size")
    return [_needed(f"dataset_max_{name}", BigInteger) for name in names]


def _times() -> list[Column[int]]:
    return [_needed("create_time", BigInteger), _needed("update_time", BigInteger)]


# sqlite_autoincrement: an id is never given twice, so that an id held by someone else names nothing rather than
# another row once its own is gone.

account = Table(
    "account",
    metadata,
    Column("id", RowId, CheckConstraint("id = 1", name="single"), primary_key=True, autoincrement=False),
    _needed("owner_id", Text),
    _needed("create_time", BigInteger),
)

# Names of users, groups, roles and policies are kept as they were given and are unique in any case: "folded" is the
# name in small letters.

users = Table(
    "users",
    metadata,
    _row_id(),
    Column("user_id", Text, nullable=False, unique=True),
    _needed("name", Name),
    Column("folded", Text, nullable=False, unique=True),
    _needed("display_name", Text),
    _needed("comments", Text),
    _needed("mobile_phone", Text),
    _needed("email", Text),
    *_times(),
    sqlite_autoincrement=True,
)

groups = Table(
    "groups",
    metadata,
    _row_id(),
    Column("group_id", Text, nullable=False, unique=True),
    _needed("name", Name),
    Column("folded", Text, nullable=False, unique=True),
    _needed("comments", Text),
    *_times(),
    sqlite_autoincrement=True,
)

memberships = Table(
    "memberships",
    metadata,
    _row_id(),
    _parent("user_id", "users", on_delete="RESTRICT"),
    _parent("group_id", "groups", on_delete="RESTRICT"),
    _needed("join_time", BigInteger),
    UniqueConstraint("user_id", "group_id"),
    Index(None, "group_id"),
    sqlite_autoincrement=True,
)

roles = Table(
    "roles",
    metadata,
    _row_id(),
    Column("role_id", Text, nullable=False, unique=True),
    _needed("name", Name),
    Column("folded", Text, nullable=False, unique=True),
    _needed("description", Text),
    # Who may take the role on.
    _needed("trust_document", Text),
    _needed("max_session_duration", Integer),
    *_times(),
    sqlite_autoincrement=True,
)

# Policies that people wrote; those of the system are part of the code.
policies = Table(
    "policies",
    metadata,
    _row_id(),
    _needed("name", Name),
    Column("folded", Text, nullable=False, unique=True),
    _needed("description", Text),
    _needed("default_version", Integer),
    # The highest number that was ever given: none is given twice.
    _needed("last_version", Integer),
    *_times(),
    sqlite_autoincrement=True,
)

policy_versions = Table(
    "policy_versions",
    metadata,
    _row_id(),
    _parent("policy_id", "policies", on_delete="CASCADE"),
    _needed("version", Integer),
    _needed("document", Text),
    _needed("create_time", BigInteger),
    UniqueConstraint("policy_id", "version"),
    sqlite_autoincrement=True,
)

attachments = Table(
    "attachments",
    metadata,
    _row_id(),
    _needed("policy_type", Text),
    _needed("policy_name", Name),
    # None for a policy of the system.
    _parent("policy_id", "policies", on_delete="RESTRICT", nullable=True),
    _parent("user_id", "users", on_delete="RESTRICT", nullable=True),
    _parent("group_id", "groups", on_delete="RESTRICT", nullable=True),
    _parent("role_id", "roles", on_delete="RESTRICT", nullable=True),
    _needed("attach_time", BigInteger),
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
    _row_id(),
    Column("key_id", Text, nullable=False, unique=True),
    # Encrypted; see ram/cipher.py.
    _needed("secret", Text),
    # None for the keys of the root.
    _parent("user_id", "users", on_delete="RESTRICT", nullable=True),
    _needed("status", Text),
    _needed("create_time", BigInteger),
    Column("last_used_time", BigInteger),
    Index(None, "user_id"),
    sqlite_autoincrement=True,
)

projects = Table(
    "projects",
    metadata,
    _row_id(),
    _needed("owner_id", Text),
    _needed("name", Name),
    _needed("description", Text),
    _needed("service_role", Text),
    _needed("template_id", Text),
    _needed("project_max_dataset_count", BigInteger),
    *_limits(),
    _needed("tags", Text),
    *_times(),
    UniqueConstraint("name", "owner_id"),
    sqlite_autoincrement=True,
)

datasets = Table(
    "datasets",
    metadata,
    _row_id(),
    _parent("project_id", "projects", on_delete="RESTRICT"),
    _needed("name", Name),
    _needed("description", Text),
    _needed("template_id", Text),
    *_limits(),
    _needed("workflow_parameters", Text),
    _needed("model", Text),
    *_times(),
    UniqueConstraint("project_id", "name"),
    sqlite_autoincrement=True,
)

files = Table(
    "files",
    metadata,
    _row_id(),
    _parent("dataset_id", "datasets", on_delete="RESTRICT"),
    # Hash of owner, project, dataset and URI: what makes a URI unique in a dataset, in an index of 64 bytes a row.
    Column("object_id", Text, nullable=False, unique=True),
    _needed("uri", Name),
    _needed("status", Text),
    _needed("reason", Text),
    _needed("document", Text),
    _needed("input", Text),
    _needed("media_type", Text),
    _needed("size", BigInteger),
    _needed("version", Text),
    _needed("model", Text),
    Column("custom_id", Text),
    Column("custom_labels", Text),
    *_times(),
    Index(None, "dataset_id", "status"),
    sqlite_autoincrement=True,
)

clusters = Table(
    "clusters",
    metadata,
    _row_id(),
    _parent("dataset_id", "datasets", on_delete="CASCADE"),
    _needed("object_id", Name),
    _needed("name", Name),
    Column("custom_id", Text),
    Column("custom_labels", Text),
    # Labels as QueryFigureClusters compares them; see label_index.py.
    _needed("label_index", Text),
    _needed("gender", Name),
    _needed("face_count", Integer),
    _needed("image_count", Integer),
    _needed("video_count", Integer),
    Column("average_age", Double),
    Column("min_age", Double),
    Column("max_age", Double),
    # Row id of a figure. No foreign key: choosing a cover must not wait for whoever is deleting another file.
    Column("cover_figure", BigInteger),
    _needed("cover_pinned", Boolean),
    # Kept out of lists, but it goes on taking in the faces of whom it is about.
    _flag("ignored"),
    # Named, merged or otherwise formed by a person: no run may join it to another or take it apart.
    _flag("edited"),
    _needed("meta_lock_version", BigInteger),
    *_times(),
    UniqueConstraint("dataset_id", "object_id"),
    sqlite_autoincrement=True,
)

fragments = Table(
    "fragments",
    metadata,
    _row_id(),
    _parent("dataset_id", "datasets", on_delete="CASCADE"),
    _parent("cluster_id", "clusters", on_delete="CASCADE"),
    _needed("create_time", BigInteger),
    Index(None, "cluster_id"),
    Index(None, "dataset_id"),
    sqlite_autoincrement=True,
)

figures = Table(
    "figures",
    metadata,
    _row_id(),
    Column("figure_id", Text, nullable=False, unique=True),
    _parent("file_id", "files", on_delete="CASCADE"),
    _parent("dataset_id", "datasets", on_delete="CASCADE"),
    _parent("fragment_id", "fragments", on_delete="SET NULL", nullable=True),
    _needed("clustered", Boolean),
    _needed("state", Text),
    # Put into its cluster by a person.
    _flag("pinned"),
    Column("confidence", Double),
    _needed("document", Text),
    _needed("embedding", LargeBinary),
    _needed("model", Text),
    _needed("box_left", Integer),
    _needed("box_top", Integer),
    _needed("box_width", Integer),
    _needed("box_height", Integer),
    _needed("side", Integer),
    _needed("quality", Double),
    _needed("pitch", Double),
    _needed("roll", Double),
    _needed("yaw", Double),
    Column("gender", Text),
    Column("age", Integer),
    Index(None, "file_id"),
    Index(None, "dataset_id"),
    Index(None, "fragment_id"),
    sqlite_autoincrement=True,
)

# Embeddings of the model that a dataset is to have, until all are there and take the place of those in use.
new_embeddings = Table(
    "new_embeddings",
    metadata,
    Column(
        "figure_id", BigInteger, ForeignKey("figures.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    _parent("dataset_id", "datasets", on_delete="CASCADE"),
    _needed("model", Text),
    # None of these three where it cannot be had; the reason says why.
    Column("embedding", LargeBinary),
    Column("quality", Double),
    Column("document", Text),
    _needed("reason", Text),
    Index(None, "dataset_id"),
)

# "This face is not this person." A face is never in a cluster that it was said not to be of.
rejections = Table(
    "rejections",
    metadata,
    _row_id(),
    _parent("dataset_id", "datasets", on_delete="CASCADE"),
    _parent("figure_id", "figures", on_delete="CASCADE"),
    _parent("cluster_id", "clusters", on_delete="CASCADE"),
    UniqueConstraint("figure_id", "cluster_id"),
    Index(None, "dataset_id"),
    Index(None, "cluster_id"),
    sqlite_autoincrement=True,
)

# "These two are different people."
distinctions = Table(
    "distinctions",
    metadata,
    _row_id(),
    _parent("dataset_id", "datasets", on_delete="CASCADE"),
    _parent("first_id", "clusters", on_delete="CASCADE"),
    _parent("second_id", "clusters", on_delete="CASCADE"),
    CheckConstraint("first_id < second_id", name="ordered"),
    UniqueConstraint("first_id", "second_id"),
    Index(None, "dataset_id"),
    Index(None, "second_id"),
    sqlite_autoincrement=True,
)

decisions = Table(
    "decisions",
    metadata,
    _row_id(),
    _parent("dataset_id", "datasets", on_delete="CASCADE"),
    _needed("kind", Text),
    _needed("payload", Text),
    _needed("actor", Text),
    _needed("time", BigInteger),
    Column("undone_time", BigInteger),
    Index(None, "dataset_id"),
    sqlite_autoincrement=True,
)

tasks = Table(
    "tasks",
    metadata,
    _row_id(),
    Column("task_id", Name, nullable=False, unique=True),
    _parent("project_id", "projects", on_delete="CASCADE"),
    _parent("dataset_id", "datasets", on_delete="SET NULL", nullable=True),
    _needed("task_type", Text),
    _needed("status", Text),
    _needed("progress", Integer),
    # What it is doing at this moment, how much of that is done, and how much there is.
    Column("phase", Text),
    Column("done", BigInteger, nullable=False, server_default="0"),
    Column("total", BigInteger, nullable=False, server_default="0"),
    # What came of it, JSON.
    Column("report", Text),
    _needed("code", Text),
    _needed("message", Text),
    _needed("start_time", BigInteger),
    Column("end_time", BigInteger),
    _needed("user_data", Text),
    Column("tags", Text),
    _needed("label_index", Text),
    _needed("request", Text),
    _needed("event_id", Text),
    Index(None, "project_id", "start_time"),
    Index(None, "dataset_id"),
    Index(None, "start_time"),
    sqlite_autoincrement=True,
)

jobs = Table(
    "jobs",
    metadata,
    _row_id(),
    _needed("kind", Text),
    _parent("dataset_id", "datasets", on_delete="CASCADE", nullable=True),
    _parent("file_id", "files", on_delete="CASCADE", nullable=True),
    _parent("task_id", "tasks", on_delete="CASCADE", nullable=True),
    Column("key", Text),
    # Jobs that name the same lane never run at the same time.
    Column("lane", Text),
    _needed("payload", Text),
    _needed("state", Text),
    _needed("priority", Integer),
    _needed("attempts", Integer),
    Column("worker", Text),
    Column("token", Text),
    Column("lease_until", BigInteger),
    _needed("run_after", BigInteger),
    _needed("reason", Text),
    *_times(),
    Index("ix_jobs_runnable", "state", "kind", "priority", "run_after", "id"),
    Index("ix_jobs_lease", "state", "lease_until"),
    Index(None, "dataset_id"),
    Index(None, "file_id"),
    Index(None, "task_id"),
    sqlite_autoincrement=True,
)
# The rules of the queue, kept by the database itself.
Index(
    "uq_jobs_queued_key",
    jobs.c.key,
    unique=True,
    sqlite_where=jobs.c.state == "queued",
    postgresql_where=jobs.c.state == "queued",
)
Index(
    "uq_jobs_running_lane",
    jobs.c.lane,
    unique=True,
    sqlite_where=jobs.c.state == "running",
    postgresql_where=jobs.c.state == "running",
)

# What server processes on several machines have to know of each other's requests; PostgreSQL may lose it in a crash.
# On SQLite both stay empty: there it is kept in a file apart from the catalog (ram/gate_file.py).

nonces = Table(
    "nonces",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    _needed("expires", Double),  # seconds
    Index(None, "expires"),
)

buckets = Table(
    "buckets",
    metadata,
    Column("name", Name, primary_key=True),
    # When it would be full again.
    _needed("until", BigInteger),
)
