"""Half a configuration of sign-in, found by `manage.py check` before a person finds it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security)
def oidc_is_whole(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """accounts.E001: an identity provider needs all three; with less, its button is not there."""
    values = {
        "FACET_OIDC_ISSUER": settings.OIDC_ISSUER,
        "FACET_OIDC_CLIENT_ID": settings.OIDC_CLIENT_ID,
        "FACET_OIDC_CLIENT_SECRET": settings.OIDC_CLIENT_SECRET,
    }
    missing = [name for name, value in values.items() if not value]
    if not missing or len(missing) == len(values):
        return []
    hint = "Set FACET_OIDC_ISSUER, FACET_OIDC_CLIENT_ID and FACET_OIDC_CLIENT_SECRET, or none of them."
    return [Error(f"{' and '.join(missing)} not set.", hint=hint, id="accounts.E001")]


@register(Tags.security)
def oidc_is_encrypted(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """accounts.E002: what the identity provider says is believed because HTTPS brought it."""
    issuer = urlsplit(settings.OIDC_ISSUER)
    if not settings.OIDC_ISSUER or issuer.scheme == "https" or issuer.hostname in {"localhost", "127.0.0.1"}:
        return []
    hint = "Use the address of your identity provider that begins with https://."
    return [Error("FACET_OIDC_ISSUER is not an https address.", hint=hint, id="accounts.E002")]
