import io
import json
import logging
import re

import pytest

from vultus.api.logs import JSONFormatter, TextFormatter


def logged(formatter, message, *arguments, exc_info=None, **extra):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger = logging.Logger("vultus.test")
    logger.addHandler(handler)
    logger.warning(message, *arguments, exc_info=exc_info, extra=extra)
    return stream.getvalue()


def failed():
    try:
        raise ValueError("bad\nly")
    except ValueError as error:
        return error


def test_a_line_of_text_tells_when_what_and_who():
    line = logged(TextFormatter(), "%s worker died", 3, fields={"project": "p", "status": 200, "code": ""})
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z WARNING vultus\.test: 3 worker died project=p status=200\n", line
    )


@pytest.mark.parametrize("text", ["a b", "a\nb", 'a"b', "a=b code=OK", "\x1b[31m", "a\u2028b"])
def test_a_value_cannot_pass_for_another_field_or_line(text):
    line = logged(TextFormatter(), "request", fields={"project": text})
    assert line.count("\n") == 1
    assert json.loads(line.partition("project=")[2]) == text


def test_a_message_stays_on_its_line():
    assert logged(TextFormatter(), "one\ntwo\x1b").count("\n") == 1


def test_a_traceback_follows():
    lines = logged(TextFormatter(), "It failed.", exc_info=failed()).splitlines()
    assert lines[0].endswith("It failed.")
    assert lines[1] == "Traceback (most recent call last):"


def test_a_line_of_json_is_one_object_whatever_is_in_it():
    line = logged(JSONFormatter(), "one\n%s", "two", fields={"project": "a\nb", "status": 200}, exc_info=failed())
    assert line.count("\n") == 1
    told = json.loads(line)
    assert (told["message"], told["level"], told["logger"]) == ("one\ntwo", "WARNING", "vultus.test")
    assert (told["project"], told["status"]) == ("a\nb", 200)
    assert told["exception"].endswith("ValueError: bad\nly")
