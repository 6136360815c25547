"""Who may do what, from the command line."""

import json

import pytest

from tests.operations.office import READ, WRITE, allowing


@pytest.fixture
def read(tmp_path):
    """A file with a policy."""
    file = tmp_path / "read.json"
    file.write_text(READ)
    return str(file)


def names(ended, field):
    return [each[field] for each in ended.json]


def test_users_are_added_shown_changed_listed_and_removed(vultus):
    assert vultus("ram", "user", "add", "alice", "--display-name", "Alice [A]").code == 0
    vultus("ram", "user", "add", "bob")
    vultus("ram", "user", "change", "bob", "--name", "bert", "--comments", "He.")
    assert names(vultus("ram", "user", "list", "--json"), "UserName") == ["alice", "bert"]
    listed = vultus("ram", "user", "list").out
    assert "Alice [A]" in listed
    assert "He." in listed
    shown = vultus("ram", "user", "show", "alice")
    assert "Alice [A]" in shown.out
    assert "Policies                 none" in shown.out
    assert vultus("ram", "user", "remove", "alice").code == 0
    assert names(vultus("ram", "user", "list", "--json"), "UserName") == ["bert"]


def test_a_user_who_has_something_is_removed_with_everything_or_not_at_all(vultus):
    vultus("ram", "user", "add", "alice")
    vultus("ram", "key", "add", "alice")
    vultus("ram", "group", "add", "staff")
    vultus("ram", "group", "join", "staff", "alice")
    vultus("ram", "attach", "AliyunIMMFullAccess", "--user", "alice")
    ended = vultus("ram", "user", "remove", "alice")
    assert (ended.code, ended.err) == (1, "The user alice still is in a group.")
    assert vultus("ram", "user", "remove", "alice", "--everything").code == 0
    assert vultus("ram", "user", "list", "--json").json == []


def test_keys_are_added_listed_switched_and_removed(vultus):
    vultus("ram", "user", "add", "alice")
    key = vultus("ram", "key", "add", "alice", "--json").json
    assert len(key["AccessKeySecret"]) == 30
    assert "AccessKeySecret" in vultus("ram", "key", "add", "alice").out
    vultus("ram", "key", "disable", "alice", key["AccessKeyId"])
    listed = vultus("ram", "key", "list", "alice", "--json")
    assert names(listed, "Status") == ["Inactive", "Active"]
    assert key["AccessKeySecret"] not in listed.out
    vultus("ram", "key", "enable", "alice", key["AccessKeyId"])
    assert names(vultus("ram", "key", "list", "alice", "--json"), "Status") == ["Active", "Active"]
    assert vultus("ram", "key", "used", "alice", key["AccessKeyId"]).out == "never\n"
    vultus("ram", "key", "remove", "alice", key["AccessKeyId"])
    assert len(vultus("ram", "key", "list", "alice", "--json").json) == 1


def test_keys_of_nobody_in_particular_are_the_callers(vultus):
    root = names(vultus("keys", "list", "--json"), "AccessKeyId")
    assert names(vultus("ram", "key", "list", "--json"), "AccessKeyId") == root


def test_groups_have_members_and_policies(vultus):
    for name in ("alice", "bob"):
        vultus("ram", "user", "add", name)
    vultus("ram", "group", "add", "staff", "--comments", "All of us.")
    vultus("ram", "group", "join", "staff", "alice", "bob")
    vultus("ram", "attach", "AliyunIMMReadOnlyAccess", "--group", "staff")
    shown = vultus("ram", "group", "show", "staff", "--json").json
    assert [each["UserName"] for each in shown["Users"]] == ["alice", "bob"]
    assert [each["PolicyName"] for each in shown["Policies"]] == ["AliyunIMMReadOnlyAccess"]
    vultus("ram", "group", "leave", "staff", "alice", "bob")
    vultus("ram", "detach", "AliyunIMMReadOnlyAccess", "--group", "staff")
    assert "Users                    none" in vultus("ram", "group", "show", "staff").out
    assert names(vultus("ram", "group", "list", "--json"), "GroupName") == ["staff"]
    assert vultus("ram", "group", "remove", "staff").code == 0


def test_roles_trust_all_users_or_whom_a_file_says(vultus, tmp_path):
    arn = vultus("ram", "role", "add", "reader", "--longest", "7200").out.strip()
    account = arn.split(":")[3]
    shown = vultus("ram", "role", "show", "reader", "--json").json["Role"]
    assert (shown["Arn"], shown["MaxSessionDuration"]) == (arn, 7200)
    assert f"acs:ram::{account}:root" in shown["AssumeRolePolicyDocument"]
    file = tmp_path / "trust.json"
    file.write_text(shown["AssumeRolePolicyDocument"].replace(":root", ":user/alice"))
    assert vultus("ram", "role", "trust", "reader", str(file)).code == 0
    assert "user/alice" in vultus("ram", "role", "show", "reader").out
    vultus("ram", "role", "add", "other", "--trust", str(file), "--description", "The other.")
    assert names(vultus("ram", "role", "list", "--json"), "RoleName") == ["other", "reader"]
    assert vultus("ram", "role", "remove", "reader").code == 0


def test_policies_come_from_files_and_from_standard_input(vultus, read):
    assert vultus("ram", "policy", "add", "mine", read, "--description", "Reads.").code == 0
    assert vultus("ram", "policy", "update", "mine", "-", stdin=WRITE).out == "mine is at v2.\n"
    vultus("ram", "user", "add", "alice")
    vultus("ram", "attach", "mine", "--user", "alice")
    shown = vultus("ram", "policy", "show", "mine", "--json").json
    assert json.loads(shown["Policy"]["PolicyDocument"]) == json.loads(WRITE)
    assert [each["UserName"] for each in shown["Users"]] == ["alice"]
    assert "alice" in vultus("ram", "policy", "show", "mine").out
    listed = vultus("ram", "policy", "list", "--json").json
    assert [each["AttachmentCount"] for each in listed if each["PolicyName"] == "mine"] == [1]
    assert vultus("ram", "policy", "remove", "mine").err == "The policy mine is attached to a user."
    vultus("ram", "detach", "mine", "--user", "alice")
    assert vultus("ram", "policy", "remove", "mine").code == 0


def test_a_policy_of_the_system_is_shown_with_what_it_says(vultus):
    assert "imm:List*" in vultus("ram", "policy", "show", "AliyunIMMReadOnlyAccess").out


def test_a_policy_is_updated_any_number_of_times(vultus, read):
    vultus("ram", "policy", "add", "mine", read)
    for number in range(2, 9):
        assert vultus("ram", "policy", "update", "mine", read).out == f"mine is at v{number}.\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("user", "show", "nobody"), "The user nobody does not exist."),
        (("attach", "AliyunIMMFullAccess"), "One of --user, --group and --role says who is meant."),
        (("attach", "x", "--user", "a", "--role", "b"), "One of --user, --group and --role says who is meant."),
        (("attach", "AliyunIMMFullAccess", "--user", "nobody"), "The user nobody does not exist."),
        (("policy", "add", "p", "nothing.json"), "nothing.json cannot be read: No such file or directory."),
        (("policy", "add", "a b", "-"), "PolicyName must be 1 to 128 letters, digits and hyphens."),
        (("role", "trust", "r", "-"), "The policy document is not JSON"),
    ],
)
def test_what_cannot_be_done_ends_with_one_clear_sentence(vultus, words, told):
    ended = vultus("ram", *words, stdin="{")
    assert ended.code == 1
    assert ended.err.startswith(told)
    assert ended.err.endswith(".")


def test_a_user_administers_from_the_command_line_what_a_policy_allows(vultus):
    vultus("ram", "user", "add", "anna")
    vultus("ram", "policy", "add", "users", "-", stdin=allowing("ram:*User*", "acs:ram:*:*:user/*"))
    vultus("ram", "attach", "users", "--user", "anna")
    assert vultus("--as", "anna", "ram", "user", "add", "bob").code == 0
    ended = vultus("--as", "anna", "ram", "group", "add", "staff")
    assert ended.code == 1
    assert "not authorized" in ended.err
    entry = vultus("trail", "--denied", "--json").json[-1]
    assert (entry["Action"], entry["Principal"].rpartition(":")[2]) == ("ram:CreateGroup", "user/anna")


def test_a_permission_is_explained(vultus):
    vultus("ram", "user", "add", "anna")
    vultus("ram", "attach", "AliyunIMMReadOnlyAccess", "--user", "anna")
    arn = "acs:imm:local:1234567890123456:project/p"
    assert vultus("ram", "explain", "anna", "imm:GetProject", arn, "--json").json["Allowed"] is True
    assert "denied" in vultus("ram", "explain", "anna", "imm:DeleteProject", arn).out


def test_the_master_key_is_rotated_and_keys_go_on_working(vultus, home):
    vultus("ram", "user", "add", "alice")
    vultus("ram", "key", "add", "alice")
    before = (home / "master-key").read_bytes()
    assert vultus("ram", "rotate-master-key").code == 0
    assert (home / "master-key").read_bytes() != before
    assert len(vultus("ram", "key", "list", "alice", "--json").json) == 1
    assert vultus("--as", "alice", "ram", "rotate-master-key").code == 1
