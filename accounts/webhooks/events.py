"""What can be told."""

from typing import Final

from django.db import models


class Event(models.TextChoices):
    """The type of a message; the label is what people read when they choose."""

    PHOTO_DONE = "photo.done", "a photo was read (photo.done)"
    PHOTO_FAILED = "photo.failed", "a photo could not be read (photo.failed)"
    PHOTO_ERASED = "photo.erased", "a photo was deleted, by you or because its time was over (photo.erased)"
    BATCH_DONE = "batch.done", "nothing of a batch waits any more (batch.done)"
    PING = "ping", "somebody tried whether messages arrive (ping)"


CHOOSABLE: Final = tuple(choice for choice in Event.choices if choice[0] != Event.PING)
"""A ping comes to the webhook for which it was asked."""
