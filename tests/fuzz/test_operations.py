"""Every operation, called with whatever its description allows, and with what it does not."""

import json
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from requests import PreparedRequest, Session
from requests.auth import AuthBase
from schemathesis import GenerationMode
from schemathesis.checks import response_headers_conformance, response_schema_conformance, status_code_conformance

from tests.conformance.raw import v1, v3
from tests.fuzz.answer import Answer
from tests.fuzz.target import ALWAYS_THE_SAME, GROWTH, REQUESTS
from vultus.api import description

DOCUMENT = json.loads(description.encoded())
del DOCUMENT["security"], DOCUMENT["components"]["securitySchemes"]  # requests are signed when they are whole
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
EXAMPLES = max(1, REQUESTS // 2 // len(MODES) // len(OPERATIONS))
CHECKS = [status_code_conformance, response_headers_conformance, response_schema_conformance]


class Signed(AuthBase):
    """Signs a request when it is whole, as version 1 or 3."""

    def __init__(self, endpoint, key, version):
        self.endpoint = endpoint
        self.key = key
        self._version = version

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        query = dict(parse_qsl(urlsplit(request.url).query, keep_blank_values=True))
        if self._version == 1:
            request.url = f"http://{self.endpoint}/?{urlencode(v1(self, request.method, query))}"
        else:
            version = query["Version"]
            request.headers.update(v3(self, query["Action"], query, method=request.method, x_acs_version=version))
        return request


@pytest.fixture(scope="module")
def session():
    with Session() as session:
        yield session


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.definition.raw["operationId"])
def test_an_answer_is_as_described(target, session, operation, mode):
    constants = operation.definition.raw["parameters"][:2]
    named = {parameter["name"]: parameter["schema"]["const"] for parameter in constants}

    @settings(
        max_examples=EXAMPLES,
        derandomize=ALWAYS_THE_SAME,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(generation_mode=mode),
        key=st.sampled_from([target.key, target.user]),
        version=st.sampled_from([1, 3]),
        chance=st.randoms(use_true_random=False),
    )
    def call(case, key, version, chance):
        for name in case.query.keys() & target.known.keys():
            if chance.random() < 0.9:
                case.query[name] = chance.choice(target.known[name])
        case.query |= named
        signed = Signed(target.endpoint, key, version)
        response = case.call(base_url=f"http://{target.endpoint}", session=session, auth=signed)
        target.requests += 1
        headers = {name.lower(): values[0] for name, values in response.headers.items()}
        Answer(response.status_code, headers, response.content).check()
        case.validate_response(response, checks=CHECKS if headers["content-type"].startswith("app") else CHECKS[:2])

    call()


def test_the_server_has_not_grown(target):
    assert target.requests > 0.8 * REQUESTS / 2
    assert target.grown < GROWTH
