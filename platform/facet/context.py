"""What every template may need to know about the installation."""

from django.conf import settings
from django.http import HttpRequest


def mail(request: HttpRequest) -> dict[str, bool]:  # noqa: ARG001
    """Whether mail is only printed where the server runs, so that a page need not send anybody to an inbox."""
    return {"mail_goes_to_terminal": settings.EMAIL_URL.startswith("consolemail")}
