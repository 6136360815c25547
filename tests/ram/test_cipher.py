import base64
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from vultus.config import ConfigError
from vultus.errors import ServiceUnavailable
from vultus.ram.account import ensure_account, read_root_key
from vultus.ram.cipher import Cipher
from vultus.ram.keys import Keys
from vultus.ram.master_keys import MasterKeys

SECRET = "0123456789abcdefghijABCDEFGHIJ"


def new_key():
    return base64.b64encode(os.urandom(32)).decode()


def secrets_in(catalog, cipher):
    return {key_id: cipher.open(key_id, sealed) for key_id, sealed in catalog.keys.secrets().items()}


# A secret


def test_what_is_encrypted_comes_back(cipher, master_keys):
    sealed = cipher.seal("LTAIa", SECRET)
    assert cipher.open("LTAIa", sealed) == SECRET
    fingerprint = master_keys.first().fingerprint.hex()
    assert re.fullmatch(rf"v1:{fingerprint}:[A-Za-z0-9+/]+=*", sealed)
    assert SECRET not in sealed


def test_one_secret_is_never_encrypted_twice_alike(cipher):
    assert len({cipher.seal("LTAIa", SECRET) for _ in range(100)}) == 100


def test_a_secret_is_bound_to_its_key(cipher):
    with pytest.raises(ServiceUnavailable, match="access key LTAIb was changed"):
        cipher.open("LTAIb", cipher.seal("LTAIa", SECRET))


def test_a_secret_that_was_changed_anywhere_is_refused(cipher):
    sealed = cipher.seal("LTAIa", SECRET)
    for place, letter in enumerate(sealed.rstrip("=")[:-1]):  # of base64's last letter, some bits mean nothing
        changed = sealed[:place] + ("0" if letter != "0" else "1") + sealed[place + 1 :]
        with pytest.raises(ServiceUnavailable):
            cipher.open("LTAIa", changed)


@pytest.mark.parametrize("sealed", ["", SECRET, "v1", "v1:", "v1::", "v2:00000000:AAAA", "v1:zz:AAAA", "v1:é:é", ":::"])
def test_what_was_never_encrypted_is_refused(cipher, sealed):
    with pytest.raises(ServiceUnavailable):
        cipher.open("LTAIa", sealed)


def test_any_of_several_keys_decrypts_and_the_first_encrypts(home):
    old, new = new_key(), new_key()
    sealed = Cipher(MasterKeys(home, old)).seal("LTAIa", SECRET)
    both = Cipher(MasterKeys(home, f"{new},{old}"))
    assert both.open("LTAIa", sealed) == SECRET
    assert Cipher(MasterKeys(home, new)).open("LTAIa", both.seal("LTAIa", SECRET)) == SECRET


def test_another_master_key_is_said(cipher, home):
    sealed = cipher.seal("LTAIa", SECRET)
    other = Cipher(MasterKeys(home, new_key()))
    with pytest.raises(ServiceUnavailable, match=r"another master key \([0-9a-f]{8}\).* VULTUS_MASTER_KEY: several"):
        other.open("LTAIa", sealed)


# A start


def test_the_first_start_encrypts_what_an_older_version_left_in_the_clear(catalog, home):
    catalog.account.ensure()
    catalog.keys.add("LTAIold", SECRET)
    ensure_account(catalog, home)
    assert SECRET not in catalog.keys.secrets()["LTAIold"]
    before = catalog.keys.secrets()
    ensure_account(catalog, home)
    assert catalog.keys.secrets() == before
    assert secrets_in(catalog, Cipher(MasterKeys(home))) == {"LTAIold": SECRET}


def test_a_start_without_the_file_makes_no_other_key(catalog, home):
    ensure_account(catalog, home)
    (home / "master-key").unlink()
    with pytest.raises(ConfigError, match="Bring the file back, or give its key as VULTUS_MASTER_KEY"):
        ensure_account(catalog, home)
    assert not (home / "master-key").exists()


def test_a_second_machine_is_told_to_share_the_key(catalog, tmp_path):
    ensure_account(catalog, tmp_path / "one")
    with pytest.raises(ConfigError, match="several machines with one database share it"):
        ensure_account(catalog, tmp_path / "other")


def test_of_machines_that_start_at_once_without_sharing_the_key_one_does(catalog, tmp_path):
    def start(number):
        try:
            return ensure_account(catalog, tmp_path / str(number)).new_key
        except ConfigError:
            return None

    with ThreadPoolExecutor(4) as threads:
        [made] = [key for key in threads.map(start, range(4)) if key]
    [home] = [home for home in tmp_path.iterdir() if (home / "master-key").exists()]
    assert secrets_in(catalog, Cipher(MasterKeys(home))) == {made.key_id: made.secret}


def test_a_start_with_another_key_is_refused_and_changes_nothing(catalog, home):
    ensure_account(catalog, home)
    before = catalog.keys.secrets()
    with pytest.raises(ServiceUnavailable, match="another master key"):
        ensure_account(catalog, home, new_key())
    assert catalog.keys.secrets() == before


def test_machines_share_the_key_by_the_setting(catalog, tmp_path):
    key = new_key()
    first = ensure_account(catalog, tmp_path / "one", key)
    assert ensure_account(catalog, tmp_path / "other", key).new_key is None
    there = Cipher(MasterKeys(tmp_path / "other", key))
    assert secrets_in(catalog, there) == {first.new_key.key_id: first.new_key.secret}
    assert not (tmp_path / "one" / "master-key").exists()


def test_a_key_that_is_put_before_another_in_the_setting_takes_over_at_the_next_start(catalog, home):
    old, new = new_key(), new_key()
    made = ensure_account(catalog, home, old).new_key
    ensure_account(catalog, home, f"{new},{old}")
    assert secrets_in(catalog, Cipher(MasterKeys(home, new))) == {made.key_id: made.secret}


# Rotation


@pytest.fixture
def secrets(catalog, home):
    """Several keys and their secrets."""
    ensure_account(catalog, home)
    keys = Keys(catalog, Cipher(MasterKeys(home)))
    made = [keys.create() for _ in range(3)]
    root = read_root_key(home)
    return {key.key_id: key.secret for key in made} | {root.access_key_id: root.access_key_secret}


def test_a_rotation_encrypts_everything_anew_and_forgets_the_old_key(catalog, home, secrets):
    keys = MasterKeys(home)
    [old] = keys.all()
    Cipher(keys).rotate(catalog)
    [new] = keys.all()
    assert new.fingerprint != old.fingerprint
    assert secrets_in(catalog, Cipher(MasterKeys(home))) == secrets
    assert all(sealed.startswith(f"v1:{new.fingerprint.hex()}:") for sealed in catalog.keys.secrets().values())


def test_a_process_that_knows_only_the_old_key_goes_on_after_a_rotation(catalog, home, secrets):
    running = Cipher(MasterKeys(home))
    assert secrets_in(catalog, running) == secrets
    Cipher(MasterKeys(home)).rotate(catalog)
    assert secrets_in(catalog, running) == secrets
    made = Keys(catalog, running).create()
    assert Cipher(MasterKeys(home)).open(made.key_id, catalog.keys.secrets()[made.key_id]) == made.secret


def test_keys_that_are_made_during_rotations_are_not_lost(catalog, home, secrets):
    def create(_):
        made = Keys(catalog, Cipher(MasterKeys(home))).create()
        return made.key_id, made.secret

    with ThreadPoolExecutor(3) as threads:
        rotations = [threads.submit(Cipher(MasterKeys(home)).rotate, catalog) for _ in range(4)]
        made = dict(threads.map(create, range(20)))
        for rotation in rotations:
            rotation.result()
    assert secrets_in(catalog, Cipher(MasterKeys(home))) == secrets | made
    assert len(MasterKeys(home).all()) == 1


def test_a_key_of_the_setting_is_not_rotated_behind_its_back(catalog, home):
    ensure_account(catalog, home, key := new_key())
    with pytest.raises(ConfigError, match="is that of VULTUS_MASTER_KEY"):
        Cipher(MasterKeys(home, key)).rotate(catalog)


class Cut(Exception):
    """A rotation ends before its time."""


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (MasterKeys, "put_first"),
        (Cipher, "_seal_anew"),
        (Cipher, "seal"),
        (MasterKeys, "drop_others"),
    ],
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_rotation_that_fails_anywhere_loses_nothing(catalog, home, secrets, monkeypatch, place, name, when):
    real = getattr(place, name)

    def cut(self, *arguments):
        if when == "after":
            real(self, *arguments)
        raise Cut

    with monkeypatch.context() as patched:
        patched.setattr(place, name, cut)
        with pytest.raises(Cut):
            Cipher(MasterKeys(home)).rotate(catalog)
    assert secrets_in(catalog, Cipher(MasterKeys(home))) == secrets
    ensure_account(catalog, home)
    assert secrets_in(catalog, Cipher(MasterKeys(home))) == secrets
    Cipher(MasterKeys(home)).rotate(catalog)
    assert secrets_in(catalog, Cipher(MasterKeys(home))) == secrets
    assert len(MasterKeys(home).all()) == 1


KILL_ROTATIONS = """
import os, sys
from pathlib import Path
from vultus.catalog import Catalog
from vultus.ram.cipher import Cipher
from vultus.ram.master_keys import MasterKeys

url, home = sys.argv[1], Path(sys.argv[2])
catalog = Catalog(url)
catalog.migrate()
left = 0

def count_down(frame, event, argument):
    global left
    if "/vultus/" in frame.f_code.co_filename:
        left -= 1
        if left == 0:
            os._exit(9)
    return count_down

def secrets():
    cipher = Cipher(MasterKeys(home))
    return {key_id: cipher.open(key_id, sealed) for key_id, sealed in catalog.keys.secrets().items()}

def rotate_and_die(lines):
    global left
    child = os.fork()
    if child == 0:
        left = lines
        sys.settrace(count_down)
        Cipher(MasterKeys(home)).rotate(catalog)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

before, lines = secrets(), 1
while rotate_and_die(lines) == 9:
    assert secrets() == before, lines
    Cipher(MasterKeys(home)).rotate(catalog)
    assert secrets() == before, lines
    assert len(MasterKeys(home).all()) == 1, lines
    lines += 7
print(lines)
"""


def test_a_rotation_that_is_killed_anywhere_loses_nothing(catalog_url, home, secrets):
    """It dies at one line of our code after another, seven lines apart, until it lives."""
    command = [sys.executable, "-c", KILL_ROTATIONS, catalog_url, str(home)]
    ended = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    assert int(ended.stdout) > 100
