import tracemalloc
from urllib.parse import quote, quote_plus, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vultus.api.rpc import MOST_PARAMETERS, PIECE, answer_format, parse
from vultus.errors import InvalidArgument, InvalidFormat, UnknownAction, UnsupportedMethod


def parameters(query: bytes = b"", body: bytes = b"") -> dict[str, str]:
    return parse("POST", "/", [], query, body).parameters


def test_parameters_of_query_and_body_are_merged():
    assert parameters(b"ProjectName=p", b"ObjectId=c") == {"ProjectName": "p", "ObjectId": "c"}


def test_only_those_of_the_query_are_of_the_query():
    assert parse("POST", "/", [], b"ProjectName=p", b"ObjectId=c").query == {"ProjectName": "p"}


@pytest.mark.parametrize("query", [b"Name=a+b%20%2B", b"Name=a%20b+%2b"])
def test_plus_is_a_space_and_percent_a_byte(query):
    assert parameters(query) == {"Name": "a b +"}


def test_values_may_be_empty_and_pairs_too():
    assert parameters(b"&SignatureType=&&Name&") == {"SignatureType": "", "Name": ""}


def test_a_value_keeps_its_equals_signs():
    assert parameters(b"Signature=abc==") == {"Signature": "abc=="}


def test_a_percent_sign_that_is_no_code_stays():
    assert parameters(b"Name=100%zz%") == {"Name": "100%zz%"}


def test_a_form_is_read_whatever_its_content_type_says():
    request = parse("POST", "/", [(b"content-type", b"text/plain")], b"", b"Name=a")
    assert request.parameters == {"Name": "a"}


@pytest.mark.parametrize(
    ("query", "body"), [(b"A=1&A=2", b""), (b"", b"A=1&A=1"), (b"A=1", b"A=1"), (b"A=1&%41=1", b"")]
)
def test_a_parameter_given_twice_is_refused_by_name(query, body):
    with pytest.raises(InvalidArgument, match="The parameter A is"):
        parameters(query, body)


@pytest.mark.parametrize("query", [b"A=%ff", b"%c3%28=1", b"A=\xff"])
def test_what_is_no_utf8_is_refused(query):
    with pytest.raises(InvalidArgument, match="not UTF-8"):
        parameters(query)


def test_more_parameters_than_any_operation_has_are_refused_before_they_are_read():
    with pytest.raises(InvalidArgument, match=str(MOST_PARAMETERS)):
        parameters(b"", b"&" * 10_000_000)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "OPTIONS", "get", ""])
def test_other_methods_than_get_and_post_are_refused(method):
    with pytest.raises(UnsupportedMethod):
        parse(method, "/", [], b"", b"")


def test_there_is_one_path():
    with pytest.raises(UnknownAction, match="/projects"):
        parse("GET", "/projects", [], b"", b"")


@pytest.mark.parametrize(("sent", "meant"), [("", "JSON"), ("json", "JSON"), ("JSON", "JSON"), ("xml", "XML")])
def test_the_format_is_json_unless_asked_otherwise(sent, meant):
    assert answer_format({"Format": sent}) == meant
    assert answer_format({}) == "JSON"


def test_an_unknown_format_is_refused():
    with pytest.raises(InvalidFormat, match="YAML"):
        answer_format({"Format": "YAML"})


TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(TEXT.filter(bool), TEXT, max_size=8), st.sampled_from([quote, quote_plus]))
def test_what_a_client_encodes_comes_back(sent, encode):
    query = "&".join(f"{encode(name)}={encode(value)}" for name, value in sent.items())
    assert parameters(query.encode()) == sent


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(query, body):
    try:
        read = parameters(query, body)
    except InvalidArgument:
        return
    assert all(type(name) is str and type(value) is str for name, value in read.items())


@pytest.mark.parametrize("escape", ["%41", "%%41", "%4", "%", "%%", "%E6%97%A5"])
@pytest.mark.parametrize("before", range(10))
def test_a_long_value_is_decoded_as_a_short_one(escape, before):
    value = "x" * (PIECE - before) + escape * 3 + "y" * (PIECE - 10) + escape * 3
    assert parameters(f"Name={value}".encode()) == {"Name": unquote(value)}


def test_decoding_a_long_value_takes_memory_in_proportion():
    body = b"Name=" + b"%01" * 500_000
    tracemalloc.start()
    assert parameters(body=body)["Name"] == "\x01" * 500_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5 * len(body)
