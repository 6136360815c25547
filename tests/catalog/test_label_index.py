from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, literal, select

from vultus.catalog.label_index import has_label, label_index

ENGINE = create_engine("sqlite://")
WORDS = st.text(max_size=6)


def found(labels, key, value):
    with ENGINE.connect() as connection:
        answer = connection.scalar(select(has_label(literal(label_index(labels)), key, value)))
    return bool(answer)


@given(st.dictionaries(WORDS, WORDS, max_size=4), WORDS, WORDS)
def test_a_label_is_found_when_the_map_holds_it_in_any_case_and_only_then(labels, key, value):
    folded = {(name.casefold(), text.casefold()) for name, text in labels.items()}
    assert found(labels, key, value) == ((key.casefold(), value.casefold()) in folded)
    assert all(
        found(labels, name.upper(), text) for name, text in labels.items() if name.upper().casefold() == name.casefold()
    )


def test_case_is_folded_in_every_script():
    assert found({"Straße": "ÄPFEL"}, "strasse", "äpfel")


def test_signs_that_search_patterns_use_stand_for_themselves():
    assert not found({"name": "anna"}, "name", "a%")
    assert not found({"name": "anna"}, "name", "ann_")
    assert found({"100%": "a_b"}, "100%", "a_b")


def test_what_is_no_text_is_compared_as_json():
    assert found({"n": 1, "on": True, "none": None}, "n", "1")
    assert found({"n": 1, "on": True}, "on", "True")
    assert not found({"n": 1}, "n", "1.0")
