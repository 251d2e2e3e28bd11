"""What a look at storage and rows found."""

from django.db import models
from django.utils import timezone


class OrphanCheck(models.Model):
    """One look: how much there is, and what has no counterpart. No personal data: only counts."""

    begun_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(default=timezone.now)
    files = models.PositiveBigIntegerField(help_text="In the folders in which rows keep files.")
    names = models.PositiveBigIntegerField(help_text="Of files, in rows.")
    files_without_rows = models.PositiveBigIntegerField(help_text="Older than an hour.")
    rows_without_files = models.PositiveBigIntegerField()
    removed = models.PositiveBigIntegerField(default=0, help_text="Of the files without rows.")

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"check {self.pk}"

    @property
    def is_well(self) -> bool:
        """Whether nobody has to do anything."""
        return not self.rows_without_files and self.files_without_rows == self.removed
