"""Misconfiguration as Django system checks with ids, so that `manage.py check` finds it before a person does."""

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
