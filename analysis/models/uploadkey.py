"""Uploads that a program may send again without sending them twice."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from analysis.models.photo import Photo


class UploadKeyQuerySet(models.QuerySet["UploadKey"]):
    """Selections of keys that several rooms need."""

    def naming(self, photo: Photo) -> "UploadKeyQuerySet":
        """Those whose answer names `photo`."""
        return self.filter(owner_id=photo.owner_id, outcome__isnull=False, batch__in=photo.batches.values("uuid"))


class UploadKey(models.Model):
    """The Idempotency-Key of one upload, and what to answer when it comes again.

    A request that holds `lease_token` is under way until `lease_until`; with an outcome there is no lease. A request
    that died leaves a lease that runs out, and whoever sends the same again goes on where it ended.

    Personal data: whose it is, the ids of the photos, the names of files that were not kept. Erased with the person, or
    a day after it was made (`analysis.idempotency`).
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="upload_keys")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="Sha256 of what was sent, in hexadecimal.")
    batch = models.UUIDField(help_text="Of the batch that the photos join; it need not be there yet.")
    created_at = models.DateTimeField(default=timezone.now)
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    status_code = models.PositiveSmallIntegerField(null=True, help_text="Of the first answer.")
    outcome = models.JSONField(null=True, help_text="Ids of photos and rejected files.")

    objects = UploadKeyQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("created_at",), name="upload_key_age"),)
        constraints = (models.UniqueConstraint(fields=("owner", "key"), name="upload_key_once"),)

    def __str__(self) -> str:
        return f"upload key {self.pk}"
