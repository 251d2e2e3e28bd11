"""What a request may spool to memory or disk before anybody has looked at it."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class BoundedUploadHandler(FileUploadHandler):
    """Stands before Django's own handlers and lets at most one chunk more than the limit through for each file.

    The rest is read and dropped: the file then arrives just over the limit and intake refuses it by its name, while the
    other files of the request go on. Ending the connection instead would lose them all.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Count each file by itself."""
        super().new_file(*args, **kwargs)
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:  # noqa: ARG002
        """The chunk for the next handler, or None to drop it."""
        passes = self._received <= settings.PHOTO_MAX_MEGABYTES * 1024 * 1024
        self._received += len(raw_data)
        return raw_data if passes else None

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":  # noqa: ARG002
        """The next handler has the file."""
        return None
