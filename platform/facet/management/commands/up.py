"""`manage.py up`: everything that one machine needs, until Ctrl-C."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from analysis.engine import EngineError, verify_weights
from facet.supervisor import lock, port
from facet.supervisor.embedded import Embedded


class Command(BaseCommand):
    """Checks, migrates, starts the web server and the worker, and says when they are ready."""

    help = "Run Facet on this machine: web server, worker and sweep under one supervisor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen and how many workers."""
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=1, help="worker processes, each with its own models")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to stop."""
        try:
            held = lock.take(settings.VAR_DIR / "supervisor.lock")
            port.make_sure_free(options["host"], options["port"])
            verify_weights()
        except (lock.AlreadyRunningError, port.PortTakenError, EngineError) as error:
            raise CommandError(str(error)) from None
        with held:
            call_command("initialise", stdout=self.stdout)
            self._say("Starting: the worker loads its models.")
            url = _url(options["host"], options["port"])
            Embedded(options["host"], options["port"], options["workers"], self._say).run(
                f"\n  Facet is ready: {url}\n"
                f"  Sign up there, or sign in as administrator at {url}admin/. Ctrl-C stops it.\n"
            )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _url(host: str, number: int) -> str:
    shown = "localhost" if host in {"127.0.0.1", "::1"} else host
    return f"http://{shown}:{number}/"
