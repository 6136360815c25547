"""The metrics: what there is to know of a server by numbers, in the words of Prometheus and OpenTelemetry."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from itertools import accumulate
from typing import Literal, NamedTuple, Protocol

import psutil
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.core import Metric as Family

from vultus.api.probe import Probe
from vultus.api.tally import BOUNDS, Tally, Times
from vultus.catalog.overview import Backlog

#: Numbers by the values of labels.
Values = Mapping[tuple[str, str], int] | Mapping[tuple[str], int] | Mapping[tuple[()], int]


class Metric(NamedTuple):
    """A metric as it is documented.

    Attributes:
        name: without the endings that Prometheus gives to its parts.
        kind: of metric.
        labels: that tell its values apart.
        help: what it counts.
    """

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    labels: tuple[str, ...]
    help: str


REQUESTS = Metric("vultus_requests", "counter", ("operation", "code"), "Requests that were answered.")
DURATION = Metric(
    "http_server_request_duration_seconds", "histogram", ("operation",), "From a request's head to its answer."
)
ACTIVE = Metric("http_server_active_requests", "gauge", (), "Requests under way.")
RECEIVED = Metric("vultus_received_bytes", "counter", (), "Bytes of the bodies of requests.")
SENT = Metric("vultus_sent_bytes", "counter", (), "Bytes of the bodies of answers.")
CONNECTIONS = Metric("vultus_connections", "gauge", (), "Open connections.")
ENDED = Metric(
    "vultus_connections_ended",
    "counter",
    ("reason",),
    "Connections that the server ended: head, answer (the client kept it waiting), room (to make room for others);"
    " or turned away: full.",
)
CATALOG_UP = Metric("vultus_catalog_up", "gauge", (), "1 where the database answers and has this version's tables.")
JOBS = Metric("vultus_jobs", "gauge", ("kind", "state"), "Jobs that are queued, running, or were given up (failed).")
TASKS = Metric("vultus_tasks_running", "gauge", ("type",), "Tasks that run or wait to.")
PROCESSES = Metric("vultus_processes", "gauge", ("role",), "Processes: main, server, worker.")
MEMORY = Metric("vultus_resident_memory_bytes", "gauge", ("role",), "Memory that these processes hold.")
BUILD = Metric("vultus_build_info", "gauge", ("version",), "Always 1; the version is a label.")

METRICS = (
    *(REQUESTS, DURATION, ACTIVE, RECEIVED, SENT, CONNECTIONS, ENDED),
    *(CATALOG_UP, JOBS, TASKS, PROCESSES, MEMORY, BUILD),
)


class Serving(Protocol):
    """What serves requests: one process, or several.

    Attributes:
        is_ready: whether they are answered.
    """

    @property
    def is_ready(self) -> bool: ...  # noqa: D102

    def tally(self) -> Tally:
        """What it has done so far."""


class Collector:
    """Collects the metrics when somebody looks.

    Args:
        serving: whose requests are counted.
        probe: looks at the catalog.
        processes: returns process ids by role.
    """

    def __init__(self, serving: Serving, probe: Probe, processes: Callable[[], Mapping[str, Sequence[int]]]) -> None:
        self._serving = serving
        self._probe = probe
        self._processes = processes

    def registry(self) -> CollectorRegistry:
        """Return what Prometheus' library reads metrics from."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        return registry

    def describe(self) -> Iterable[Family]:
        """Nothing needs to be known before it is collected."""
        return ()

    def collect(self) -> Iterator[Family]:
        """Return the metrics as they are."""
        yield from _of_requests(self._serving.tally())
        yield from _of_catalog(self._probe.look())
        yield from _of_processes(self._processes())
        yield _family(BUILD, {(version("vultus"),): 1})


def _of_requests(tally: Tally) -> Iterator[Family]:
    yield _family(REQUESTS, tally.calls.copy())
    durations = HistogramMetricFamily(DURATION.name, DURATION.help, labels=DURATION.labels)
    for operation, times in sorted(tally.times.copy().items()):
        durations.add_metric((operation,), _buckets(times), times.seconds)
    yield durations
    yield _family(ACTIVE, {(): tally.active})
    yield _family(RECEIVED, {(): tally.received})
    yield _family(SENT, {(): tally.sent})
    yield _family(CONNECTIONS, {(): tally.connections})
    yield _family(ENDED, {(reason,): tally.ended.get(reason, 0) for reason in ("head", "answer", "room", "full")})


def _of_catalog(backlog: Backlog | None) -> Iterator[Family]:
    yield _family(CATALOG_UP, {(): int(backlog is not None)})
    if backlog is not None:
        yield _family(JOBS, backlog.jobs)
        yield _family(TASKS, {(each,): count for each, count in backlog.tasks.items()})


def _of_processes(pids: Mapping[str, Sequence[int]]) -> Iterator[Family]:
    yield _family(PROCESSES, {(role,): len(of_role) for role, of_role in pids.items()})
    yield _family(MEMORY, {(role,): sum(map(_resident, of_role)) for role, of_role in pids.items()})


def _family(metric: Metric, values: Values) -> Family:
    made = CounterMetricFamily if metric.kind == "counter" else GaugeMetricFamily
    family: CounterMetricFamily | GaugeMetricFamily = made(metric.name, metric.help, labels=metric.labels)
    for labels, value in sorted(values.items()):
        family.add_metric(labels, value)
    return family


def _buckets(times: Times) -> list[tuple[str, float]]:
    names = [*map(str, BOUNDS), "+Inf"]
    return list(zip(names, accumulate(times.counts), strict=True))


def _resident(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0
