"""What a person uploads."""

import uuid
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import storages
from django.db import models
from django.db.models import Prefetch, Q
from django.utils import timezone

from accounts.consent.purposes import Purpose
from accounts.consent.services import granted_by
from analysis.models.keeping import Keep

if TYPE_CHECKING:
    from accounts.models import User
    from analysis.models.analysis import Analysis


def _storage() -> Any:
    return storages["default"]


def _photo_path(photo: "Photo", name: str) -> str:  # noqa: ARG001
    return f"photos/{photo.uuid.hex[:2]}/{photo.uuid}.jpg"


def _thumbnail_path(photo: "Photo", name: str) -> str:  # noqa: ARG001
    return f"thumbnails/{photo.uuid.hex[:2]}/{photo.uuid}.jpg"


HAS_PICTURE: Final = ~Q(image="")


class PhotoQuerySet(models.QuerySet["Photo"]):
    """The only way views and API reach photos: narrowed to who asks."""

    def owned_by(self, user: "User | AnonymousUser") -> "PhotoQuerySet":
        """Photos that `user` uploaded."""
        return self.filter(owner_id=user.pk) if user.is_authenticated else self.none()

    def viewable_by(self, user: "User | AnonymousUser") -> "PhotoQuerySet":
        """Photos whose picture `user` may see: their own, and for a reviewer those whose owners agree to that."""
        if user.is_authenticated and user.is_active and user.has_perm("analysis.view_photo"):
            return self.filter(Q(owner=user) | Q(granted_by("owner", Purpose.IMPROVEMENT)))
        return self.owned_by(user)

    def hold(self, *, to_delete: bool = True) -> list[int]:
        """Lock these until the end of the transaction; the primary keys of those that are there.

        Always in one order and before what hangs on them, so that of two who do so one waits, and never each for the
        other. `to_delete` False: rows that refer to them may come meanwhile.
        """
        return list(self.order_by("pk").select_for_update(no_key=not to_delete).values_list("pk", flat=True))

    def with_results(self, *, faces: bool = True) -> "PhotoQuerySet":
        """With analyses, faces and their corrections and reviews at hand: a fixed number of queries.

        Without `faces` only the analyses.
        """
        from analysis.models.analysis import Analysis

        analyses = Analysis.objects.with_faces() if faces else Analysis.objects.all()
        return self.prefetch_related(Prefetch("analyses", queryset=analyses))


class Photo(models.Model):
    """A photo as we keep it: upright, re-encoded, without metadata, with a thumbnail.

    What stays of it was decided when it came in: `keep` once it was read, and everything until `erase_at`. Without its
    picture both files are empty names, and `size` is 0.

    Personal data: the picture, the file's name, the sha256 of what was uploaded. Erased by
    deleting the row: everything read from it goes by cascade, the files after the commit (`analysis.signals`).
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
    keep = models.CharField(max_length=7, choices=Keep, default=Keep.PHOTO, db_default=Keep.PHOTO)
    erase_at = models.DateTimeField(null=True, help_text="When everything goes; none: when somebody deletes it.")

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=("owner", "-created_at", "-id"), name="photo_history"),
            models.Index(fields=("owner", "sha256"), name="photo_same_bytes"),
            # both hold only what the chore has to do, or soon will
            models.Index(fields=("id",), name="photo_to_thin", condition=HAS_PICTURE & ~Q(keep=Keep.PHOTO)),
            models.Index(fields=("erase_at",), name="photo_to_erase", condition=Q(erase_at__isnull=False)),
        )

    def __str__(self) -> str:
        return f"photo {self.uuid}"

    @property
    def files(self) -> tuple[str, str]:
        """Names of picture and thumbnail in the storage; empty ones when they are not kept."""
        return self.image.name or "", self.thumbnail.name or ""

    @property
    def has_picture(self) -> bool:
        """Whether it can be shown whole, and read again."""
        return bool(self.image.name)

    def has_only(self, analysis: "Analysis") -> None:
        """Both are new: what the database would say of them is at hand, as if it had been prefetched."""
        told: Any = analysis  # Django's stubs do not know where prefetched rows are kept
        told._prefetched_objects_cache = {"faces": analysis.faces.none()}
        analyses = self.analyses.all()
        analyses._result_cache = [analysis]
        self._prefetched_objects_cache = {"analyses": analyses}

    @property
    def newest(self) -> "Analysis | None":
        """The analysis that was asked for last; None only between two statements of the upload."""
        return max(self.analyses.all(), key=lambda analysis: analysis.pk, default=None)

    @property
    def latest(self) -> "Analysis | None":
        """What is shown: the newest result, which a photo keeps while it is read again; without one the newest."""
        done = [analysis for analysis in self.analyses.all() if analysis.status == "done"]
        return max(done, key=lambda analysis: analysis.pk, default=self.newest)

    @property
    def pending(self) -> "Analysis | None":
        """What was asked for after what is shown; None when nothing was."""
        newest = self.newest
        return None if newest == self.latest else newest
