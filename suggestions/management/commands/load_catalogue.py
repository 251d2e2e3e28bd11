"""Bring the catalogue's files into the database; `migrate` does the same by itself."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from suggestions.loading import load


class Command(BaseCommand):
    """For use after editing a file, without a migrate."""

    help = "Load the suggestion catalogue from suggestions/catalogue/*.toml; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say what changed."""
        try:
            loaded = load()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{loaded.created} new, {loaded.changed} changed, {loaded.retired} retired.")
