"""Files follow their rows: whatever deletes a photo or a face, its pictures go when the deletion is committed."""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from accounts.erasure.files import remove_after_commit
from analysis.models import Face, Photo


@receiver(post_delete, sender=Photo)
def remove_pictures(instance: Photo, **_: Any) -> None:
    """Also for photos that go by cascade."""
    remove_after_commit(instance.files)


@receiver(post_delete, sender=Face)
def remove_crop(instance: Face, **_: Any) -> None:
    """Where one was kept."""
    if instance.crop.name:
        remove_after_commit([instance.crop.name])
