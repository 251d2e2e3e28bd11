"""What is left of what is gone: a receipt; and, for a moment, names of files that are still to be removed."""

import uuid

from django.db import models
from django.utils import timezone


class Kind(models.TextChoices):
    """What was erased."""

    ACCOUNT = "account", "an account"
    PHOTO = "photo", "a photo"


class ErasureReceipt(models.Model):
    """Says that something was erased, when and how much; not what or whose it was. No personal data.

    Without `erased_at` the erasure is under way or was cut off; its address was then told to nobody.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=7, choices=Kind)
    begun_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict, help_text="By store; rows by the kind of thing.")
    backups_until = models.DateTimeField(null=True, help_text="Until when backups may hold it; none: not told.")

    def __str__(self) -> str:
        return f"receipt {self.uuid}"


class FileToRemove(models.Model):
    """A file in the default storage whose row is deleted; there until the storage has removed it.

    Personal data: the file's name, which holds the uuid of a photo. Erased with the file, by the chore "files" if the
    storage or the process failed at the first try.
    """

    name = models.CharField(max_length=120)
    receipt = models.ForeignKey(ErasureReceipt, null=True, on_delete=models.SET_NULL, related_name="files")
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"file {self.pk}"
