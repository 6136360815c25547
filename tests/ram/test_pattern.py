from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.ram.pattern import AnyOf, translate_arn


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("", "", True),
        ("", "a", False),
        ("*", "", True),
        ("*", "a\nb", True),
        ("?", "", False),
        ("?", "\n", True),
        ("?", "ab", False),
        ("a?c", "abc", True),
        ("a*c", "ac", True),
        ("a*c", "abcbc", True),
        ("a*c", "abcb", False),
        ("*?", "a", True),
        ("*?", "", False),
        ("?*?", "a", False),
        ("a**b", "ab", True),
        ("*b*", "abc", True),
        ("a.c", "abc", False),
        ("[ab]", "a", False),
        ("a|b", "a", False),
        ("(*", "(x", True),
        ("\\*", "\\x", True),
        ("Get", "get", False),
        ("*中?", "一中二", True),
    ],
)
def test_an_asterisk_is_any_text_and_a_question_mark_one_character(pattern, text, matches):
    assert AnyOf([pattern]).match(text) is matches


@pytest.mark.parametrize(
    ("pattern", "arn", "matches"),
    [
        ("*", "acs:imm:cn:1:project/a", True),
        ("acs:*", "acs:imm:cn:1:project/a", True),
        ("acs:imm:*", "acs:imm:cn:1:project/a", True),
        ("acs:imm:*", "acs:oss:cn:1:imm:project/a", False),
        ("acs:imm:cn-*", "acs:imm:cn-shanghai:1:project/a", True),
        ("acs:imm:*:1:project/a", "acs:imm:cn:1:project/a", True),
        ("acs:imm:*:1:project/a", "acs:imm:cn:2:x:1:project/a", False),
        ("acs:imm:*:*:project/a", "acs:imm:cn:2:project/b:project/a", False),
        ("acs:imm:?n:1:project/a", "acs:imm:cn:1:project/a", True),
        ("acs:imm:?:1:project/a", "acs:imm:::1:project/a", False),
        ("acs:ram:*:1:role/r", "acs:ram::1:role/r", True),
        ("acs:ram::1:role/r", "acs:ram::1:role/r", True),
        ("acs:ram::*", "acs:ram::1:role/r", True),
        ("acs:i*m:c*n:1*:p*", "acs:imm:cn:1:project/a", True),
        ("acs:i*m:c*x:1*:p*", "acs:imm:cn:x:project/a", False),
        ("acs:imm:*:*:project/*/dataset/d", "acs:imm:cn:1:project/a/b/dataset/d", True),
        ("acs:imm:*:*:*:c", "acs:imm:cn:1:a:b:c", True),
        ("acs:imm:*:*:project/A", "acs:imm:cn:1:project/a", False),
        ("acs:imm:*:*:project/a", "not an arn", False),
    ],
)
def test_a_wildcard_stays_in_its_segment_of_an_arn_and_the_last_one_takes_the_rest(pattern, arn, matches):
    assert AnyOf([pattern], translate_arn).match(arn) is matches


@given(st.lists(st.text("ab*?", max_size=8), min_size=1, max_size=3), st.text("ab", max_size=12))
def test_wildcards_match_what_the_obvious_way_matches(patterns, text):
    assert AnyOf(patterns).match(text) is any(plainly(pattern, text) for pattern in patterns)


@given(st.text("ab:*?", max_size=12), st.text("ab:", max_size=14))
def test_segments_match_what_the_obvious_way_matches(pattern, arn):
    wanted = pattern.split(":", 4)
    found = arn.split(":", len(wanted) - 1)
    matches = len(wanted) == len(found) and all(plainly(one, other) for one, other in zip(wanted, found, strict=True))
    assert AnyOf([pattern], translate_arn).match(arn) is matches


@pytest.mark.parametrize(
    "pattern", ["*a*a*a*a*b", "*a" * 300 + "*b", "*?" * 300 + "b", "*" * 3000 + "b", "*a?" * 300 + "b"]
)
@pytest.mark.parametrize("translated", ["text", "arn"])
def test_patterns_full_of_asterisks_come_to_an_end(pattern, translated):
    text = "a" * 20_000  # with backtracking, this takes longer than anybody lives
    if translated == "text":
        assert not AnyOf([pattern]).match(text)
    else:
        patterns = AnyOf([f"acs:{pattern}:{pattern}:*:{pattern}"], translate_arn)
        assert not patterns.match(f"acs:{text}:{text}:{text}:{text}")
        assert patterns.match(f"acs:{text}b:{text}b:{text}:{text}b")


def plainly(pattern: str, text: str) -> bool:
    """Match by trying everything."""

    @lru_cache(None)
    def matches(at: int, start: int) -> bool:
        if at == len(pattern):
            return start == len(text)
        if pattern[at] == "*":
            return matches(at + 1, start) or (start < len(text) and matches(at, start + 1))
        return start < len(text) and pattern[at] in ("?", text[start]) and matches(at + 1, start + 1)

    return matches(0, 0)
