"""After a new model: read again what older ones read."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis.outdated import NobodyReadsError, reread


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError("a whole number of photos, 1 or more")
    return int(text)


class Command(BaseCommand):
    """Queues photos behind everything else, the oldest results first; run it again for the next ones."""

    help = (
        "Queue photos whose result is of other models than the workers that are there, oldest results first, behind "
        "everything else that waits. Results stay until the new ones are there. Fills the line to half of "
        "FACET_QUEUE_MAX at most; run it again for the rest."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The only choice."""
        parser.add_argument("--limit", type=_positive, default=1000, help="photos at most; 1000 unless told")

    def handle(self, *, limit: int, **_: Any) -> None:
        """Say what was done and what is left."""
        try:
            done = reread(limit)
        except NobodyReadsError:
            raise CommandError(
                "No worker is there, so nobody can tell which models are new. Start one, then run this again."
            ) from None
        if not done.queued and not done.remain:
            self.stdout.write("Every result is of the models that read now, or is about to be.")
            return
        self.stdout.write(f"{done.queued:,} queued to be read again, {done.remain:,} remain.")
        if done.line_is_full:
            self.stdout.write(
                "The line is half full, the other half is for uploads. Run this again when it is shorter."
            )
        elif done.remain:
            self.stdout.write("Run this again for the next ones.")
