"""Files follow their rows: whatever deletes a photo, its pictures go when the deletion is committed."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from analysis.models import Photo


@receiver(post_delete, sender=Photo)
def remove_files(instance: Photo, **_: Any) -> None:
    """Also for photos that go by cascade, as when a person is deleted in the admin."""
    transaction.on_commit(instance.remove_files, robust=True)
