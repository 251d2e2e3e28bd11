"""What is written to: addresses that are somebody's on the internet, however they are spelled."""

import ipaddress
import socket
import threading
import time
from typing import Any

import pytest

from accounts.webhooks import addresses
from accounts.webhooks.addresses import AddressError, RefusedError, Target, UnresolvedError, resolve, target_of

HOOK = Target("https", "hooks.example.org", 443, "/facet")


def answering(monkeypatch: pytest.MonkeyPatch, *found: str) -> list[str]:
    """Names are found at these addresses; the names that were asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        family = {4: socket.AF_INET, 6: socket.AF_INET6}
        versions = [6 if ":" in one else 4 for one in found]
        return [(family[version], 1, 6, "", (one, port)) for one, version in zip(found, versions, strict=True)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://hooks.example.org/facet", HOOK),
        ("https://HOOKS.example.org./facet", HOOK),
        ("https://hooks.example.org:443/facet", HOOK),
        ("https://hooks.example.org:8443", Target("https", "hooks.example.org", 8443, "/")),
        ("https://xn--bcher-kva.example/a?b=c&d", Target("https", "xn--bcher-kva.example", 443, "/a?b=c&d")),
        ("https://93.184.216.34/", Target("https", "93.184.216.34", 443, "/")),
        ("https://[2606:2800:0220::1]/", Target("https", "2606:2800:220::1", 443, "/")),
    ],
)
def test_an_address_is_taken_apart_once(url: str, target: Target) -> None:
    assert target_of(url) == target


@pytest.mark.parametrize(
    "url",
    [
        "", "hooks.example.org", "//hooks.example.org", "https://", "https:///path", "https://?x", "https://:443/",
        "http://hooks.example.org/", "ftp://hooks.example.org/", "file:///etc/passwd", "gopher://hooks.example.org/",
        "javascript:alert(1)", "https+unix://x/",
        "https://user@hooks.example.org/", "https://user:pass@hooks.example.org/", "https://@hooks.example.org/",
        "https://hooks.example.org@10.0.0.1/", "https://hooks.example.org\\@10.0.0.1/", "https://a\\b.example/",
        "https://hooks.example.org/#part", "https://hooks.example.org/ a", "https://hooks.example.org/\r\nX: y",
        "https://hooks.example.org/\t", " https://hooks.example.org/", "https://b\u00fccher.example/",
        "https://hooks.example.org\u3002evil/", "https://hooks.example.org/\u2028", "https://127.0.0.1\x00.example/",
        "https://hooks.example.org:0/", "https://hooks.example.org:22/", "https://hooks.example.org:80/",
        "https://hooks.example.org:6379/", "https://hooks.example.org:65536/", "https://hooks.example.org:-1/",
        "https://hooks.example.org:x/", "https://hooks.example.org:443:22/",
        "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/",
        "https://127.0.0.1.2/", "https://1.2.3/", "https://256.1.1.1/", "https://hooks.0x1/",
        "https://[::1/", "https://[fe80::1%25eth0]/", "https://[fe80::1%eth0]/", "https://[v1.x]/", "https://[::g]/",
        "https://-hooks.example.org/", "https://hooks..example.org/", f"https://{'a' * 64}.example/",
        "https://*.example.org/", "https://hooks.example.org%2eevil/", "https://hooks.example.org/" + "a" * 500,
    ],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused_with_a_next_step(url: str) -> None:
    with pytest.raises(AddressError) as raised:
        target_of(url)
    assert len(str(raised.value)) > 20


PRIVATE = [
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.7",
    "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::10.1.2.3", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1",
    "2001:0:53aa:64c:0:fbff:f5ff:fffe", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::1", "2002:5db8:d822::1",
    "3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "ff0e::1", "5f00::1", "4000::1",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "93.184.216.34", "172.32.0.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PRIVATE)
def test_nothing_is_sent_to_what_is_nobodys_on_the_internet(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    answering(monkeypatch, address)
    with pytest.raises(RefusedError):
        resolve(HOOK)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_written_to(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    asked = answering(monkeypatch, address)
    assert resolve(HOOK) == [ipaddress.ip_address(address)]
    assert asked == ["hooks.example.org"]


@pytest.mark.parametrize(
    "found",
    [
        ("93.184.216.34", "127.0.0.1"),
        ("10.0.0.1", "93.184.216.34"),
        ("2606:4700::1", "::ffff:10.0.0.1"),
        ("fe80::1%lo",),
    ],
)
def test_one_private_address_among_public_ones_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch, found: tuple[str, ...]
) -> None:
    answering(monkeypatch, *found)
    with pytest.raises(RefusedError):
        resolve(HOOK)


def test_a_name_that_is_not_found_is_no_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch)
    with pytest.raises(UnresolvedError):
        resolve(HOOK)

    def fails(*_: Any, **__: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    with pytest.raises(UnresolvedError):
        resolve(HOOK)


def test_a_name_server_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(addresses, "LOOK_UP_S", 0.1)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(20))
    began = time.monotonic()
    with pytest.raises(UnresolvedError):
        resolve(HOOK)
    assert time.monotonic() - began < 10
    over.set()


def test_on_ones_own_network_private_addresses_http_and_other_ports_are_allowed(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.WEBHOOKS_PRIVATE = True
    assert target_of("http://nas:8080/x") == Target("http", "nas", 8080, "/x")
    for address in ("192.168.1.4", "127.0.0.1", "::1", "fd12::1", "10.1.1.1", *PUBLIC):
        answering(monkeypatch, address)
        assert resolve(HOOK)


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "fd00:ec2::254", "100.100.100.200", "0.0.0.0",
     "::", "224.0.0.1", "ff02::1", "fe80::1", "255.255.255.255"],
)  # fmt: skip
def test_not_even_there_is_anything_sent_to_where_clouds_keep_keys(
    monkeypatch: pytest.MonkeyPatch, settings: Any, address: str
) -> None:
    settings.WEBHOOKS_PRIVATE = True
    answering(monkeypatch, address)
    with pytest.raises(RefusedError):
        resolve(HOOK)


def test_the_ports_are_those_of_the_document() -> None:
    assert {443, 8443} == addresses.PORTS
