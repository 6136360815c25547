"""Files: what is known of the objects of a dataset."""

from collections.abc import Sequence
from typing import Annotated, cast

import msgspec
from msgspec import Meta, Raw

from vultus.catalog.identifier import new_event_id
from vultus.errors import InvalidArgument, ResourceNotFound
from vultus.model import Dataset, File, InputFile
from vultus.model.event import Event
from vultus.operations.call import Call
from vultus.operations.input_file import accept
from vultus.operations.notification import Notifying
from vultus.operations.operation import Request, Response, operation
from vultus.storage.uri import ObjectURI

URIs = Annotated[list[str], Meta(min_length=1, max_length=100)]
FieldNames = Annotated[list[str], Meta(description="a list of names of fields of File; empty for all of them")]

_FIELDS = frozenset(field.encode_name for field in msgspec.structs.fields(File))
_members = msgspec.json.Decoder(dict[str, Raw])


class IndexFileMetaRequest(Notifying):
    project_name: str
    dataset_name: str
    file: InputFile


class IndexFileMetaResponse(Response):
    event_id: str


@operation(level="create", resource=Dataset)
def index_file_meta(call: Call, request: IndexFileMetaRequest) -> IndexFileMetaResponse:
    """Have an object indexed; the answer comes before the work is done.

    The URI is `oss://bucket/key` of a bucket that is configured here for the project. The file can be read at once,
    with ObjectStatus `Pending`. Indexing a file again keeps what the caller said of it before and does not say
    anew; an object that has not changed is not read again.
    """
    return IndexFileMetaResponse(event_id=_submit(call, request, [request.file]).event_id)


class BatchIndexFileMetaRequest(Notifying):
    project_name: str
    dataset_name: str
    files: Annotated[list[InputFile], Meta(min_length=1, max_length=100)]


class BatchIndexFileMetaResponse(Response):
    event_id: str


@operation(level="create", resource=Dataset)
def batch_index_file_meta(call: Call, request: BatchIndexFileMetaRequest) -> BatchIndexFileMetaResponse:
    """Have up to 100 objects indexed: all of them, or none when one of them cannot be accepted.

    Of a URI that is named twice, the later mention has the last word.
    """
    return BatchIndexFileMetaResponse(event_id=_submit(call, request, request.files).event_id)


class GetFileMetaRequest(Request):
    project_name: str
    dataset_name: str
    uri: str
    with_fields: FieldNames = []


class GetFileMetaResponse(Response):
    files: list[File]


@operation(level="get", resource=Dataset, quick=True)
def get_file_meta(call: Call, request: GetFileMetaRequest) -> GetFileMetaResponse:
    """Return what is known of a file, as a list of one.

    A file that was never handed in is an error, ResourceNotFound.
    """
    documents = _documents(call, request, [request.uri])
    if not documents:
        raise ResourceNotFound("file")
    return GetFileMetaResponse(files=documents)


class BatchGetFileMetaRequest(Request):
    project_name: str
    dataset_name: str
    uris: URIs
    with_fields: FieldNames = []


class BatchGetFileMetaResponse(Response):
    files: list[File]


@operation(level="get", resource=Dataset, quick=True)
def batch_get_file_meta(call: Call, request: BatchGetFileMetaRequest) -> BatchGetFileMetaResponse:
    """Return what is known of up to 100 files, in order of first mention; unknown ones are left out."""
    return BatchGetFileMetaResponse(files=_documents(call, request, request.uris))


class DeleteFileMetaRequest(Request):
    project_name: str
    dataset_name: str
    uri: str


class DeleteFileMetaResponse(Response):
    pass


@operation(level="delete", resource=Dataset)
def delete_file_meta(call: Call, request: DeleteFileMetaRequest) -> DeleteFileMetaResponse:
    """Forget a file and its figures; the object itself stays. A file that is not known is no error.

    A cluster that loses its last face goes with it.
    """
    call.catalog.files.delete(call.dataset(request), _normal([request.uri]))
    return DeleteFileMetaResponse()


class BatchDeleteFileMetaRequest(Request):
    project_name: str
    dataset_name: str
    uris: URIs


class BatchDeleteFileMetaResponse(Response):
    pass


@operation(level="delete", resource=Dataset)
def batch_delete_file_meta(call: Call, request: BatchDeleteFileMetaRequest) -> BatchDeleteFileMetaResponse:
    """Forget up to 100 files and their figures, as DeleteFileMeta does."""
    call.catalog.files.delete(call.dataset(request), _normal(request.uris))
    return BatchDeleteFileMetaResponse()


def _submit(call: Call, request: IndexFileMetaRequest | BatchIndexFileMetaRequest, files: Sequence[InputFile]) -> Event:
    dataset = call.dataset(request)
    accepted = [accept(call, dataset.project_name, each) for each in files]
    event = request.event(call, new_event_id())
    call.catalog.files.submit(dataset, accepted, payload=msgspec.to_builtins(event))
    return event


def _documents(call: Call, request: GetFileMetaRequest | BatchGetFileMetaRequest, uris: Sequence[str]) -> list[File]:
    """The stored documents, which go out as they are: the encoder puts them where a File stands."""
    unknown = [name for name in request.with_fields if name not in _FIELDS]
    if unknown:
        raise InvalidArgument(f"WithFields names {unknown[0]!r}, which is no field of File.")
    documents = call.catalog.files.get_many(call.dataset(request), _normal(uris))
    if request.with_fields:
        documents = [_narrow(document, request.with_fields) for document in documents]
    return cast(list[File], documents)


def _normal(uris: Sequence[str]) -> list[str]:
    return [str(ObjectURI.parse(uri)) for uri in uris]


def _narrow(document: Raw, names: Sequence[str]) -> Raw:
    members = _members.decode(document)
    return Raw(msgspec.json.encode({name: members[name] for name in names if name in members}))
