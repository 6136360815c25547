"""The tree of what labels there are."""

from collections import Counter

import pytest

from vultus.vision.pictures.concept import all_concepts


def test_every_kind_is_of_something_and_no_deeper_than_three_levels():
    concepts = all_concepts()
    for concept in concepts.values():
        assert 1 <= concept.level <= 3
        if concept.parent:
            assert concepts[concept.parent].level == concept.level - 1
            assert concept.classes <= concepts[concept.parent].classes
        else:
            assert concept.level == 1


def test_every_concept_is_named_in_english_and_in_simplified_chinese():
    for concept in all_concepts().values():
        english, chinese = concept.names
        assert (english.language, chinese.language) == ("en", "zh-Hans")
        assert english.word.isascii()
        assert all("\u4e00" <= letter <= "\u9fff" for letter in chinese.word)
        assert not chinese.alias or chinese.alias != chinese.word


def test_no_name_is_given_twice():
    for number in (0, 1):
        names = Counter(concept.names[number].word for concept in all_concepts().values())
        assert [name for name, count in names.items() if count > 1] == []


def test_classes_are_those_of_the_network():
    assert all(0 <= number < 1000 for concept in all_concepts().values() for number in concept.classes)


@pytest.mark.parametrize(
    ("number", "names"),
    [(207, ["Animal", "Dog", "Retriever"]), (285, ["Animal", "Cat"]), (963, ["Food", "Fast food", "Pizza"])],
)
def test_classes_lead_to_what_they_are_kinds_of(number, names):
    assert [name for name, concept in all_concepts().items() if number in concept.classes] == names


def test_people_and_documents_are_told_from_faces_and_texts_and_not_by_the_network():
    assert all(not all_concepts()[name].classes for name in ("Person", "Portrait", "Group photo", "Document"))
