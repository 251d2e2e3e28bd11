"""`manage.py backup`: database and photos in one archive, also while Facet runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from facet.backup import archive, making
from facet.backup.contents import Contents
from facet.backup.errors import BackupError
from facet.backup.progress import Progress, bytes_in_words, counted
from facet.backup.stopping import stoppable

FILES_MISSING: Final = 3
"""Exit code of a backup that was made and lacks files that rows refer to."""

STOPPED: Final = 130
NAMED_AT_MOST: Final = 20


class Command(BaseCommand):
    """Makes an archive, or checks one."""

    help = "Write the database and every photo into one archive, also while Facet runs."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        one = parser.add_mutually_exclusive_group()
        one.add_argument(
            "--to",
            metavar="FILE",
            help="the archive, or a folder for it with / at the end (default: FACET_VAR_DIR/backups)",
        )
        one.add_argument("--verify", type=Path, metavar="FILE", help="only check every sha256 of an archive")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say in a sentence why not."""
        try:
            with stoppable():
                self._verify(options["verify"]) if options["verify"] else self._make(options["to"])
        except BackupError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped. Nothing was left behind.", returncode=STOPPED) from None

    def _make(self, target: str | None) -> None:
        made = making.make(target, Progress(self.stderr))
        self.stdout.write(f"{made.path}: {bytes_in_words(made.size)}. It holds {in_words(made.contents)}.")
        self.stdout.write(
            "The file .env with FACET_SECRET_KEY and passwords is not in it: keep a copy of it elsewhere. "
            "Whoever reads the archive sees every photo: keep it as safe as the installation."
        )
        if made.missing:
            named = "\n".join(f"  {reference}" for reference in made.missing[:NAMED_AT_MOST])
            more = len(made.missing) - NAMED_AT_MOST
            raise CommandError(
                f"The backup was made, but the storage does not have {counted(len(made.missing), 'file')} that rows "
                f"refer to:\n{named}\n" + (f"  and {more} more\n" if more > 0 else "") + "Check that the whole media "
                "folder is there; if these photos are lost, delete them in the admin.",
                returncode=FILES_MISSING,
            )

    def _verify(self, path: Path) -> None:
        contents = archive.check(path, Progress(self.stderr))
        self.stdout.write(
            f"{path} is whole. Made {contents.made_at} by Facet {contents.facet}, it holds {in_words(contents)}."
        )


def in_words(contents: Contents) -> str:
    """As "a SQLite database with 5 rows, 2 files of 3.4 MB"."""
    return (
        f"a database ({contents.vendor}) with {counted(sum(contents.rows.values()), 'row')} and "
        f"{counted(contents.files, 'file')} of {bytes_in_words(contents.files_bytes)}"
    )
