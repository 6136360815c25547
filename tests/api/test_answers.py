import re

import msgspec

from vultus.api.answers import LONGEST_MESSAGE, failure, new_request_id, success
from vultus.api.signature import LONGEST_SHOWN
from vultus.errors import InvalidFormat, LockVersionConflict, ResourceNotFound, SignatureDoesNotMatch, ThrottledUser
from vultus.model import FigureCluster
from vultus.operations.operation import Response


class OneClusterResponse(Response):
    figure_cluster: FigureCluster


def test_a_request_id_is_an_upper_case_uuid_of_its_own():
    ids = {new_request_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(re.fullmatch(r"[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}", id_) for id_ in ids)


def test_an_answer_leaves_out_what_is_not_there_and_keeps_zeros():
    response = OneClusterResponse(request_id="R", figure_cluster=FigureCluster(face_count=0, meta_lock_version=0))
    answer = success(response, "GetFigureCluster", "R", "JSON")
    assert answer.body == b'{"RequestId":"R","FigureCluster":{"FaceCount":0,"MetaLockVersion":0}}'
    assert dict(answer.headers)[b"content-length"] == str(len(answer.body)).encode()


def test_an_error_has_imms_five_fields_in_their_order():
    answer = failure(ResourceNotFound("project"), "R", "imm.example:8668", "JSON")
    assert answer.status == 400
    assert msgspec.json.decode(answer.body) == {
        "RequestId": "R",
        "HostId": "imm.example:8668",
        "Code": "ResourceNotFound",
        "Message": "The specified resource project is not found.",
        "Recommend": "https://api.aliyun.com/troubleshoot?q=ResourceNotFound&product=imm",
    }


def test_an_error_keeps_its_own_status():
    assert failure(LockVersionConflict(1, 2), "R", "", "XML").status == 409


def test_a_message_that_repeats_what_the_caller_sent_is_shortened():
    answer = failure(InvalidFormat("It is " + "a" * 10**6), "R", "imm.example", "JSON")
    assert len(msgspec.json.decode(answer.body)["Message"]) == LONGEST_MESSAGE + len("...")


def test_a_string_to_sign_that_can_be_shown_is_behind_its_colon_for_older_clients():
    answer = failure(SignatureDoesNotMatch("a" * LONGEST_SHOWN), "R", "imm.example", "JSON")
    assert msgspec.json.decode(answer.body)["Message"].split(":") == [
        "Specified signature is not matched with our calculation. server string to sign is",
        "a" * LONGEST_SHOWN,
    ]


def test_who_asks_too_often_is_told_when_to_come_back():
    headers = dict(failure(ThrottledUser(0.0301), "R", "imm.example", "JSON").headers)
    assert headers[b"x-acs-retry-after"] == b"31"
    assert dict(failure(ThrottledUser(1e-9), "R", "", "JSON").headers)[b"x-acs-retry-after"] == b"1"
    assert b"x-acs-retry-after" not in dict(failure(LockVersionConflict(1, 2), "R", "", "JSON").headers)
