"""The analysis app."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    """Photos and what was read from them."""

    name = "analysis"
    verbose_name = "Photos and analyses"

    def ready(self) -> None:
        """Let files follow their rows, reviewers have their role, and everybody know what is held here about people."""
        from analysis import holdings, roles, signals, upkeep, withdrawal  # noqa: F401

        holdings.register_all()
        withdrawal.register_all()
