"""The headers that every answer of the API has, as its description tells them."""

from typing import Any, Final

HEADERS: Final[dict[str, Any]] = {
    "RateLimit-Policy": {
        "description": "What you may ask: of each policy `q` requests in `w` seconds; what was used comes back evenly.",
        "schema": {"type": "string"},
        "example": '"default";q=600;w=60',
    },
    "RateLimit": {
        "description": "What is left: for each policy `r` requests now, all of them again in `t` seconds.",
        "schema": {"type": "string"},
        "example": '"default";r=599;t=1',
    },
}
"""By draft-ietf-httpapi-ratelimit-headers-11."""
