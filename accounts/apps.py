"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and their tokens."""

    name = "accounts"

    def ready(self) -> None:
        """Register the system checks, the chores and what is held about people."""
        from accounts import checks, holdings, old_sessions, upkeep  # noqa: F401
        from accounts.erasure import adminlog

        holdings.register_all()
        holdings.register_clearing()
        adminlog.keep_names_out()
