"""The language of a text, as far as its letters tell."""

import unicodedata


def language_of(text: str) -> str:
    """Return ``zh-hans``, ``ja``, ``ko``, ``en``, or nothing where letters do not tell.

    Of the languages that are read, kana are Japanese, hangul Korean, and other Chinese letters are taken for Chinese.
    Latin letters without marks are taken for English: what else is written with those alone passes for it.
    """
    names = [unicodedata.name(letter, "") for letter in text if letter.isalpha()]
    if any(name.startswith(("HIRAGANA", "KATAKANA")) for name in names):
        return "ja"
    if any(name.startswith("HANGUL") for name in names):
        return "ko"
    if any(name.startswith("CJK") for name in names):
        return "zh-hans"
    return "en" if names and all(letter.isascii() for letter in text if letter.isalpha()) else ""
