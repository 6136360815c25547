"""The OpenAPI description of the API, made from the declarations of its operations."""

from functools import cache
from importlib.metadata import version
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

import msgspec
from msgspec.structs import FieldInfo, fields

from vultus.api.answers import Answer, ErrorBody
from vultus.api.catalogue import CataloguedError, catalogue
from vultus.operations.dispatch import operations
from vultus.operations.operation import VERSIONS, Operation
from vultus.operations.parameters import Parameter

PATH = "/openapi.json"

Schema = dict[str, Any]

_REFERENCE = "#/components/schemas/{name}"
_INTRODUCTION = """\
Wire-compatible with Alibaba Cloud's APIs for Intelligent Media Management (IMM), Resource Access Management (RAM) and
the Security Token Service (STS): their SDKs work by changing the endpoint.

Every operation has the one path `/`; the part behind `#` only tells them apart here, and is not sent. An operation is
named by the parameters `Action` and `Version`, or by the headers `x-acs-action` and `x-acs-version`. Parameters go into
the query or into a form in the body, of a GET or a POST; lists, maps and structs as one JSON text.

Every request is signed with an access key, once, within fifteen minutes of its time."""

_PRODUCTS = {
    "imm": "Projects, datasets, files, and the people in them, as Alibaba Cloud IMM has them.",
    "vultus": "What IMM has no operation for.",
    "ram": "Users, groups, roles, keys and policies, as Alibaba Cloud RAM has them.",
    "sts": "Sessions of roles, as Alibaba Cloud STS has them.",
}

_SIGNATURES = {
    "ACS3-HMAC-SHA256": {
        "type": "http",
        "scheme": "ACS3-HMAC-SHA256",
        "description": "Signature version 3, over the query, the body and the headers `host`, `x-acs-action`, "
        "`x-acs-content-sha256`, `x-acs-date`, `x-acs-signature-nonce`, `x-acs-version` and whichever else is named: "
        "`Authorization: ACS3-HMAC-SHA256 Credential=KEY,SignedHeaders=a;b;c,Signature=HEX`. The token of a session "
        "is the header `x-acs-security-token`.",
    },
    "HMAC-SHA1": {
        "type": "apiKey",
        "in": "query",
        "name": "Signature",
        "description": "Signature version 1.0, over all parameters, among them `AccessKeyId`, `SignatureMethod` "
        "(`HMAC-SHA1`), `SignatureVersion` (`1.0`), `SignatureNonce`, `Timestamp` (`2026-11-22T12:56:58Z`), and "
        "`SecurityToken` for a session.",
    },
}

_FORMAT = {
    "name": "Format",
    "in": "query",
    "description": "The form of the answer.",
    "schema": {"enum": ["JSON", "XML"], "default": "JSON"},
}

_REQUEST_ID = {
    "x-acs-request-id": {"description": "The `RequestId` of the answer.", "schema": {"type": "string"}},
}
_FAILED_HEADERS = _REQUEST_ID | {
    "x-acs-retry-after": {
        "description": "Milliseconds after which another try may do, where the server knows.",
        "schema": {"type": "integer", "minimum": 1},
    },
}


def answer(request_id: str) -> Answer:
    """Return the description as an answer to whoever asks: it tells nothing secret, so nobody has to sign for it."""
    body = encoded()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
        (b"x-acs-request-id", request_id.encode()),
    ]
    return Answer(200, headers, body)


@cache
def encoded() -> bytes:
    """Return the description as JSON."""
    return msgspec.json.format(msgspec.json.encode(describe()), indent=1) + b"\n"


def describe() -> dict[str, Any]:
    """Return the description: OpenAPI 3.1, as JSON would have it."""
    products = list(VERSIONS)
    chosen = sorted(operations().values(), key=lambda each: (products.index(each.product), each.name))
    types = [[each.response, *(parameter.type for parameter in each.reader.parameters)] for each in chosen]
    flat = [ErrorBody, *(each for group in types for each in group)]
    schemas, components = msgspec.json.schema_components(flat, ref_template=_REFERENCE)
    for schema in (*schemas, *components.values()):
        _tidy(schema)
    error, *rest = schemas
    found = iter(rest)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Vultus",
            "version": version("vultus"),
            "description": _INTRODUCTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text} for name, text in _PRODUCTS.items()],
        "paths": {
            f"/#{each.name}": {"post": _operation(each, *islice(found, len(group)))}
            for each, group in zip(chosen, types, strict=True)
        },
        "components": {
            "schemas": dict(sorted(components.items())),
            "parameters": {"Format": _FORMAT},
            "responses": {str(status): _failure(errors, error) for status, errors in _by_status().items()},
            "securitySchemes": _SIGNATURES,
        },
        "security": [{name: []} for name in _SIGNATURES],
    }


def _operation(operation: Operation, answered: Schema, *asked: Schema) -> dict[str, Any]:
    summary, _, rest = operation.description.partition("\n\n")
    resources = " and ".join(f"`{name}`" for name in operation.resource_names)
    whom = f"RAM: action `{operation.ram_action}`, level {operation.level}, on {resources}."
    if not operation.resources:
        whom = "Whoever is known may call it."
    named = {"Action": operation.name, "Version": VERSIONS[operation.product]}
    return {
        "operationId": operation.name,
        "tags": [operation.product],
        "summary": " ".join(summary.split()),
        "description": "\n\n".join([*([rest] if rest else []), whom]),
        "parameters": [
            *({"name": name, "in": "query", "required": True, "schema": {"const": is_}} for name, is_ in named.items()),
            {"$ref": "#/components/parameters/Format"},
            *map(_parameter, operation.reader.parameters, fields(operation.request), asked),
        ],
        "responses": {
            "200": {
                "description": "It is done.",
                "headers": _REQUEST_ID,
                "content": _contents(_with_request_id(answered)),
            },
            **{str(status): {"$ref": f"#/components/responses/{status}"} for status in _by_status()},
        },
    }


def _parameter(parameter: Parameter, field: FieldInfo, schema: Schema) -> dict[str, Any]:
    if parameter.required and parameter.text:
        schema = {**schema, "minLength": max(1, schema.get("minLength", 1))}
    if isinstance(field.default, str | int | float):
        schema = {**schema, "default": field.default}
    return {
        "name": parameter.wire,
        "in": "query",
        **({"required": True} if parameter.required else {}),
        "description": f"{parameter.expected[0].upper()}{parameter.expected[1:]}.",
        **({"content": {"application/json": {"schema": schema}}} if parameter.structured else {"schema": schema}),
    }


def _with_request_id(answered: Schema) -> Schema:
    return {"allOf": [answered, {"required": ["RequestId"]}]}


def _contents(schema: Schema) -> dict[str, Any]:
    return {"application/json": {"schema": schema}, "text/xml": {"schema": schema}}


def _by_status() -> dict[int, list[CataloguedError]]:
    return {status: list(group) for status, group in groupby(catalogue(), attrgetter("status"))}


def _failure(errors: list[CataloguedError], schema: Schema) -> dict[str, Any]:
    lines = [f"- `{each.code}`: {each.when} {each.remedy}" for each in errors]
    return {"description": "\n".join(lines), "headers": _FAILED_HEADERS, "content": _contents(schema)}


def _tidy(schema: Any) -> None:
    """Make the patterns those of JSON Schema, not of Python, and say how large whole numbers may be."""
    match schema:
        case dict():
            if isinstance(schema.get("pattern"), str):
                schema["pattern"] = schema["pattern"].replace(r"\A", "^").replace(r"\Z", "$")
            if schema.get("type") == "integer":
                schema.setdefault("format", "int64")
            for each in schema.values():
                _tidy(each)
        case list():
            for each in schema:
                _tidy(each)
