import pytest

from vultus.ram.principal import Principal

OWNER = "1234567890123456"


@pytest.mark.parametrize(
    ("principal", "arn"),
    [
        (Principal(OWNER), f"acs:ram::{OWNER}:root"),
        (Principal(OWNER, user="anna", kind="User"), f"acs:ram::{OWNER}:user/anna"),
        (Principal(OWNER, user="reader/anna", kind="Role"), f"acs:ram::{OWNER}:assumed-role/reader/anna"),
    ],
)
def test_policies_name_a_caller_by_an_arn(principal, arn):
    assert principal.arn == arn
