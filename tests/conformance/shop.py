"""The official SDK at work: typed calls, of which every answer is held against the SDK's own classes."""

import re
from dataclasses import dataclass
from typing import Any

from alibabacloud_imm20200930 import models as sdk
from alibabacloud_imm20200930.client import Client
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.models import Config
from darabonba.model import DaraModel

from tests.conformance.clients import Refused
from tests.conformance.running import Running
from tests.conformance.sdk_shape import faults
from tests.synthetic import SyntheticAlbum

LIMITS = {f"DatasetMax{what}" for what in ("BindCount", "EntityCount", "FileCount", "RelationCount", "TotalFileSize")}
WHERE = {"OwnerId", "ProjectName", "DatasetName", "ObjectType", "ObjectId", "CreateTime", "UpdateTime"}

#: What is always there, for each class of the SDK.
PROMISED = {
    "Project": LIMITS
    | {"ProjectName", "CreateTime", "UpdateTime", "Description", "ServiceRole", "TemplateId", "Tags"}
    | {"ProjectMaxDatasetCount"},
    "ProjectTags": {"TagKey", "TagValue"},
    "Dataset": LIMITS
    | {"ProjectName", "DatasetName", "CreateTime", "UpdateTime", "Description", "TemplateId", "BindCount"}
    | {"WorkflowParameters"},
    "File": WHERE | {"URI", "Filename", "ObjectStatus"},
    "Figure": {"FigureId", "FigureType", "FigureConfidence", "FigureClusterId", "FaceQuality", "Boundary"}
    | {"HeadPose", "Sharpness"},
    "Boundary": {"Left", "Top", "Width", "Height"},
    "HeadPose": {"Pitch", "Roll", "Yaw"},
    "FigureCluster": WHERE | {"FaceCount", "ImageCount", "VideoCount", "Cover", "MetaLockVersion"},
    "TaskInfo": {"TaskId", "TaskType", "Status", "Progress", "StartTime"},
    "CreateProjectResponseBody": {"RequestId", "Project"},
    "GetProjectResponseBody": {"RequestId", "Project"},
    "ListProjectsResponseBody": {"RequestId", "Projects"},
    "UpdateProjectResponseBody": {"RequestId", "Project"},
    "DeleteProjectResponseBody": {"RequestId"},
    "CreateDatasetResponseBody": {"RequestId", "Dataset"},
    "GetDatasetResponseBody": {"RequestId", "Dataset"},
    "ListDatasetsResponseBody": {"RequestId", "Datasets"},
    "UpdateDatasetResponseBody": {"RequestId", "Dataset"},
    "DeleteDatasetResponseBody": {"RequestId"},
    "IndexFileMetaResponseBody": {"RequestId", "EventId"},
    "BatchIndexFileMetaResponseBody": {"RequestId", "EventId"},
    "GetFileMetaResponseBody": {"RequestId", "Files"},
    "BatchGetFileMetaResponseBody": {"RequestId", "Files"},
    "DeleteFileMetaResponseBody": {"RequestId"},
    "BatchDeleteFileMetaResponseBody": {"RequestId"},
    "CreateFigureClusteringTaskResponseBody": {"RequestId", "EventId", "TaskId"},
    "GetTaskResponseBody": {"RequestId", "EventId", "ProjectName", "TaskId", "TaskType", "Status", "Progress"}
    | {"StartTime"},
    "ListTasksResponseBody": {"RequestId", "ProjectName", "MaxResults", "Tasks"},
    "GetFigureClusterResponseBody": {"RequestId", "FigureCluster"},
    "BatchGetFigureClusterResponseBody": {"RequestId", "FigureClusters"},
    "QueryFigureClustersResponseBody": {"RequestId", "FigureClusters"},
    "UpdateFigureClusterResponseBody": {"RequestId"},
    "CreateFigureClustersMergingTaskResponseBody": {"RequestId", "EventId", "TaskId"},
    "UpdateFileMetaResponseBody": {"RequestId"},
    "BatchUpdateFileMetaResponseBody": {"RequestId", "Files"},
    "BatchUpdateFileMetaResponseBodyFiles": {"URI", "Success"},
    "DetectImageFacesResponseBody": {"RequestId", "Faces"},
    "CompareImageFacesResponseBody": {"RequestId", "Similarity"},
}


class Recording(Client):
    """The official client, which keeps the last answer as it came."""

    answer: dict[str, Any]

    def call_api(self, params: Any, request: Any, runtime: Any) -> dict[str, Any]:
        self.answer = super().call_api(params, request, runtime)
        return self.answer


@dataclass(frozen=True)
class Shop:
    """A project of this test's own on a running server, and a client that calls operations in it."""

    server: Running
    client: Recording
    project: str

    @classmethod
    def open(cls, server: Running, project: str, *, v1: bool) -> "Shop":
        """Set up the client; the project is not made yet."""
        config = Config(
            access_key_id=server.key.key_id,
            access_key_secret=server.key.secret,
            endpoint=server.endpoint,
            protocol="HTTP",
            signature_algorithm="v2" if v1 else None,  # the SDK's own name for version 1
        )
        return cls(server, Recording(config), project)

    def album(self) -> SyntheticAlbum:
        """Make the project with a dataset ``photos`` that is filled by hand."""
        return SyntheticAlbum.make(self.server.service.catalog, self.project)

    def call(self, action: str, **fields: Any) -> Any:
        """Call an operation of the project by the SDK's typed method; return the typed body.

        Fails when the answer, as it came, is not what the SDK's classes say.
        """
        request = getattr(sdk, f"{action}Request")()
        if hasattr(request, "project_name"):
            request.project_name = self.project
        for name, value in fields.items():
            assert hasattr(request, name), f"{action} has no parameter {name}"
            setattr(request, name, value)
        method = re.sub(r"(?<!^)(?=[A-Z])", "_", action).lower()
        try:
            body: DaraModel = getattr(self.client, method)(request).body
        except AlibabaCloudException as error:
            message = (error.data or {})["Message"]
            raise Refused(error.status_code, error.code, message, error.request_id) from None
        wrong = faults(self.client.answer["body"], type(body), PROMISED)
        assert not wrong, "\n".join(wrong)
        return body

    def refusal(self, action: str, **fields: Any) -> tuple[int, str, str]:
        """Status, code and message of the error that a call ends with."""
        try:
            self.call(action, **fields)
        except Refused as refused:
            return refused.status, refused.code, refused.message
        raise AssertionError(f"{action} was not refused.")
