"""Which addresses are written to: none by which somebody could reach what is behind the installation's own wall.

The name is looked up once, every address that it has must be public, and exactly these are connected to: a name that
leads elsewhere a moment later gains nothing.
"""

import ipaddress
import re
import socket
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

LONGEST: Final = 500
LOOK_UP_S: Final = 5.0
"""For a name. The system may wait for its name servers for a minute and cannot be interrupted."""

PORTS: Final = {443, 8443}
"""Where https is served; others may be doors of something else. With FACET_WEBHOOKS_PRIVATE any port will do."""

PRINTABLE: Final = re.compile(r"[\x21-\x7e]+")
NAME: Final = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
NUMBER: Final = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")
"""How the last part of an odd spelling of an IPv4 address looks, such as 127.1, 0x7f000001 or 2130706433."""

GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
NAT64: Final = IPv6Network("64:ff9b::/96")
NOT_GLOBAL: Final = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"), IPv6Network("3fff::/20"))
"""By IANA's registries, though not every Python knows: for protocols, relays of 6to4, documentation."""

CLOUD_KEYS: Final = {ipaddress.ip_address("fd00:ec2::254"), ipaddress.ip_address("100.100.100.200")}
"""Where clouds hand keys to their machines, beside what is link-local."""

Address = IPv4Address | IPv6Address


class AddressError(ValueError):
    """An address that nothing is sent to; the text says why and what would do."""


class UnresolvedError(Exception):
    """The name was not found."""


class RefusedError(Exception):
    """The name leads, at least in part, to where nothing is sent."""


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart: `host` is a name or an address in lower case, without brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_encrypted(self) -> bool:
        """Whether it is https."""
        return self.scheme == "https"


def target_of(url: str) -> Target:
    """What `url` names, without looking it up. Raises AddressError."""
    if len(url) > LONGEST:
        raise AddressError(f"An address may have {LONGEST} characters at most.")
    if not PRINTABLE.fullmatch(url) or "\\" in url:
        raise AddressError("Write the address without spaces and special letters; names with such letters as xn--…")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressError("This is no address. Write it like https://example.org/facet") from None
    _check(parts)
    host = _host(parts)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, _port(parts.scheme, port), path)


def _check(parts: SplitResult) -> None:
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.WEBHOOKS_PRIVATE):
        raise AddressError("The address has to begin with https://")
    if "@" in parts.netloc:
        raise AddressError(
            "Leave name and password out of the address: the signature tells that a message is from here."
        )
    if parts.fragment:
        raise AddressError("Leave out what follows the number sign: it is never sent.")


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").removesuffix(".")
    if "[" in parts.netloc:
        if "%" in host:
            raise AddressError("An address of one network interface is reached from nowhere else.")
        try:
            return IPv6Address(host).compressed
        except ValueError:
            raise AddressError("This is no address. Write it like https://example.org/facet") from None
    if NUMBER.fullmatch(host.rpartition(".")[2]):
        try:
            return str(IPv4Address(host))
        except ValueError:
            raise AddressError("Write an IPv4 address as four numbers, like 192.0.2.7") from None
    if not NAME.fullmatch(host):
        raise AddressError("There is no name of a machine in the address. Write it like https://example.org/facet")
    return host


def _port(scheme: str, port: int | None) -> int:
    if port is None:
        return 443 if scheme == "https" else 80
    if port in PORTS or (settings.WEBHOOKS_PRIVATE and port > 0):
        return port
    raise AddressError(f"Only the ports {' and '.join(str(one) for one in sorted(PORTS))} are written to.")


def resolve(target: Target) -> list[Address]:
    """The addresses to connect to, the preferred one first; asks once. Raises UnresolvedError, RefusedError."""
    try:
        found = _found(target)
    except (OSError, UnicodeError):  # of which TimeoutError is one
        raise UnresolvedError from None
    addresses = list(dict.fromkeys(_parsed(one[4][0]) for one in found))
    if not addresses:
        raise UnresolvedError
    if not all(map(may_be_told, addresses)):
        raise RefusedError
    return addresses


def _found(target: Target) -> list[Any]:
    """What the system's resolver says of the name. Raises OSError, UnicodeError.

    In a thread of its own, which is left behind when the time is over and ends when the system gives up. It holds up
    neither a message nor the end of the process, and has little company, as few places send.
    """
    answer: Future[list[Any]] = Future()
    threading.Thread(target=_look_up, args=(target, answer), name="look-up", daemon=True).start()
    return answer.result(LOOK_UP_S)


def _look_up(target: Target, answer: "Future[list[Any]]") -> None:
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except BaseException as error:  # raised again where the answer is waited for
        answer.set_exception(error)
    else:
        answer.set_result(found)


def _parsed(text: str | int) -> Address:
    """Raises RefusedError for what has a zone, as fe80::1%eth0, or is of no kind that we know."""
    try:
        return ipaddress.ip_address(str(text))
    except ValueError:
        raise RefusedError from None


def may_be_told(address: Address) -> bool:
    """Whether something may be sent to it, by the setting."""
    if settings.WEBHOOKS_PRIVATE:
        plain = _within(address)
        never = plain.is_multicast or plain.is_unspecified or plain.is_link_local or plain.is_reserved
        return plain.is_loopback or not (never or plain in CLOUD_KEYS)
    return is_public(address)


def is_public(address: Address) -> bool:
    """Whether it is on the internet. Where it stands for an IPv4 address, that one decides; tunnels are refused."""
    plain = _within(address)
    if plain.is_multicast or plain.is_reserved or not plain.is_global or any(plain in one for one in NOT_GLOBAL):
        return False
    if isinstance(plain, IPv4Address):
        return True
    return plain in GLOBAL_UNICAST and plain.sixtofour is None and plain.teredo is None


def _within(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, or itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return IPv4Address(address.packed[-4:]) if address in NAT64 else address
