"""Photos that were sent together, and what became of each file."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from analysis.models.photo import Photo

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from accounts.models import User


class BatchQuerySet(models.QuerySet["Batch"]):
    """The only way views and API reach batches: narrowed to who asks."""

    def owned_by(self, user: "User | AnonymousUser") -> "BatchQuerySet":
        """Batches that `user` sent."""
        return self.filter(owner_id=user.pk) if user.is_authenticated else self.none()


class Batch(models.Model):
    """Photos of one upload, or of several that joined it.

    Personal data: whose it is, what they called it, the names of files that were not kept. Erased with the person, by
    hand, or 30 days after the last of its photos is gone (`analysis.batches`).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="batches")
    label = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    photos = models.ManyToManyField(Photo, through="BatchPhoto", related_name="batches")

    objects = BatchQuerySet.as_manager()
    links: "RelatedManager[BatchPhoto]"
    rejections: "RelatedManager[BatchRejection]"

    class Meta:
        verbose_name_plural = "batches"
        ordering = ("-created_at", "-id")
        indexes = (models.Index(fields=("owner", "-created_at", "-id"), name="batch_list"),)

    def __str__(self) -> str:
        return f"batch {self.uuid}"


class BatchPhoto(models.Model):
    """A photo of a batch. No personal data of its own; erased with either."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="links")
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="batch_links")
    is_new = models.BooleanField(help_text="Came with this batch; otherwise its owner had sent it before.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("batch", "photo"), name="batch_photo_once"),)

    def __str__(self) -> str:
        return f"photo {self.photo_id} of batch {self.batch_id}"


class BatchRejection(models.Model):
    """A file of a batch that was not kept, and why. Personal data: the file's name. Erased with the batch."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rejections")
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=40)
    sentence = models.CharField(max_length=300)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.code} in batch {self.batch_id}"
