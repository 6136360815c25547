"""Tags tell what a song is called, by whom it is, and its words."""

import pytest
from msgspec import UNSET

from vultus.media.videos.tags import MOST_LETTERS, MOST_LYRICS, describe_tags, language_of, lyrics_of
from vultus.model import File


def told(**tags: str) -> File:
    document = File()
    describe_tags(document, {name.replace("_of_", " "): text for name, text in tags.items()})
    return document


@pytest.mark.parametrize(
    ("field", "name"),
    [
        *(("title", "title"), ("artist", "artist"), ("artist", "author"), ("album", "album")),
        *(("album_artist", "album_artist"), ("album_artist", "albumartist"), ("composer", "composer")),
        *(("performer", "performer"), ("performer", "performers")),
    ],
)
def test_each_field_has_its_tags(field, name):
    file = told(**{name: " Jane\n"})
    assert getattr(file, field) == "Jane"
    assert sum(getattr(file, each) is not UNSET for each in File.__struct_fields__) == 1


def test_the_surer_tag_comes_first():
    assert told(author="the author", artist="the artist").artist == "the artist"
    assert told(author="the author", artist=" \0").artist == "the author"


@pytest.mark.parametrize("name", ["lyrics", "lyrics-eng", "lyrics-", "unsyncedlyrics", "wm/lyrics"])
def test_the_words_of_a_song_keep_their_lines(name):
    assert lyrics_of({name: "one\r\ntwo\n"}) == "one\ntwo"


@pytest.mark.parametrize(("said", "tag"), [("eng", "en"), ("gerfre", "de"), ("zh-Hant", "zh-Hant"), ("??", UNSET)])
def test_the_language_is_told(said, tag):
    assert language_of({"language": said}) == tag


def test_endless_tags_are_cut():
    file = told(title="A" * 10**6)
    assert len(str(file.title)) == MOST_LETTERS
    assert len(str(lyrics_of({"lyrics": "word\n" * 10**6}))) <= MOST_LYRICS


@pytest.mark.parametrize(
    ("date", "made"),
    [
        ("2021-06-29T14:50:13Z", "2021-06-29T14:50:13Z"),
        ("2021-06-29T14:50:13+08:00", "2021-06-29T14:50:13+08:00"),
        ("1900-01-01T00:00:00+00:00:30", "1900-01-01T00:00:00Z"),  # RFC 3339 knows no seconds of an offset
        ("2001", UNSET),
        ("2021-06-29", UNSET),
        ("0001-01-01T00:00Z", UNSET),
    ],
)
def test_a_date_is_a_time_only_where_it_is_one(date, made):
    assert told(date=date).produce_time == made
