import http.client
import os
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from prometheus_client.parser import text_string_to_metric_families

from vultus.api import probe
from vultus.api.metrics import METRICS
from vultus.api.monitor import Monitor
from vultus.api.tally import Tally
from vultus.catalog import Catalog
from vultus.config import ConfigError
from vultus.config import Server as Settings


class Serving:
    """What is watched."""

    is_ready = True

    def __init__(self) -> None:
        self.told = Tally(active=3, connections=4, received=5, sent=6, ended={"head": 2})
        self.told.count("GetProject", "OK")
        self.told.time("GetProject", 0.003)

    def tally(self) -> Tally:
        return self.told


@pytest.fixture
def serving() -> Serving:
    return Serving()


@pytest.fixture
def watch(serving, catalog):
    with monitored(serving, catalog) as asked:
        yield asked


@pytest.fixture
def catalog(tmp_path) -> Iterator[Catalog]:
    with closing(Catalog(f"sqlite:///{tmp_path / 'vultus.db'}")) as opened:
        opened.migrate()
        yield opened


class monitored:  # noqa: N801
    """A monitor, as somebody who asks it for a path."""

    def __init__(self, serving, catalog):
        self.monitor = Monitor(Settings(metrics_port=0), serving, catalog, lambda: {"server": [os.getpid(), 2**22 + 1]})

    def __enter__(self):
        self.monitor.__enter__()
        return self.ask

    def __exit__(self, *error):
        self.monitor.__exit__(*error)

    def ask(self, path, method="GET"):
        with closing(http.client.HTTPConnection(self.monitor.endpoint, timeout=30)) as connection:
            connection.request(method, path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()


def test_a_server_that_lives_says_so_whatever_it_lacks(watch, serving):
    serving.is_ready = False
    assert watch("/healthz") == (200, "alive\n")


def test_it_is_ready_when_it_serves_and_the_catalog_answers(watch):
    assert watch("/readyz") == (200, "ready\n")


def test_it_is_not_ready_while_it_starts_or_stops(watch, serving):
    serving.is_ready = False
    assert watch("/readyz") == (503, "the server is starting or stopping\n")


def test_it_is_not_ready_without_its_tables(serving, tmp_path):
    with closing(Catalog(f"sqlite:///{tmp_path / 'bare.db'}")) as bare, monitored(serving, bare) as watch:
        assert watch("/readyz")[0] == 503
        assert "vultus_catalog_up 0.0" in watch("/metrics")[1]


def test_it_is_not_ready_without_its_database(serving, caplog):
    with closing(Catalog("postgresql+psycopg://nobody@127.0.0.1:1/none")) as gone, monitored(serving, gone) as watch:
        assert watch("/readyz") == (503, "the database does not answer, or has not this version's tables\n")
        status, metrics = watch("/metrics")
    assert status == 200
    assert "vultus_catalog_up 0.0" in metrics
    assert 'vultus_requests_total{code="OK",operation="GetProject"} 1.0' in metrics
    assert "out of reach" in caplog.text


def test_a_database_that_hangs_keeps_nobody_waiting(watch, catalog, monkeypatch):
    monkeypatch.setattr(probe, "PATIENCE", 0.1)
    goes_on = threading.Event()
    monkeypatch.setattr(catalog, "is_migrated", lambda: goes_on.wait(60))
    assert watch("/readyz")[0] == 503
    assert watch("/readyz")[0] == 503
    goes_on.set()
    monkeypatch.setattr(probe, "PATIENCE", 30.0)
    assert watch("/readyz")[0] == 200


def test_the_metrics_can_be_read_and_are_those_that_are_documented(watch, catalog):
    catalog.jobs.put("index")
    families = {each.name: each for each in text_string_to_metric_families(watch("/metrics")[1])}
    assert set(families) == {metric.name for metric in METRICS}
    for metric in METRICS:
        family = families[metric.name]
        assert (family.type, family.documentation) == (metric.kind, metric.help)
        for sample in family.samples:
            assert set(sample.labels) - {"le"} == set(metric.labels)
    assert families["vultus_jobs"].samples[0].labels == {"kind": "index", "state": "queued"}


def test_the_numbers_are_those_of_the_server(watch):
    metrics = watch("/metrics")[1].splitlines()
    for line in (
        'vultus_requests_total{code="OK",operation="GetProject"} 1.0',
        'http_server_request_duration_seconds_bucket{le="0.0025",operation="GetProject"} 0.0',
        'http_server_request_duration_seconds_bucket{le="0.005",operation="GetProject"} 1.0',
        'http_server_request_duration_seconds_bucket{le="+Inf",operation="GetProject"} 1.0',
        'http_server_request_duration_seconds_count{operation="GetProject"} 1.0',
        "http_server_active_requests 3.0",
        "vultus_connections 4.0",
        "vultus_received_bytes_total 5.0",
        "vultus_sent_bytes_total 6.0",
        'vultus_connections_ended_total{reason="head"} 2.0',
        'vultus_connections_ended_total{reason="full"} 0.0',
        'vultus_processes{role="server"} 2.0',
    ):
        assert line in metrics


def test_other_paths_and_methods_are_nothing(watch):
    assert watch("/")[0] == 404
    assert watch("/metrics", "HEAD") == (200, "")
    assert watch("/metrics", "POST")[0] == 501


def test_a_port_that_is_taken_is_said(serving, catalog):
    with monitored(serving, catalog) as ask:
        port = int(ask.__self__.monitor.endpoint.rpartition(":")[2])
        with pytest.raises(ConfigError, match="another program listens there"):
            Monitor(Settings(metrics_port=port), serving, catalog, dict)
