"""The catalog: projects, datasets, files, figures, clusters, decisions, tasks and jobs in one SQL database."""

from vultus.catalog.assignment import Absorption, Applied, Assignment
from vultus.catalog.catalog import Catalog
from vultus.catalog.cluster_query import ClusterPage
from vultus.catalog.datasets import DatasetRow, DatasetStatistics
from vultus.catalog.decisions import DecisionRow
from vultus.catalog.figures import Faces, IndexedFace
from vultus.catalog.files import FileCounts, FileRow, IndexedFile
from vultus.catalog.job import Job, JobCounts, LeaseLost, NewJob
from vultus.catalog.keys import KeyRow
from vultus.catalog.paging import PageKey
from vultus.catalog.projects import ProjectRow, ProjectStatistics
from vultus.catalog.tasks import TaskRow

__all__ = [
    "Absorption",
    "Applied",
    "Assignment",
    "Catalog",
    "ClusterPage",
    "DatasetRow",
    "DatasetStatistics",
    "DecisionRow",
    "Faces",
    "FileCounts",
    "FileRow",
    "IndexedFace",
    "IndexedFile",
    "Job",
    "JobCounts",
    "KeyRow",
    "LeaseLost",
    "NewJob",
    "PageKey",
    "ProjectRow",
    "ProjectStatistics",
    "TaskRow",
]
