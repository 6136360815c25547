"""The catalog: projects, datasets, files, figures, clusters, decisions, tasks and jobs in one SQL database."""

from vultus.catalog.catalog import Catalog
from vultus.catalog.datasets import DatasetRow, DatasetStatistics
from vultus.catalog.figures import Faces, IndexedFace
from vultus.catalog.files import FileCounts, FileRow, IndexedFile
from vultus.catalog.jobs import Job, JobCounts, LeaseLost, NewJob
from vultus.catalog.projects import ProjectRow, ProjectStatistics

__all__ = [
    "Catalog",
    "DatasetRow",
    "DatasetStatistics",
    "Faces",
    "FileCounts",
    "FileRow",
    "IndexedFace",
    "IndexedFile",
    "Job",
    "JobCounts",
    "LeaseLost",
    "NewJob",
    "ProjectRow",
    "ProjectStatistics",
]
