"""Templates choose steps."""

import pytest

from vultus.errors import InvalidArgument
from vultus.index.template import Step, steps_of


def test_the_empty_template_finds_faces():
    assert Step.FACES in steps_of("")


def test_each_official_template_takes_the_steps_it_names():
    assert steps_of("Official:DefaultEmptyId") == frozenset()
    assert steps_of("Official:OSSBasicMeta") == {Step.OBJECT}
    assert steps_of("Official:FaceManagement") == set(Step)
    assert steps_of("Official:ImageManagement") == set(Step) - {Step.VIDEO}


def test_an_unknown_template_is_refused_and_the_known_are_named():
    with pytest.raises(InvalidArgument, match=r"Official:Nonsense is not known.*Official:FaceManagement"):
        steps_of("Official:Nonsense")
