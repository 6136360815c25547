"""Insights: what images and videos show, in words."""

from typing import TypeVar

import numpy as np
from msgspec import UNSET

from vultus import model
from vultus.index.step import step
from vultus.index.subject import Subject
from vultus.vision.captions.captioner import Captioner, Words
from vultus.vision.pyramid import Pixels

Insight = TypeVar("Insight", model.ImageInsight, model.VideoInsight)


@step(media={"image", "video"}, needs={"media_type", "picture", "stills"}, gives={"insights"})
def insights(subject: Subject) -> None:
    """Ask the vision model of the settings what an image, or a few stills of a video show; off unless one is set."""
    captioner = subject.tools.get(Captioner)
    if not captioner.wanted:
        return
    moving = subject.document.media_type == "video"
    words = captioner.describe(_stills(subject) if moving else _picture(subject), moving=moving)
    if not words:
        return
    if moving:
        subject.document.insights = model.Insights(video=_filled(model.VideoInsight(), words))
    else:
        subject.document.insights = model.Insights(image=_filled(model.ImageInsight(), words))


def _picture(subject: Subject) -> list[Pixels]:
    return [subject.picture.pixels] if subject.picture else []


def _stills(subject: Subject) -> list[Pixels]:
    """A few stills, spread over the video."""
    stills = subject.stills
    count = min(len(stills), subject.settings.insights.stills)
    return [stills[place].picture.pixels for place in np.linspace(0, len(stills) - 1, count).round().astype(int)]


def _filled(insight: Insight, words: dict[str, Words]) -> Insight:
    first = next(iter(words.values()))
    insight.caption, insight.description = first.caption or UNSET, first.description or UNSET
    insight.multilingual_content = {
        language: model.MultilingualContentEntry(caption=entry.caption or UNSET, description=entry.description or UNSET)
        for language, entry in words.items()
    }
    return insight
