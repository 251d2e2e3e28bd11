"""Photos in a folder, on the disk before the row that names them."""

import os
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class DurableFileSystemStorage(FileSystemStorage):
    """Django's own returns when the operating system has the bytes; a power cut then leaves an empty file and a row."""

    def _save(self, name: str, content: "File[Any]") -> str:
        """Returns once the file and the folders that lead to it are on the disk. Raises OSError."""
        saved: str = super()._save(name, content)  # type: ignore[misc]  # left out of the stubs, documented for this
        path = Path(self.path(saved))
        for place in (path, *_folders(path, Path(self.location))):
            _bring_to_disk(place)
        return saved


def _folders(path: Path, top: Path) -> list[Path]:
    """From the folder of `path` up to `top`: each may be new, and is known only by the one above it."""
    return [folder for folder in path.parents if folder == top or folder.is_relative_to(top)]


def _bring_to_disk(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
