"""The analysis app."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    """Photos and what was read from them."""

    name = "analysis"
    verbose_name = "Photos and analyses"

    def ready(self) -> None:
        """Let files follow their rows, and reviewers have their role."""
        from analysis import roles, signals  # noqa: F401
