"""`manage.py restore FILE`: bring an installation back from an archive."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from facet.backup import restoring
from facet.backup.errors import BackupError
from facet.backup.progress import Progress, counted
from facet.backup.stopping import stoppable
from facet.management.commands.backup import STOPPED, in_words


class Command(BaseCommand):
    """Checks the whole archive before it touches anything."""

    help = "Restore the database and every photo from an archive that `manage.py backup` made. Stop Facet first."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, and whether over something."""
        parser.add_argument("archive", type=Path, metavar="FILE")
        parser.add_argument(
            "--replace", action="store_true", help="replace what is in this installation, and remove its photos"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say in a sentence why not."""
        try:
            with stoppable():
                done = restoring.restore(options["archive"], Progress(self.stderr), replace=options["replace"])
        except BackupError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped. Run the same command again to finish it.", returncode=STOPPED) from None
        self.stdout.write(f"Restored the backup of {done.contents.made_at}: {in_words(done.contents)}.")
        if done.migrated:
            self.stdout.write(f"Applied {counted(done.migrated, 'migration')} that it did not have yet.")
        if done.requeued:
            self.stdout.write(f"Photos that were being read then: {done.requeued}. They are read again.")
        if done.removed:
            self.stdout.write(f"Removed {counted(done.removed, 'file')} of photos that were here and are not in it.")
        if done.contents.files_missing:
            self.stdout.write(f"Files that were missing when it was made: {done.contents.files_missing}.")
        self.stdout.write(
            "Put .env with the same FACET_SECRET_KEY in place, or everybody signs in anew. Then start Facet."
        )
