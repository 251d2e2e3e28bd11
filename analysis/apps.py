"""The analysis app."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    """Photos and what was read from them."""

    name = "analysis"
    verbose_name = "Photos and analyses"

    def ready(self) -> None:
        """Let files follow their rows, reviewers have their role, and everybody know what is held here about people."""
        from accounts.consent import widening
        from analysis import holdings, roles, signals, upkeep, withdrawal  # noqa: F401
        from analysis.renewal import offering

        holdings.register_all()
        withdrawal.register_all()
        widening.register(offering.offer)
