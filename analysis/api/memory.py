"""An upload that is never written to a disk, not even for the time of the request."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from analysis.engine import limits


class MemoryOnlyUploadHandler(FileUploadHandler):
    """Holds one file in memory, up to one chunk more than a photo may have; Django's own put large ones into files.

    What comes beyond that is read and dropped: the file is then just over the limit, and intake says so. So are further
    files, since nothing else would bound the memory of one request; `dropped` counts them.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        """For one request."""
        super().__init__(request)
        self._held: BytesIO | None = None
        self._most = limits().bytes
        self.dropped = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Raises SkipFile for all but the first."""
        super().new_file(*args, **kwargs)
        if self._held is not None:
            self.dropped += 1
            raise SkipFile
        self._held = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep it."""
        if self._held is not None and self._held.tell() <= self._most:
            self._held.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        """The file; its size is what was kept."""
        if self._held is None:
            return None
        size = self._held.tell()
        self._held.seek(0)
        return InMemoryUploadedFile(
            self._held, self.field_name, self.file_name or "", self.content_type or "", size, self.charset,
            self.content_type_extra,
        )  # fmt: skip
