"""Where Facet is, and whether the token may go there."""

import ipaddress
import uuid
from urllib.parse import quote, urlsplit

from facet_client.errors import InsecureAddress

API = "/api/v1/"


def base_of(url: str, *, allow_http: bool = False) -> str:
    """The API's address for the address of a Facet, with or without /api/v1 at its end.

    Raises ValueError for what is no web address, and InsecureAddress for http:// to another machine.
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{url!r} is no address of a Facet. Write it like https://facet.example.org")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("The address of a Facet has no password, question mark or number sign in it.")
    if parts.scheme == "http" and not (allow_http or is_this_machine(parts.hostname)):
        raise InsecureAddress(
            f"http://{parts.netloc} is another machine, and whoever is between would read your token. "
            "Use https://, or allow http if the network is yours."
        )
    path = parts.path.rstrip("/").removesuffix(API.rstrip("/")).rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}{API}"


def site_of(base: str) -> str:
    """The address of the pages for `base_of`."""
    return base.removesuffix(API)


def is_this_machine(host: str) -> bool:
    """Whether requests to `host` never leave this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def id_in_path(value: str | uuid.UUID) -> str:
    """An id as it stands in an address. Raises ValueError for what is none, so that it cannot lead elsewhere."""
    try:
        return str(value if isinstance(value, uuid.UUID) else uuid.UUID(value))
    except ValueError:
        raise ValueError(f"{value!r} is no id. An id looks like 1b4e28ba-2fa1-4d2e-883f-0016d3cca427") from None


def slug_in_path(value: str) -> str:
    """A catalogue item's slug as it stands in an address. Raises ValueError for an empty one or one of dots."""
    if not value.strip("."):
        raise ValueError("A suggestion has a slug.")
    return quote(value, safe="")
