"""What a server logs, on standard error: lines for people to read, or of JSON."""

import json
import logging
import re
import sys
import time
from typing import Any

from vultus.config import Server

_PLAIN = re.compile(r"[\w./:@+-]+")


def configure_logging(settings: Server) -> None:
    """Have everything logged that operators want to know of; for a process whose only work it is to serve."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JSONFormatter() if settings.log_format == "json" else TextFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("vultus").setLevel(logging.INFO)


class TextFormatter(logging.Formatter):
    """A line: time, level, logger, message, and fields as ``name=value``; a traceback follows on lines of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        words = [_time(record), record.levelname, f"{record.name}:", _line(record.getMessage())]
        words += [f"{name}={_word(value)}" for name, value in _fields(record).items() if value != ""]
        line = " ".join(words)
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JSONFormatter(logging.Formatter):
    """An object of JSON on a line: ``time``, ``level``, ``logger``, ``message``, fields, ``exception``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told = {"time": _time(record), "level": record.levelname, "logger": record.name}
        told |= {"message": record.getMessage(), **_fields(record)}
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told, default=str)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    fields: dict[str, Any] = getattr(record, "fields", {})
    return fields


def _time(record: logging.LogRecord) -> str:
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}.{int(record.msecs):03d}Z"


def _word(value: object) -> str:
    """A value that cannot be taken for anything else, whoever made it up."""
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text)


def _line(text: str) -> str:
    """A text on one line."""
    return text if text.isprintable() else json.dumps(text)[1:-1]
