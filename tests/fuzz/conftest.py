from collections.abc import Iterator

import pytest

from tests.fuzz.target import Target, start


@pytest.fixture(scope="module")
def target(tmp_path_factory) -> Iterator[Target]:
    """A server in a process of its own."""
    process, target = start(tmp_path_factory.mktemp("fuzzed"))
    with process:
        yield target
        process.communicate(timeout=60)
    assert process.returncode == 0
