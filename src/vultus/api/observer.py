"""Who sees every request end, and tells of it: in counts, and in the log."""

import logging
import time

from vultus.api.exchange import Exchange
from vultus.api.tally import Tally
from vultus.errors import VultusError

log = logging.getLogger("vultus.access")


class Observer:
    """Counts requests, and logs each if the operator wants it.

    Args:
        access_log: whether a line is logged for each request.

    Attributes:
        tally: the counts.
    """

    def __init__(self, access_log: bool = False) -> None:
        self.tally = Tally()
        self._access_log = access_log

    def begin(self) -> Exchange:
        """See a request come."""
        self.tally.active += 1
        return Exchange()

    def end(self, exchange: Exchange) -> None:
        """See a request end."""
        seconds = time.perf_counter() - exchange.began
        tally = self.tally
        tally.active -= 1
        tally.received += exchange.received
        tally.sent += exchange.sent
        tally.count(exchange.operation, exchange.code)
        tally.time(exchange.operation, seconds)
        if self._access_log:
            self._log(exchange, seconds)

    def refused(self, error: VultusError, request_id: str, address: str) -> None:
        """See a request refused before it could be read."""
        exchange = Exchange(request_id=request_id, source_address=address)
        exchange.failed(error)
        self.tally.count(exchange.operation, exchange.code)
        if self._access_log:
            self._log(exchange, time.perf_counter() - exchange.began)

    def _log(self, exchange: Exchange, seconds: float) -> None:
        log.info(
            "request",
            extra={
                "fields": {
                    "request_id": exchange.request_id,
                    "operation": exchange.operation,
                    "project": exchange.project,
                    "caller": exchange.caller,
                    "source_address": exchange.source_address,
                    "status": exchange.status,
                    "code": exchange.code,
                    "milliseconds": round(seconds * 1000, 3),
                    "bytes_received": exchange.received,
                    "bytes_sent": exchange.sent,
                }
            },
        )
