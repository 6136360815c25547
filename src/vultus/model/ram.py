"""The nouns of RAM on the wire: users, groups, roles, policies and access keys.

An operation answers with some of a noun's fields, and RAM wraps each list in a struct of its own. What an answer does
not tell is left out.
"""

from typing import Literal

from msgspec import UNSET

from vultus.model.wire import Text, Unset, Whole, Wire

PolicyType = Literal["System", "Custom"]
KeyStatus = Literal["Active", "Inactive"]


class User(Wire):
    """Who has keys of their own; JoinDate is that of a member, AttachDate that of a policy's holder."""

    user_id: Text = UNSET
    user_name: str
    display_name: Text = UNSET
    mobile_phone: Text = UNSET
    email: Text = UNSET
    comments: Text = UNSET
    create_date: Text = UNSET
    update_date: Text = UNSET
    join_date: Text = UNSET
    attach_date: Text = UNSET


class Users(Wire):
    """A list of users."""

    user: list[User]


class Group(Wire):
    """Users who share policies; JoinDate is when a user became a member, AttachDate when it was given a policy."""

    group_id: Text = UNSET
    group_name: str
    comments: Text = UNSET
    create_date: Text = UNSET
    update_date: Text = UNSET
    join_date: Text = UNSET
    attach_date: Text = UNSET


class Groups(Wire):
    """A list of groups."""

    group: list[Group]


class Role(Wire):
    """What others may become for a while; AttachDate is when it was given a policy."""

    role_id: Text = UNSET
    role_name: str
    arn: Text = UNSET
    description: Text = UNSET
    assume_role_policy_document: Text = UNSET
    max_session_duration: Whole = UNSET
    create_date: Text = UNSET
    update_date: Text = UNSET
    attach_date: Text = UNSET


class Roles(Wire):
    """A list of roles."""

    role: list[Role]


class Policy(Wire):
    """What is allowed and denied to whom it is attached to; AttachDate is when that was."""

    policy_name: str
    policy_type: PolicyType
    description: Text = UNSET
    default_version: Text = UNSET
    policy_document: Text = UNSET
    attachment_count: Whole = UNSET
    create_date: Text = UNSET
    update_date: Text = UNSET
    attach_date: Text = UNSET


class Policies(Wire):
    """A list of policies."""

    policy: list[Policy]


class PolicyVersion(Wire):
    """What a policy says or once said; the default version is the one that counts."""

    version_id: str
    is_default_version: bool
    policy_document: Text = UNSET
    create_date: Text = UNSET


class PolicyVersions(Wire):
    """A list of versions."""

    policy_version: list[PolicyVersion]


class AccessKey(Wire):
    """What a user signs requests with. The secret is told once, to whoever makes the key."""

    access_key_id: str
    access_key_secret: Text = UNSET
    status: KeyStatus | Unset = UNSET
    create_date: Text = UNSET


class AccessKeys(Wire):
    """A list of keys."""

    access_key: list[AccessKey]


class AccessKeyLastUsed(Wire):
    """When a key was last used."""

    last_used_date: str
