import io

import numpy as np
import pytest
from PIL import Image

from tests.chatting import WORDS, Reply, serving
from vultus.config import Insights, Settings
from vultus.index.step import take, way
from vultus.index.subject import Still, Subject, Tools
from vultus.index.template import recipe, steps_of
from vultus.media.images.picture import Picture
from vultus.storage.object import ObjectFacts
from vultus.storage.storage import Storage
from vultus.storage.uri import ObjectURI

FIRST = WORDS["en"]
SCENE = np.random.default_rng(0).integers(0, 255, (60, 80, 3), np.uint8)


@pytest.fixture(scope="module")
def photo() -> bytes:
    file = io.BytesIO()
    Image.fromarray(SCENE).save(file, "jpeg")
    return file.getvalue()


def subject(data: bytes, home, endpoint: str) -> Subject:
    settings = Settings(home=home, insights=Insights(endpoint=endpoint, model="eyes", tries=1, stills=3))
    facts = ObjectFacts(size=len(data), modified=0, version="1")
    return Subject(ObjectURI("album", "a"), facts, io.BytesIO(data), Tools(settings, Storage(settings)))


def test_an_image_has_a_caption_and_a_description_in_every_language(photo, tmp_path):
    with serving() as service:
        made = subject(photo, tmp_path, service.endpoint)
        take(way(frozenset({"insights"})), made)
    image = made.document.insights.image
    assert (image.caption, image.description) == (FIRST["caption"], FIRST["description"])
    assert {language: entry.caption for language, entry in image.multilingual_content.items()} == {
        language: entry["caption"] for language, entry in WORDS.items()
    }


def test_a_video_is_told_from_a_few_stills_that_are_spread_over_it(tmp_path):
    with serving() as service:
        made = subject(b"", tmp_path, service.endpoint)
        made.document.media_type = "video"
        made.stills = [Still(time, time, Picture(SCENE, 1, 1, None)) for time in range(9)]
        take(way(frozenset({"insights"}))[-1:], made)
    assert made.document.insights.video.caption == FIRST["caption"]
    assert len(service.requests[0][2]["messages"][1]["content"]) == 1 + 3


@pytest.mark.parametrize("reply", [Reply(b"", 500), Reply(b"nonsense")])
def test_an_image_is_indexed_without_words_where_the_service_fails(photo, tmp_path, reply):
    with serving(reply) as service:
        made = subject(photo, tmp_path, service.endpoint)
        take(way(frozenset({"insights"})), made)
        assert len(service.requests) == 1
    assert not made.document.insights
    assert made.document.image_width


def test_pictures_leave_only_where_a_template_and_an_endpoint_say_so(photo, tmp_path):
    with serving() as service:
        for template, endpoint in (("Official:ImageManagement", service.endpoint), ("Official:AllFunction", "")):
            steps = [step for step in steps_of(template, {}) if step.name in ("object_meta", "image", "insights")]
            take(steps, subject(photo, tmp_path, endpoint))
        assert service.requests == []


def test_templates_that_tell_insights_read_files_again_for_another_model(tmp_path):
    steps = steps_of("Official:CognitionImageManagement", {})
    off = Settings(home=tmp_path)
    asked = [
        Settings(home=tmp_path, insights=Insights(endpoint="http://host/v1", model=model, languages=languages))
        for model, languages in (("a", ("en",)), ("b", ("en",)), ("b", ("de",)))
    ]
    assert len({recipe(steps, each) for each in (off, *asked)}) == 4
    assert len({recipe(steps_of("", {}), each) for each in (off, *asked)}) == 1
