"""What a person uploads."""

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import storages
from django.db import models
from django.db.models import Prefetch
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import User
    from analysis.models.analysis import Analysis


def _storage() -> Any:
    return storages["default"]


def _photo_path(photo: "Photo", name: str) -> str:  # noqa: ARG001
    return f"photos/{photo.uuid.hex[:2]}/{photo.uuid}.jpg"


def _thumbnail_path(photo: "Photo", name: str) -> str:  # noqa: ARG001
    return f"thumbnails/{photo.uuid.hex[:2]}/{photo.uuid}.jpg"


class PhotoQuerySet(models.QuerySet["Photo"]):
    """The only way views and API reach photos: narrowed to who asks."""

    def owned_by(self, user: "User | AnonymousUser") -> "PhotoQuerySet":
        """Photos that `user` uploaded."""
        return self.filter(owner_id=user.pk) if user.is_authenticated else self.none()

    def viewable_by(self, user: "User | AnonymousUser") -> "PhotoQuerySet":
        """Photos whose picture `user` may see: their own, and every one for a reviewer."""
        if user.is_authenticated and user.is_active and user.has_perm("analysis.view_photo"):
            return self
        return self.owned_by(user)

    def with_results(self) -> "PhotoQuerySet":
        """With analyses, faces and their corrections and reviews at hand: a fixed number of queries."""
        from analysis.models.analysis import Analysis
        from analysis.models.face import Face

        faces = Face.objects.select_related("review").prefetch_related("corrections")
        analyses = Analysis.objects.prefetch_related(Prefetch("faces", queryset=faces))
        return self.prefetch_related(Prefetch("analyses", queryset=analyses))


class Photo(models.Model):
    """A photo as we keep it: upright, re-encoded, without metadata, with a thumbnail.

    Personal data: the picture, the file's name, the sha256 of what was uploaded. Erased by
    deleting the row: everything read from it goes by cascade, both files after the commit (`analysis.signals`).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="photos")
    name = models.CharField(max_length=120, help_text="The uploaded file's name, shown to the owner only.")
    sha256 = models.CharField(max_length=64, help_text="Of the uploaded bytes, in hexadecimal.")
    image = models.FileField(storage=_storage, upload_to=_photo_path, max_length=120)
    thumbnail = models.FileField(storage=_storage, upload_to=_thumbnail_path, max_length=120)
    width = models.PositiveIntegerField(help_text="Pixels, upright.")
    height = models.PositiveIntegerField(help_text="Pixels, upright.")
    size = models.PositiveIntegerField(help_text="Bytes of the kept picture.")
    created_at = models.DateTimeField(default=timezone.now)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=("owner", "-created_at", "-id"), name="photo_history"),
            models.Index(fields=("owner", "sha256"), name="photo_same_bytes"),
        )

    def __str__(self) -> str:
        return f"photo {self.uuid}"

    def remove_files(self) -> None:
        """Remove picture and thumbnail from the storage; the row is not touched."""
        for stored in (self.image, self.thumbnail):
            if stored.name:
                stored.storage.delete(stored.name)

    @property
    def latest(self) -> "Analysis | None":
        """The newest analysis; None only between two statements of the upload."""
        return max(self.analyses.all(), key=lambda analysis: analysis.pk, default=None)
