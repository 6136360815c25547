"""Taking steps, one of which meets what nobody has thought of."""

import pytest
from msgspec import UNSET

from vultus.index.step import ALL, Step, take
from vultus.index.subject import Subject


def stumbling(gives: str):
    def stumble(subject: Subject) -> None:
        """Stumble."""
        raise ZeroDivisionError

    return Step("stumble", ALL, frozenset(), frozenset({gives}), stumble)


def test_a_step_that_stumbles_leaves_its_fields_out_and_says_so(subject_of, caplog):
    subject = subject_of(b"two words", name="note.txt")
    take([stumbling("labels")], subject)
    assert (subject.document.size, subject.document.labels) == (9, UNSET)
    assert "the step stumble left its fields" in caplog.text


def test_a_step_that_stumbles_over_faces_is_not_passed_over(subject_of):
    with pytest.raises(ZeroDivisionError):
        take([stumbling("faces")], subject_of(b"two words", name="note.txt"))
