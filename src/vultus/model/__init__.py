"""The nouns on the wire: structs named in snake_case here and as IMM names them outside."""

from vultus.model.address import Address
from vultus.model.credential_config import CredentialConfig, CredentialConfigChain
from vultus.model.dataset import Dataset, WorkflowParameter
from vultus.model.element import Element, ElementContent, ElementRelation, SceneElement
from vultus.model.figure import Boundary, Figure, HeadPose, PointInt64
from vultus.model.figure_cluster import FigureCluster
from vultus.model.file import File
from vultus.model.image import CroppingSuggestion, Image, ImageScore, OCRContents
from vultus.model.input_file import InputFile, InputFileFigures
from vultus.model.insights import ImageInsight, Insights, MultilingualContentEntry, VideoInsight
from vultus.model.label import Clip, Label
from vultus.model.notification import MNS, Notification, RocketMQ
from vultus.model.project import Project, ProjectTags
from vultus.model.stream import AudioStream, SubtitleStream, VideoStream
from vultus.model.task import TaskInfo
from vultus.model.time_range import TimeRange

__all__ = [
    "MNS",
    "Address",
    "AudioStream",
    "Boundary",
    "Clip",
    "CredentialConfig",
    "CredentialConfigChain",
    "CroppingSuggestion",
    "Dataset",
    "Element",
    "ElementContent",
    "ElementRelation",
    "Figure",
    "FigureCluster",
    "File",
    "HeadPose",
    "Image",
    "ImageInsight",
    "ImageScore",
    "InputFile",
    "InputFileFigures",
    "Insights",
    "Label",
    "MultilingualContentEntry",
    "Notification",
    "OCRContents",
    "PointInt64",
    "Project",
    "ProjectTags",
    "RocketMQ",
    "SceneElement",
    "SubtitleStream",
    "TaskInfo",
    "TimeRange",
    "VideoInsight",
    "VideoStream",
    "WorkflowParameter",
]
