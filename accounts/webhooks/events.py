"""What can be told."""

from typing import Final

from django.db import models


class Event(models.TextChoices):
    """The type of a message; the label is what people read when they choose."""

    PHOTO_DONE = "photo.done", "photo.done: a photo was read"
    PHOTO_FAILED = "photo.failed", "photo.failed: a photo could not be read"
    PHOTO_ERASED = "photo.erased", "photo.erased: a photo was deleted, by you or because its time was over"
    BATCH_DONE = "batch.done", "batch.done: nothing of a batch waits any more"
    PING = "ping", "ping: somebody tried whether messages arrive"


CHOOSABLE: Final = tuple(choice for choice in Event.choices if choice[0] != Event.PING)
"""A ping comes to the webhook for which it was asked."""
