import pytest

from vultus.api.proxies import Origin, Proxies
from vultus.config import ConfigError

TRUSTED = ["10.0.0.0/8", "192.0.2.7", "fd00::/8"]


def origin(peer, *forwarded, proto=(), trusted=TRUSTED, scheme="http"):
    headers = [(b"x-forwarded-for", each.encode("latin-1")) for each in forwarded]
    headers += [(b"x-forwarded-proto", each.encode()) for each in proto]
    scope = {"client": (peer, 1234) if peer else None, "scheme": scheme, "headers": headers}
    return Proxies(trusted).origin(scope)


@pytest.mark.parametrize("peer", ["203.0.113.5", "2001:db8::1", "192.0.2.8", ""])
def test_a_stranger_cannot_say_who_it_is(peer):
    assert origin(peer, "198.51.100.1", proto=["https"]) == Origin(peer, False)


def test_nobody_is_trusted_unless_the_operator_says_so():
    assert origin("127.0.0.1", "198.51.100.1", proto=["https"], trusted=[]) == Origin("127.0.0.1", False)


@pytest.mark.parametrize("peer", ["10.1.2.3", "192.0.2.7", "fd00::5", "::ffff:10.1.2.3"])
def test_a_trusted_proxy_says_whom_it_speaks_for(peer):
    assert origin(peer, "198.51.100.1", proto=["https"]) == Origin("198.51.100.1", True)


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        (["1.1.1.1, 198.51.100.1"], "198.51.100.1"),  # the client made up the first
        (["198.51.100.1, 10.9.9.9"], "198.51.100.1"),  # two proxies, both trusted
        (["1.1.1.1, 198.51.100.1, 10.9.9.9, 192.0.2.7"], "198.51.100.1"),
        (["10.8.8.8, 10.9.9.9"], "10.8.8.8"),  # a client within the trusted network
        (["1.1.1.1", "198.51.100.1", "10.9.9.9"], "198.51.100.1"),  # headers in turn, as one list
        (["198.51.100.1:4321"], "198.51.100.1"),
        (["[2001:db8::1]:4321"], "2001:db8::1"),
        (["2001:db8::1"], "2001:db8::1"),
        (["::ffff:198.51.100.1"], "198.51.100.1"),
        (["fe80::1%eth0"], "fe80::1"),
        (["198.51.100.1, unknown"], "10.1.2.3"),  # what cannot be read hides what is left of it
        (["unknown, 10.9.9.9"], "10.9.9.9"),
        (["\xff\x00, "], "10.1.2.3"),
        ([""], "10.1.2.3"),
        ([], "10.1.2.3"),
    ],
)
def test_reading_goes_from_the_right_to_the_first_that_is_not_trusted(forwarded, address):
    assert origin("10.1.2.3", *forwarded).address == address


@pytest.mark.parametrize(
    ("proto", "scheme", "secure"),
    [
        (["https"], "http", True),
        (["HTTPS"], "http", True),
        (["http"], "https", False),
        (["https, http"], "http", False),
        (["https", "http"], "http", False),
        ([], "https", True),
        ([], "http", False),
        (["wss"], "http", False),
    ],
)
def test_the_nearest_proxy_says_how_it_was_reached(proto, scheme, secure):
    assert origin("10.1.2.3", "198.51.100.1", proto=proto, scheme=scheme).secure is secure


def test_without_a_proxy_the_connection_tells():
    assert origin("203.0.113.5", scheme="https") == Origin("203.0.113.5", True)
    assert origin("::ffff:203.0.113.5", trusted=[]) == Origin("203.0.113.5", False)


@pytest.mark.parametrize("trusted", ["proxy.example", "10.0.0.0/33", "", "300.1.1.1"])
def test_what_is_no_network_is_said(trusted):
    with pytest.raises(ConfigError, match=r"server\.trusted_proxies"):
        Proxies([trusted])
