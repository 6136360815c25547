"""Languages, as BCP 47 writes them."""

import pytest
from msgspec import UNSET

from vultus.media.language import SHORT, language_tag


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        ("eng", "en"),
        ("ger", "de"),
        ("deu", "de"),
        ("fre", "fr"),
        ("zho", "zh"),
        ("chi", "zh"),
        ("ENG", "en"),
        ("en", "en"),
        ("en_gb", "en-GB"),
        ("chi-hans-cn", "zh-Hans-CN"),
        ("es-419", "es-419"),
        ("yue", "yue"),
        ("mul", "mul"),
        ("und", UNSET),
        ("", UNSET),
        ("English", UNSET),
        ("\0\0\0", UNSET),
        ("e" * 10_000, UNSET),
    ],
)
def test_languages_are_told_the_shortest_way(said, tag):
    assert language_tag(said) == tag


def test_each_code_of_two_letters_is_there_once():
    assert len(set(SHORT.values())) == 183  # of ISO 639-1, without sh, which was withdrawn
    assert all(len(three) == 3 and len(two) == 2 for three, two in SHORT.items())
    assert len(SHORT) == 183 + 20  # twenty languages have two codes of three letters
