"""Misconfiguration as Django system checks with ids, so that `manage.py check` finds it before a person does."""

import os
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004


@register(Tags.security, deploy=True)
def https_is_on(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """facet.W001: photos of faces must not travel in the clear."""
    if settings.HTTPS:
        return []
    return [Warning("FACET_HTTPS is off.", hint="Set FACET_HTTPS=1 behind a proxy that speaks HTTPS.", id="facet.W001")]


@register(Tags.security, deploy=True)
def hosts_are_named(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """facet.E001: a wildcard host lets strangers forge links in mails."""
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [Error("FACET_ALLOWED_HOSTS holds '*'.", hint="Name the hosts that people use.", id="facet.E001")]


@register(Tags.security)
def secret_is_own(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """facet.E002: the secret of .env.example is known to everybody."""
    if "change-me" not in settings.SECRET_KEY:
        return []
    return [
        Error(
            "FACET_SECRET_KEY is the example's.",
            hint="Remove .env and run `make run`, which writes a new one.",
            id="facet.E002",
        )
    ]


SHORTEST_TOKEN = 32


@register(Tags.security)
def metrics_token_is_long(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """facet.E003: nothing slows down who guesses at it."""
    if not settings.METRICS_TOKEN or len(settings.METRICS_TOKEN) >= SHORTEST_TOKEN:
        return []
    return [
        Error(
            f"FACET_METRICS_TOKEN is shorter than {SHORTEST_TOKEN} characters.",
            hint="Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'. Unset, /metrics is off.",
            id="facet.E003",
        )
    ]


@register(Tags.security)
def nothing_is_a_placeholder(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """facet.E005: what a template holds is known to everybody, or leads nowhere."""
    ours = {name: value for name, value in os.environ.items() if name.startswith("FACET_") or name == "DATABASE_URL"}
    return [
        Error(f"{name} still holds the placeholder of a template.", hint="Replace change-me in it.", id="facet.E005")
        for name, value in sorted(ours.items())
        if "change-me" in value and name != "FACET_SECRET_KEY"  # which is facet.E002
    ]


@register(Tags.security)
def bucket_can_be_opened(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """facet.E004 and facet.W002: photos in a bucket need a key for it."""
    if not settings.S3_BUCKET or (settings.S3_ACCESS_KEY and settings.S3_SECRET_KEY):
        return []
    if settings.S3_ACCESS_KEY or settings.S3_SECRET_KEY:
        missing = "FACET_S3_SECRET_KEY" if settings.S3_ACCESS_KEY else "FACET_S3_ACCESS_KEY"
        return [Error(f"{missing} is not set.", hint="Set both keys of the bucket, or neither.", id="facet.E004")]
    return [
        Warning(
            "FACET_S3_BUCKET is set without keys.",
            hint="Set FACET_S3_ACCESS_KEY and FACET_S3_SECRET_KEY, unless this machine has a role for the bucket.",
            id="facet.W002",
        )
    ]
