"""Answers in XML: for who asks, and as the SDKs read them."""

from typing import Any
from xml.etree import ElementTree

import pytest
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.models import OpenApiRequest, Params
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from darabonba.runtime import RuntimeOptions

from tests.conformance.clients import Credentials, official
from tests.conformance.raw import call_v1
from tests.synthetic import SyntheticAlbum
from vultus.model import FigureCluster

NAME = "Anna <&> \"'日本\r\n\t"


@pytest.fixture(params=["GET", "POST"])
def older(server, request):
    """Asks with the older SDK, in XML; returns the root of what it hands out."""

    def ask(action: str, **parameters: str) -> ElementTree.Element:
        asked = CommonRequest(domain=server.endpoint, version="2020-09-30", action_name=action)
        asked.set_method(request.param)
        asked.set_protocol_type("http")
        asked.set_accept_format("XML")
        for name, value in parameters.items():
            asked.add_query_param(name, value)
        client = AcsClient(server.key.key_id, server.key.secret, "local")
        try:
            with pytest.warns(DeprecationWarning, match="do_action"):  # its other call asks for JSON, whatever one says
                return ElementTree.fromstring(client.do_action(asked))
        finally:
            client.session.close()

    return ask


def read(element: ElementTree.Element) -> Any:
    """A document as JSON would have it, but for text that is a number or a boolean there."""
    if not len(element):
        return element.text or ""
    fields: dict[str, Any] = {}
    for child in element:
        name = child.get("Key", child.tag)
        known, value = fields.get(name), read(child)
        fields[name] = value if known is None else [*(known if isinstance(known, list) else [known]), value]
    return fields


def as_read(value: Any) -> Any:
    """What ``read`` makes of a value, lists of one included."""
    match value:
        case dict():
            return {name: as_read(each) for name, each in value.items() if each != []}
        case list():
            return as_read(value[0]) if len(value) == 1 else [as_read(each) for each in value]
        case bool():
            return str(value).lower()
        case _:
            return str(value)


def test_the_older_sdk_gets_people_in_xml_as_in_json(server, older, request):
    album = SyntheticAlbum.make(server.service.catalog, f"xml-{request.node.callspec.id}")
    anna = album.person("anna", gender="female", age=30, age_sd=2.5)
    said = FigureCluster(object_id=anna, name=NAME, custom_labels={"a key <&>": NAME, "family": "yes"})
    album.catalog.clusters.update(album.dataset, said)
    asked = {"ProjectName": album.dataset.project_name, "DatasetName": "photos"}
    asked["ObjectIds"] = f'["{anna}", "{album.person("bert")}"]'
    root = older("BatchGetFigureCluster", **asked)
    plain = call_v1(server, "BatchGetFigureCluster", **asked).json
    assert root.tag == "BatchGetFigureClusterResponse"
    assert read(root) == as_read(plain) | {"RequestId": root.findtext("RequestId")}
    assert root.find("FigureClusters").findtext("Name") == NAME


def test_the_older_sdk_gets_an_error_in_xml(older):
    root = older("GetProject", ProjectName="<nobody's>")
    assert [field.tag for field in root] == ["RequestId", "HostId", "Code", "Message", "Recommend"]
    assert (root.tag, root.findtext("Code")) == ("Error", "ResourceNotFound")
    assert root.findtext("Message") == "The specified resource project is not found."


def test_the_official_sdk_reads_an_error_in_xml(server):
    client = official(server.endpoint, Credentials(server.key.key_id, server.key.secret))
    told = {"version": "2020-09-30", "protocol": "HTTP", "pathname": "/", "method": "POST", "auth_type": "AK"}
    told |= {"style": "RPC", "req_body_type": "formData", "body_type": "string"}
    request = OpenApiRequest(query={"ProjectName": "nobodys", "Format": "XML"})
    with pytest.raises(ClientException) as raised:
        client.call_api(Params(action="GetProject", **told), request, RuntimeOptions())
    error = raised.value
    assert (error.status_code, error.code) == (400, "ResourceNotFound")
    assert error.data["Message"] == "The specified resource project is not found."
    assert error.request_id == error.data["RequestId"]


@pytest.mark.parametrize("form", ["XML", "xml", "Xml"])
def test_xml_is_answered_when_asked_for(server, form):
    reply = call_v1(server, "ListProjects", Format=form)
    assert reply.headers["content-type"] == "text/xml;charset=utf-8"
    root = ElementTree.fromstring(reply.body)
    assert (root.tag, root.findtext("RequestId")) == ("ListProjectsResponse", reply.headers["x-acs-request-id"])


@pytest.mark.parametrize("form", ["JSON", "json", ""])
def test_json_is_answered_otherwise(server, form):
    for action, field in (("ListProjects", "Projects"), ("MakeCoffee", "Code")):
        reply = call_v1(server, action, Format=form)
        assert reply.headers["content-type"] == "application/json;charset=utf-8"
        assert field in reply.json


def test_an_error_before_anything_is_known_is_in_the_format_asked_for(server):
    reply = call_v1(server, "ListProjects", Format="XML", SignatureNonce="", AccessKeyId="nobody")
    assert ElementTree.fromstring(reply.body).findtext("Code") == "MissingSignatureNonce"
