"""`manage.py up`: everything that one machine needs, until Ctrl-C."""

import os
import socket
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from analysis.engine import EngineError, verify_weights
from facet.supervisor import lock, port
from facet.supervisor.embedded import Embedded

LOCAL = {"127.0.0.1", "::1", "localhost"}
ANY = {"0.0.0.0", "::"}  # noqa: S104  compared with, not listened on


class Command(BaseCommand):
    """Checks, migrates, starts the web server and the worker, and says when they are ready."""

    help = "Run Facet on this machine: web server, worker and sweep under one supervisor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen and how many workers."""
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--port", type=_between(1, 65535), default=8000)
        parser.add_argument(
            "--workers", type=_between(1, 256), default=1, help="worker processes, each with its own models"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to stop."""
        try:
            held = lock.take(settings.VAR_DIR / "supervisor.lock")
            port.make_sure_free(options["host"], options["port"])
            verify_weights()
        except (lock.AlreadyRunningError, port.PortTakenError, EngineError) as error:
            raise CommandError(str(error)) from None
        with held:
            _allow_hosts(options["host"])
            call_command("initialise", stdout=self.stdout)
            self._say("Starting: the worker loads its models.")
            url = _url(options["host"], options["port"])
            (settings.VAR_DIR / "address").write_text(url, encoding="utf-8")  # for links that commands print
            Embedded(options["host"], options["port"], options["workers"], self._say).run(
                f"\n  Facet is ready: {url}\n"
                f"  Sign up there, or sign in as administrator at {url}admin/. Ctrl-C stops it.\n{_mail()}"
            )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _between(least: int, most: int) -> Callable[[str], int]:
    """A whole number within bounds, for argparse."""

    def number(raw: str) -> int:
        if not raw.isascii() or not raw.isdigit() or not least <= int(raw) <= most:
            raise ArgumentTypeError(f"{raw} is not a whole number from {least} to {most}")
        return int(raw)

    return number


def _allow_hosts(host: str) -> None:
    """Listening beyond this machine, the web server must know the names it is called by, unless they were named."""
    if host in LOCAL or os.environ.get("FACET_ALLOWED_HOSTS"):
        return
    own = socket.gethostname()
    with suppress(OSError):
        own = ",".join({own, *(str(found[4][0]) for found in socket.getaddrinfo(own, None))})
    named = "" if host in ANY else f",{host}"
    os.environ["FACET_ALLOWED_HOSTS"] = f"localhost,127.0.0.1,[::1],{own}{named}"


def _mail() -> str:
    terminal = settings.EMAIL_URL.startswith("consolemail")
    return "  Mail to people is printed here until FACET_EMAIL_URL names a mail server.\n" if terminal else ""


def _url(host: str, number: int) -> str:
    shown = "localhost" if host in LOCAL else socket.gethostname() if host in ANY else host
    return f"http://{shown}:{number}/"
