import base64
import json
import logging
import time

import cv2
import numpy as np
import pytest

from tests.chatting import WORDS, Reply, Service, chat, serving
from vultus.config import ConfigError, Insights, Settings, load_settings
from vultus.vision.captions.captioner import Captioner, words_of
from vultus.vision.captions.chat import NothingSaid

PICTURE = np.full((300, 400, 3), (200, 30, 30), np.uint8)


def captioner(service: Service, home, **options) -> Captioner:
    given = {"model": "eyes", "seconds": 20.0, **options}
    return Captioner(Settings(home=home, insights=Insights(endpoint=service.endpoint, **given)))


def described(service: Service, home, **options) -> dict[str, str]:
    words = captioner(service, home, **options).describe([PICTURE], moving=False)
    return {language: entry.caption for language, entry in words.items()}


ALL = {language: entry["caption"] for language, entry in WORDS.items()}


def test_words_are_told_in_every_language_asked_for(tmp_path):
    with serving() as service:
        words = captioner(service, tmp_path, key="secret").describe([PICTURE], moving=False)
    assert {language: (entry.caption, entry.description) for language, entry in words.items()} == {
        language: (entry["caption"], entry["description"]) for language, entry in WORDS.items()
    }
    (path, headers, body), *more = service.requests
    assert not more
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer secret"
    assert (body["model"], body["stream"]) == ("eyes", False)
    assert "en, zh-Hans" in body["messages"][1]["content"][0]["text"]


def test_the_picture_is_sent_upright_small_and_without_what_its_file_said(tmp_path):
    with serving() as service:
        captioner(service, tmp_path, side=100).describe([PICTURE, PICTURE], moving=True)
    images = [part["image_url"]["url"] for part in service.requests[0][2]["messages"][1]["content"][1:]]
    assert len(images) == 2
    head, _, data = images[0].partition(",")
    assert head == "data:image/jpeg;base64"
    encoded = base64.b64decode(data)
    assert b"Exif" not in encoded
    seen = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert seen.shape == (75, 100, 3)
    assert np.abs(seen.astype(int) - PICTURE[0, 0]).max() < 10


def test_nothing_is_sent_while_no_endpoint_is_set(tmp_path):
    assert not Captioner(Settings(home=tmp_path)).wanted
    assert Captioner(Settings(home=tmp_path)).describe([PICTURE], moving=False) == {}


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_service_is_asked_again(tmp_path, status):
    with serving(Reply(b"later", status), Reply()) as service:
        assert described(service, tmp_path) == ALL
        assert len(service.requests) == 2


def test_a_service_that_says_when_is_asked_again_then(tmp_path):
    with serving(Reply(b"", 429, {"Retry-After": "2"}), Reply()) as service:
        begun = time.monotonic()
        assert described(service, tmp_path) == ALL
        assert time.monotonic() - begun >= 2


def test_a_service_that_says_too_late_is_not_waited_for(tmp_path):
    with serving(Reply(b"", 429, {"Retry-After": "600"})) as service:
        begun = time.monotonic()
        assert described(service, tmp_path) == {}
        assert time.monotonic() - begun < 5


def test_tries_come_to_an_end_and_then_the_service_has_rest(tmp_path, caplog):
    with serving(Reply(b"", 503)) as service:
        asking = captioner(service, tmp_path, tries=2)
        assert asking.describe([PICTURE], moving=False) == {}
        assert asking.describe([PICTURE], moving=False) == {}
        assert len(service.requests) == 2
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING] == [
        "The service of insights.endpoint is left alone for 60 seconds: it answers 503."
    ]


@pytest.mark.parametrize("status", [301, 302, 307, 401, 403, 404])
def test_a_service_that_will_not_is_not_asked_again(tmp_path, status):
    with serving(Reply(b"", status, {"Location": "http://127.0.0.1:9/"})) as service:
        assert described(service, tmp_path, key="secret") == {}
        assert len(service.requests) == 1


def test_a_picture_that_is_refused_does_not_stop_the_next(tmp_path):
    with serving(Reply(b"", 400), Reply()) as service:
        asking = captioner(service, tmp_path)
        assert asking.describe([PICTURE], moving=False) == {}
        assert asking.describe([PICTURE], moving=False) != {}


SLOW = [Reply(wait=30.0), Reply(wait=0.3, pieces=100), Reply(b"", 503, {"Retry-After": "1"}, 0.4)]


@pytest.mark.parametrize("reply", SLOW)
def test_a_slow_service_is_given_up_in_time(tmp_path, reply):
    with serving(reply) as service:
        begun = time.monotonic()
        assert described(service, tmp_path, seconds=1.5, tries=100) == {}
        assert time.monotonic() - begun < 4


def test_a_service_that_is_not_there_is_done_without(tmp_path):
    begun = time.monotonic()
    assert described(Service("http://127.0.0.1:9/v1", []), tmp_path, tries=2) == {}
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"\xff\xfe",
        b"{}",
        b'{"choices": []}',
        b'{"choices": [{"message": null}]}',
        b"[" * 100_000,
        b"x" * 2**19,
        chat(None, refusal="I cannot help with that."),
        chat(None),
        chat("I'm sorry, I cannot describe people."),
        chat("{" * 20_000),
        chat('{"en": "a dog"}'),
        chat('{"en": {"caption": 7}}'),
        chat('{"fr": {"caption": "Un chien."}}'),
        chat({"caption": "no text"}),
    ],
)
def test_nonsense_leaves_the_words_out_and_is_not_asked_for_again(tmp_path, body):
    with serving(Reply(body)) as service:
        assert described(service, tmp_path) == {}
        assert len(service.requests) == 1


@pytest.mark.parametrize(
    "said",
    [
        json.dumps(WORDS),
        f"```json\n{json.dumps(WORDS)}\n```",
        f"<think>A dog? {{maybe}}</think>Here it is:\n{json.dumps(WORDS)}\nAnything else?",
        json.dumps({"EN": {"Caption": "A dog runs."}, "zh-hans": WORDS["zh-Hans"], "fr": {"caption": "Non"}}),
    ],
)
def test_an_answer_is_understood_whatever_is_around_it(said):
    assert {language: words.caption for language, words in words_of(said, ["en", "zh-Hans"]).items()} == ALL


def test_an_answer_in_parts_is_put_together(tmp_path):
    text = json.dumps(WORDS)
    parts = [{"type": "text", "text": text[:30]}, {"type": "text", "text": text[30:]}]
    with serving(Reply(chat(parts))) as service:
        assert described(service, tmp_path) == ALL


def test_one_language_need_not_be_named():
    assert words_of('{"caption": "A dog.", "description": ""}', ["en"])["en"].caption == "A dog."
    with pytest.raises(NothingSaid):
        words_of('{"caption": "A dog."}', ["en", "de"])


def test_words_are_bounded_and_clean():
    long = {"en": {"caption": "a\n\x1b[31mb" * 1000, "description": "c" * 10_000}}
    words = words_of(json.dumps(long), ["en"])["en"]
    assert (len(words.caption), len(words.description)) == (300, 2000)
    assert words.caption.startswith("a [31mb")


def test_a_limit_of_requests_holds_over_all_processes(tmp_path):
    with serving() as service:
        asked = [described(service, tmp_path, requests_per_day=3) for _ in range(5)]
        assert [bool(words) for words in asked] == [True, True, True, False, False]
        assert len(service.requests) == 3


@pytest.mark.parametrize(
    "given",
    [
        {"endpoint": "file:///etc/passwd", "model": "m"},
        {"endpoint": "127.0.0.1:11434", "model": "m"},
        {"endpoint": "http://user:word@host/v1", "model": "m"},
        {"endpoint": "http://127.0.0.1:1/v1"},
        {"endpoint": "http://127.0.0.1:1/v1", "model": "m", "languages": []},
    ],
)
def test_settings_that_could_not_work_are_refused(given, tmp_path):
    with pytest.raises(ConfigError, match=r"insights\."):
        load_settings(overrides={"home": str(tmp_path), "insights": given}, environment={})
