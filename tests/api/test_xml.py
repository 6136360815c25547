from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.api.xml import encode_xml


def test_fields_are_elements_and_lists_repeat_theirs():
    answer = {"RequestId": "R", "Figures": [{"Age": 29}, {"Age": 30}], "Pinned": True, "Score": 0.5, "None": None}
    assert encode_xml("GetResponse", answer).decode() == (
        '<?xml version="1.0" encoding="UTF-8"?><GetResponse><RequestId>R</RequestId><Figures><Age>29</Age></Figures>'
        "<Figures><Age>30</Age></Figures><Pinned>true</Pinned><Score>0.5</Score><None></None></GetResponse>"
    )


@pytest.mark.parametrize("key", ["my label", "", "1st", "<a>", 'say "x"', "日本"])
def test_a_label_of_any_name_is_kept(key):
    root = ElementTree.fromstring(encode_xml("R", {"CustomLabels": {key: "v"}}))
    (entry,) = root.findall("CustomLabels/Entry")
    assert (entry.get("Key"), entry.text) == (key, "v")


def test_characters_that_xml_forbids_are_replaced():
    root = ElementTree.fromstring(encode_xml("R", {"Name": "a\x00b\x1b", "\x01": "\x02"}))
    assert root.findtext("Name") == "a\ufffdb\ufffd"


VALUES = st.recursive(
    st.text(st.characters(exclude_categories=["Cs", "Cc"])) | st.integers() | st.booleans(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), VALUES))
def test_every_answer_is_well_formed(answer):
    assert ElementTree.fromstring(encode_xml("R", answer)).tag == "R"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\t\n\r")))
def test_text_comes_back_as_it_was(text):
    root = ElementTree.fromstring(encode_xml("R", {"Name": text}))
    assert (root.findtext("Name") or "") == text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
