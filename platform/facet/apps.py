"""The project as an app, so that its commands and system checks are found; and the admin with our first page."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class FacetConfig(AppConfig):
    """Wiring only."""

    name = "facet"

    def ready(self) -> None:
        """Register checks and signals, and make our Celery application the one that shared tasks belong to."""
        from facet import celery, checks, tracing  # noqa: F401


class FacetAdminConfig(AdminConfig):
    """Django's admin on our site."""

    default_site = "facet.admin_site.FacetSite"
