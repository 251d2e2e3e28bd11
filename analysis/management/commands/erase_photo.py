"""`manage.py erase_photo UUID`: delete somebody's photo in their place, and say where the receipt is."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from accounts.accesslog.models import Kind, Place
from accounts.accesslog.noting import note
from accounts.receipts import address_of
from analysis import seen
from analysis.models import Photo
from analysis.services import delete_photo


class Command(BaseCommand):
    """Its owner sees under “Who looked at my photos” that it was done here."""

    help = "Delete a photo and everything read from it, whosever it is; prints where the receipt is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which one."""
        parser.add_argument("photo", type=UUID, metavar="UUID", help="from the address of the photo's page")

    def handle(self, *, photo: UUID, **_: Any) -> None:
        """Do it."""
        found = Photo.objects.filter(uuid=photo).first()
        if found is None:
            raise CommandError(f"There is no photo {photo}. Nothing was deleted; is it deleted already?")
        note(None, Place.COMMAND, [seen.of_photo(found, Kind.DELETED)])
        receipt = delete_photo(found)
        self.stdout.write(f"Deleted. The receipt, which tells nobody whose it was: {address_of(receipt)}")
