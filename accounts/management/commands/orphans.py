"""`manage.py orphans`: files without rows and rows without files."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.orphans.looking import look


class Command(BaseCommand):
    """The nightly look, by hand and with its findings."""

    help = (
        "Compare the storage with the rows: name each file that no row has, older than an hour, and each row whose "
        "file is gone. The result is shown in the admin and as metrics, as that of every night is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Only look, or tidy up."""
        parser.add_argument("--remove", action="store_true", help="remove the files that no row has")

    def handle(self, *, remove: bool, **_: Any) -> None:
        """Look, say what was found and what to do about it."""
        check = look(remove=remove, say=self.stdout.write)
        self.stdout.write(
            f"{check.files:,} files and {check.names:,} names in rows. Without a row: {check.files_without_rows:,}"
            f"{f', {check.removed:,} removed' if remove else ''}. Without a file: {check.rows_without_files:,}."
        )
        if check.files_without_rows and not remove:
            self.stdout.write("`manage.py orphans --remove` removes the files that no row has.")
        if check.rows_without_files:
            self.stdout.write(
                "Bring the missing files back from a backup. Where there is none: a photo without its picture can only "
                "be deleted by its owner; a face without its crop is shown without one; a missing archive is made anew."
            )
