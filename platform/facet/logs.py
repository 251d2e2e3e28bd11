"""Log lines for people or, with FACET_LOG=json, one JSON object a line for programs; with the ids, and scrubbed."""

import logging
from typing import Any, Final

import structlog
from django.urls import Resolver404, resolve
from structlog.typing import EventDict, WrappedLogger

from facet.scrub import scrub

STYLES: Final = ("lines", "json")
EXTRA: Final = ("request_id", "analysis", "outcome", "code", "route", "method", "status", "ms")
"""What a line may carry besides its message; anything else that a library attaches stays out."""

SAID_ELSEWHERE: Final = {"readyz"}
"""Routes that are asked every few seconds and answer 503 for long; the probes log each change once."""

OURS: Final = ("facet", "accounts", "analysis", "suggestions")


def configuration(*, style: str, level: str) -> dict[str, Any]:
    """For logging.config.dictConfig: our loggers at `level`, others from WARNING on, all to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": "facet.logs.Lines"}, "json": {"()": "facet.logs.json_formatter"}},
        "filters": {"request": {"()": "facet.logs.AboutRequest"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": style, "filters": ["request"]}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            **{name: {"level": level} for name in OURS},
            "django": {"level": "INFO", "handlers": []},  # Django's own handler would say everything a second time
            "gunicorn.error": {"level": "WARNING", "handlers": ["stderr"], "propagate": False},
            "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
        },
    }


class AboutRequest(logging.Filter):
    """For what Django itself logs of a request: its id, and the route instead of a path that may hold a key."""

    def filter(self, record: logging.LogRecord) -> bool:
        """False only for what is said elsewhere; the record changes."""
        request = getattr(record, "request", None)
        if getattr(getattr(request, "resolver_match", None), "view_name", None) in SAID_ELSEWHERE:
            return False
        path = getattr(request, "path", None)
        if request_id := getattr(request, "request_id", None):
            record.request_id = request_id
        if path and isinstance(record.args, tuple):
            record.args = tuple(_route(path) if argument == path else argument for argument in record.args)
        return True


def _route(path: str) -> str:
    try:
        return f"/{resolve(path).route}"
    except Resolver404:
        return path


def _scrubbed(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:  # noqa: ARG001
    return {key: scrub(value) if isinstance(value, str) else value for key, value in event.items() if value is not None}


def json_formatter() -> structlog.stdlib.ProcessorFormatter:
    """One object a line: time (UTC), level, logger, message, and what is known of request_id, analysis, exception."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(allow=EXTRA),
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.EventRenamer("message"),
            _scrubbed,
            structlog.processors.JSONRenderer(),
        ],
    )


class Lines(logging.Formatter):
    """Time, level, logger, message and, where there is one, the id of the request."""

    def __init__(self) -> None:
        """The format is fixed."""
        super().__init__("{asctime} {levelname:<7} {name}: {message}", style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  the name is the standard library's
        """The line without a traceback."""
        known = getattr(record, "request_id", None) or structlog.contextvars.get_contextvars().get("request_id")
        return super().formatMessage(record) + (f" [{known}]" if known else "")

    def format(self, record: logging.LogRecord) -> str:
        """The line and its traceback, scrubbed."""
        return scrub(super().format(record))
