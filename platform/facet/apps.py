"""The project as an app, so that its commands and system checks are found."""

from django.apps import AppConfig


class FacetConfig(AppConfig):
    """Wiring only."""

    name = "facet"

    def ready(self) -> None:
        """Register checks and signals, and make our Celery application the one that shared tasks belong to."""
        from facet import celery, checks, tracing  # noqa: F401
