"""Letters tell the language of a text, as far as they can."""

import pytest

from vultus.vision.reading.script import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("欢迎使用智能媒体管理", "zh-hans"),
        ("会议 3 点 in Room 5", "zh-hans"),
        ("Welcome, Room 5", "en"),
        ("ようこそ東京へ", "ja"),
        ("환영합니다", "ko"),
        ("Schöne Grüße", ""),
        ("Привет", ""),
        ("12:30 - 45%", ""),
        ("", ""),
    ],
)
def test_letters_tell_the_language_or_nothing_is_said(text, language):
    assert language_of(text) == language
