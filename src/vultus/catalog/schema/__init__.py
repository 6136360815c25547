"""The tables. Moments are nanoseconds since 1970 UTC; JSON is text, read and written by msgspec."""

from vultus.catalog.schema.accounts import (
    access_keys,
    account,
    attachments,
    buckets,
    groups,
    memberships,
    nonces,
    policies,
    policy_versions,
    roles,
    users,
)
from vultus.catalog.schema.columns import metadata
from vultus.catalog.schema.library import (
    clusters,
    datasets,
    decisions,
    distinctions,
    figures,
    files,
    fragments,
    jobs,
    new_embeddings,
    projects,
    rejections,
    tasks,
)

#: The migration that makes these tables; a test compares it with the newest file of migrations/versions.
REVISION = "0009"

__all__ = [
    "REVISION",
    "access_keys",
    "account",
    "attachments",
    "buckets",
    "clusters",
    "datasets",
    "decisions",
    "distinctions",
    "figures",
    "files",
    "fragments",
    "groups",
    "jobs",
    "memberships",
    "metadata",
    "new_embeddings",
    "nonces",
    "policies",
    "policy_versions",
    "projects",
    "rejections",
    "roles",
    "tasks",
    "users",
]
