import logging

from vultus.api.exchange import LONGEST_PROJECT, Exchange, kind_of
from vultus.api.observer import Observer
from vultus.api.protocol import NotHTTP
from vultus.errors import (
    InvalidParameter,
    MissingParameter,
    ResourceNotFound,
    ServerBusy,
    ThrottledUser,
)


def test_what_begins_is_under_way_until_it_ends():
    observer = Observer()
    exchanges = [observer.begin() for _ in range(3)]
    assert observer.tally.active == 3
    observer.end(exchanges[0])
    assert observer.tally.active == 2


def test_calls_are_counted_by_operation_and_code():
    observer = Observer()
    for error in (None, ResourceNotFound("project"), None):
        exchange = observer.begin()
        exchange.names("GetProject", {"ProjectName": "p"})
        exchange.received, exchange.sent = 10, 100
        if error is not None:
            exchange.failed(error)
        observer.end(exchange)
    assert observer.tally.calls == {("GetProject", "OK"): 2, ("GetProject", "ResourceNotFound"): 1}
    assert sum(observer.tally.times["GetProject"].counts) == 3
    assert (observer.tally.received, observer.tally.sent) == (30, 300)


def test_what_is_no_request_is_counted_but_was_never_under_way():
    observer = Observer()
    observer.refused(NotHTTP(), "R", "192.0.2.1")
    assert observer.tally.calls == {("unknown", "InvalidArgument"): 1}
    assert (observer.tally.active, observer.tally.times) == (0, {})


def test_a_code_that_names_a_parameter_is_counted_by_its_kind():
    assert kind_of(MissingParameter("ProjectName")) == "MissingParameter"
    assert kind_of(InvalidParameter("UserName.Length", "It is too long.")) == "InvalidParameter"
    assert kind_of(ThrottledUser(1)) == "Throttling.User"
    assert kind_of(ServerBusy()) == "ServiceUnavailable"


def test_a_line_is_logged_only_if_it_is_wanted(caplog):
    caplog.set_level(logging.INFO)
    for wanted in (False, True):
        observer = Observer(access_log=wanted)
        observer.end(observer.begin())
        observer.refused(NotHTTP(), "R", "192.0.2.1")
        assert len(caplog.records) == (2 if wanted else 0)
    assert caplog.records[1].fields["request_id"] == "R"
    assert caplog.records[1].fields["source_address"] == "192.0.2.1"


def test_a_project_that_somebody_made_up_takes_little_room():
    exchange = Exchange()
    exchange.names("GetProject", {"ProjectName": "p" * 10**6})
    assert len(exchange.project) == LONGEST_PROJECT
