"""Photos and people: projects, datasets, files, faces, clusters, decisions, tasks and jobs."""

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
    Table,
    Text,
    UniqueConstraint,
    text,
)

from vultus.catalog.schema.columns import Name, flag, metadata, needed, parent, row_id, times


def _limits() -> list[Column[int]]:
    names = ("bind_count", "entity_count", "file_count", "relation_count", "total_file_size")
    return [needed(f"dataset_max_{name}", BigInteger) for name in names]


projects = Table(
    "projects",
    metadata,
    row_id(),
    needed("owner_id", Text),
    needed("name", Name),
    needed("description", Text),
    needed("service_role", Text),
    needed("template_id", Text),
    needed("project_max_dataset_count", BigInteger),
    *_limits(),
    needed("tags", Text),
    *times(),
    UniqueConstraint("name", "owner_id"),
    sqlite_autoincrement=True,
)

datasets = Table(
    "datasets",
    metadata,
    row_id(),
    parent("project_id", "projects", on_delete="RESTRICT"),
    needed("name", Name),
    needed("description", Text),
    needed("template_id", Text),
    *_limits(),
    needed("workflow_parameters", Text),
    needed("model", Text),
    *times(),
    UniqueConstraint("project_id", "name"),
    sqlite_autoincrement=True,
)

files = Table(
    "files",
    metadata,
    row_id(),
    parent("dataset_id", "datasets", on_delete="RESTRICT"),
    # Hash of owner, project, dataset and URI: what makes a URI unique in a dataset, in an index of 64 bytes a row.
    Column("object_id", Text, nullable=False, unique=True),
    needed("uri", Name),
    needed("status", Text),
    needed("reason", Text),
    needed("document", Text),
    needed("input", Text),
    needed("media_type", Text),
    needed("size", BigInteger),
    needed("version", Text),
    Column("recipe", Text, nullable=False, server_default=text("''")),
    needed("model", Text),
    Column("custom_id", Text),
    Column("custom_labels", Text),
    *times(),
    Index(None, "dataset_id", "status"),
    sqlite_autoincrement=True,
)

clusters = Table(
    "clusters",
    metadata,
    row_id(),
    parent("dataset_id", "datasets", on_delete="CASCADE"),
    needed("object_id", Name),
    needed("name", Name),
    Column("custom_id", Text),
    Column("custom_labels", Text),
    # Labels as QueryFigureClusters compares them; see label_index.py.
    needed("label_index", Text),
    needed("gender", Name),
    needed("face_count", Integer),
    needed("image_count", Integer),
    needed("video_count", Integer),
    Column("average_age", Double),
    Column("min_age", Double),
    Column("max_age", Double),
    # Row id of a figure. No foreign key: choosing a cover must not wait for whoever is deleting another file.
    Column("cover_figure", BigInteger),
    needed("cover_pinned", Boolean),
    # Kept out of lists, but it goes on taking in the faces of whom it is about.
    flag("ignored"),
    # Named, merged or otherwise formed by a person: no run may join it to another or take it apart.
    flag("edited"),
    needed("meta_lock_version", BigInteger),
    *times(),
    UniqueConstraint("dataset_id", "object_id"),
    sqlite_autoincrement=True,
)

fragments = Table(
    "fragments",
    metadata,
    row_id(),
    parent("dataset_id", "datasets", on_delete="CASCADE"),
    parent("cluster_id", "clusters", on_delete="CASCADE"),
    needed("create_time", BigInteger),
    Index(None, "cluster_id"),
    Index(None, "dataset_id"),
    sqlite_autoincrement=True,
)

figures = Table(
    "figures",
    metadata,
    row_id(),
    Column("figure_id", Text, nullable=False, unique=True),
    parent("file_id", "files", on_delete="CASCADE"),
    parent("dataset_id", "datasets", on_delete="CASCADE"),
    parent("fragment_id", "fragments", on_delete="SET NULL", nullable=True),
    needed("clustered", Boolean),
    needed("state", Text),
    # Put into its cluster by a person.
    flag("pinned"),
    Column("confidence", Double),
    needed("document", Text),
    needed("embedding", LargeBinary),
    needed("model", Text),
    needed("box_left", Integer),
    needed("box_top", Integer),
    needed("box_width", Integer),
    needed("box_height", Integer),
    # Of a video: when the frame is shown that the face was found in, milliseconds from its start. Of a picture: 0.
    Column("frame", Integer, nullable=False, server_default="0"),
    needed("side", Integer),
    needed("quality", Double),
    needed("pitch", Double),
    needed("roll", Double),
    needed("yaw", Double),
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
    parent("dataset_id", "datasets", on_delete="CASCADE"),
    needed("model", Text),
    # None of these three where it cannot be had; the reason says why.
    Column("embedding", LargeBinary),
    Column("quality", Double),
    Column("document", Text),
    needed("reason", Text),
    Index(None, "dataset_id"),
)

# "This face is not this person." A face is never in a cluster that it was said not to be of.
rejections = Table(
    "rejections",
    metadata,
    row_id(),
    parent("dataset_id", "datasets", on_delete="CASCADE"),
    parent("figure_id", "figures", on_delete="CASCADE"),
    parent("cluster_id", "clusters", on_delete="CASCADE"),
    UniqueConstraint("figure_id", "cluster_id"),
    Index(None, "dataset_id"),
    Index(None, "cluster_id"),
    sqlite_autoincrement=True,
)

# "These two are different people."
distinctions = Table(
    "distinctions",
    metadata,
    row_id(),
    parent("dataset_id", "datasets", on_delete="CASCADE"),
    parent("first_id", "clusters", on_delete="CASCADE"),
    parent("second_id", "clusters", on_delete="CASCADE"),
    CheckConstraint("first_id < second_id", name="ordered"),
    UniqueConstraint("first_id", "second_id"),
    Index(None, "dataset_id"),
    Index(None, "second_id"),
    sqlite_autoincrement=True,
)

decisions = Table(
    "decisions",
    metadata,
    row_id(),
    parent("dataset_id", "datasets", on_delete="CASCADE"),
    needed("kind", Text),
    needed("payload", Text),
    needed("actor", Text),
    needed("time", BigInteger),
    Column("undone_time", BigInteger),
    Index(None, "dataset_id"),
    sqlite_autoincrement=True,
)

tasks = Table(
    "tasks",
    metadata,
    row_id(),
    Column("task_id", Name, nullable=False, unique=True),
    parent("project_id", "projects", on_delete="CASCADE"),
    parent("dataset_id", "datasets", on_delete="SET NULL", nullable=True),
    needed("task_type", Text),
    needed("status", Text),
    needed("progress", Integer),
    # What it is doing at this moment, how much of that is done, and how much there is.
    Column("phase", Text),
    Column("done", BigInteger, nullable=False, server_default="0"),
    Column("total", BigInteger, nullable=False, server_default="0"),
    # What came of it, JSON.
    Column("report", Text),
    needed("code", Text),
    needed("message", Text),
    needed("start_time", BigInteger),
    Column("end_time", BigInteger),
    needed("user_data", Text),
    Column("tags", Text),
    needed("label_index", Text),
    needed("request", Text),
    needed("event_id", Text),
    Index(None, "project_id", "start_time"),
    Index(None, "dataset_id"),
    Index(None, "start_time"),
    sqlite_autoincrement=True,
)

jobs = Table(
    "jobs",
    metadata,
    row_id(),
    needed("kind", Text),
    parent("dataset_id", "datasets", on_delete="CASCADE", nullable=True),
    parent("file_id", "files", on_delete="CASCADE", nullable=True),
    parent("task_id", "tasks", on_delete="CASCADE", nullable=True),
    Column("key", Text),
    # Jobs that name the same lane never run at the same time.
    Column("lane", Text),
    needed("payload", Text),
    needed("state", Text),
    needed("priority", Integer),
    needed("attempts", Integer),
    # Percent that is done of what is at work, where that takes long enough for anybody to ask.
    Column("progress", Integer, nullable=False, server_default="0"),
    Column("worker", Text),
    Column("token", Text),
    Column("lease_until", BigInteger),
    needed("run_after", BigInteger),
    needed("reason", Text),
    *times(),
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
