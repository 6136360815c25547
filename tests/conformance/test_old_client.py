"""The older Python SDK with its typed requests: what it calls, and what it makes of errors."""

import json

import pytest
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkimm.request.v20200930.CreateProjectRequest import CreateProjectRequest
from aliyunsdkimm.request.v20200930.DeleteProjectRequest import DeleteProjectRequest
from aliyunsdkimm.request.v20200930.GetProjectRequest import GetProjectRequest
from aliyunsdkimm.request.v20200930.ListProjectsRequest import ListProjectsRequest


@pytest.fixture(params=["GET", "POST"])
def ask(server, request):
    def ask(asked, secret=server.key.secret, **fields):
        asked.set_method(request.param)
        asked.set_endpoint(server.endpoint)
        asked.set_protocol_type("http")
        for name, value in fields.items():
            getattr(asked, f"set_{name}")(value)
        client = AcsClient(server.key.key_id, secret, "local")
        try:
            return json.loads(client.do_action_with_exception(asked))
        finally:
            client.session.close()

    return ask


def test_it_finds_its_string_to_sign_behind_the_colon_of_the_message(ask):
    with pytest.raises(ServerException) as raised:
        ask(GetProjectRequest(), secret="wrong", ProjectName="a b*~:/+日本")
    # Its own words, which it has only when the server's string to sign is its own.
    assert raised.value.get_error_code() == "InvalidAccessKeySecret"
    assert raised.value.get_http_status() == 400


def test_it_makes_lists_and_deletes_a_project(ask, request):
    name = f"old-{request.node.callspec.id.lower()}"
    made = ask(CreateProjectRequest(), ProjectName=name, Description="a b*~:/+日本")["Project"]
    assert (made["ProjectName"], made["Description"]) == (name, "a b*~:/+日本")
    assert [project["ProjectName"] for project in ask(ListProjectsRequest(), Prefix=name)["Projects"]] == [name]
    assert "RequestId" in ask(DeleteProjectRequest(), ProjectName=name)
    with pytest.raises(ServerException) as raised:
        ask(GetProjectRequest(), ProjectName=name)
    assert (raised.value.get_http_status(), raised.value.get_error_code()) == (400, "ResourceNotFound")
