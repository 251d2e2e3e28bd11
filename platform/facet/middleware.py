"""What no library does for us around every request: an id, a line in the log, figures, a header."""

import logging
import time
from collections.abc import Callable
from typing import Final

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from facet import instruments, logs, tracing

log = logging.getLogger(__name__)

READING: Final = {"GET", "HEAD", "OPTIONS"}
METHODS: Final = {*READING, "POST", "PUT", "PATCH", "DELETE"}
"""Anybody may send any word as a method; others are counted as OTHER."""


class RequestMiddleware:
    """The outermost: gives the request its id, and says and counts what became of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Django hands over the rest of the chain; with metrics, counting starts with the server."""
        self._get_response = get_response
        if settings.METRICS_TOKEN:
            instruments.shared()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; the id is in the header of the answer and in every line that is logged meanwhile."""
        started = time.monotonic()
        name = tracing.accepted(request.headers.get(tracing.HEADER))
        request.request_id = name  # type: ignore[attr-defined]  # for what Django logs after the middleware
        with structlog.contextvars.bound_contextvars(request_id=name):
            response = self._get_response(request)
            _account(request, response.status_code, time.monotonic() - started)
        response.headers[tracing.HEADER] = name
        return response


def _account(request: HttpRequest, status: int, seconds: float) -> None:
    """Names the route, never the path: a path may hold a key, and there are too many of them to count."""
    found = request.resolver_match
    route = (found.view_name or found.route) if found else "unmatched"
    method = request.method if request.method in METHODS else "OTHER"
    if settings.METRICS_TOKEN:
        instruments.shared().request(route=route, method=method, status=status, seconds=seconds)
    worth_a_line = (status >= 500 or method not in READING) and route not in logs.SAID_ELSEWHERE
    log.log(
        logging.INFO if worth_a_line else logging.DEBUG, "%s %s: %d in %.0f ms", method, route, status, seconds * 1e3,
        extra={"route": route, "method": method, "status": status, "ms": round(seconds * 1e3, 1)},
    )  # fmt: skip


class PermissionsPolicyMiddleware:
    """The camera for our own pages, and nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Django hands over the rest of the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the header to every response."""
        response = self._get_response(request)
        response.headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=()")
        return response
