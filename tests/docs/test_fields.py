"""docs/fields.md says of every field where it comes from and which test proves it, and each proof is one."""

import pytest

from scripts import fields_docs
from scripts.fields_docs import CANNOT, GIVEN, GIVEN_WITHIN, all_fields, proofs, snake_name
from scripts.proofs import claims
from vultus.index.step import all_steps
from vultus.model import File

NAMES = [each.name for each in all_fields()]
CLAIMS = claims()


def test_the_page_is_as_the_code_would_write_it():
    assert fields_docs.TARGET.read_text("utf-8") == fields_docs.document(), "run: make docs"


def test_every_field_is_proven_by_a_test_or_its_lack_explained():
    assert sorted(set(NAMES) - proofs().keys() - CANNOT.keys()) == []


def test_nothing_is_explained_that_is_proven_or_is_not_there():
    assert sorted(CANNOT.keys() & proofs().keys()) == []
    assert sorted((CANNOT.keys() | GIVEN_WITHIN.keys()) - set(NAMES)) == []


def test_every_field_of_a_file_comes_from_a_step_or_from_who_is_named():
    given = {name for step in all_steps().values() for name in step.gives}
    assert set(File.__struct_fields__) - given - GIVEN.keys() == set()


@pytest.mark.parametrize("claim", CLAIMS, ids=[f"{each.test}-{each.field}" for each in CLAIMS])
def test_a_test_that_claims_to_prove_a_field_names_it(claim):
    assert claim.field in NAMES
    assert {snake_name(claim.field), claim.field.partition(".")[2]} & claim.words
