"""Short ways to write policies in tests."""

import json

from vultus.ram.policy import Policy

ACCOUNT = "1234567890123456"
PROJECT = f"acs:imm:cn-shanghai:{ACCOUNT}:project/photos"
DATASET = f"{PROJECT}/dataset/album"


def allow(*actions, on="*", **more):
    """A statement that allows actions on resources; more of it by name, ``Condition=...``."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": on, **more}


def deny(*actions, on="*", **more):
    return allow(*actions, on=on, **more) | {"Effect": "Deny"}


def all_but(*actions, on="*", effect="Allow", **more):
    return {"Effect": effect, "NotAction": list(actions), "Resource": on, **more}


def when(operator, key, *values, **more):
    """The Condition of a statement."""
    return {"Condition": {operator: {key: list(values)}}, **more}


def document(*statements, version="1"):
    return json.dumps({"Version": version, "Statement": list(statements)})


def policy(*statements, name="", kind="Custom"):
    return Policy.parse(document(*statements), name, kind)
