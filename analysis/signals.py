"""Files follow their rows: whatever deletes a photo or a face, its pictures go when the deletion is committed.

And who wanted to be told of photos is told.
"""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from accounts.erasure.files import remove_after_commit
from analysis import announcing
from analysis.models import Batch, Face, Photo


@receiver(post_delete, sender=Photo)
def remove_pictures(instance: Photo, **_: Any) -> None:
    """Also for photos that go by cascade."""
    remove_after_commit(instance.files)
    announcing.erased(instance)


@receiver(post_delete, sender=Face)
def remove_crop(instance: Face, **_: Any) -> None:
    """Where one was kept."""
    if instance.crop.name:
        remove_after_commit([instance.crop.name])


@receiver(post_delete, sender=Batch)
def forget_batch(instance: Batch, **_: Any) -> None:
    """What was told of it names it."""
    announcing.forgotten(instance)
