"""Photos in a folder, on the disk before the row that names them."""

import os
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class DurableFileSystemStorage(FileSystemStorage):
    """Django's own returns when the operating system has the bytes; a power cut then leaves an empty file and a row."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """As Django's."""
        super().__init__(*arguments, **named)
        self._led_to: set[Path] = set()
        """Folders of which this process has brought the way to the disk, each as an entry of the one above it."""

    def _save(self, name: str, content: "File[Any]") -> str:
        """Returns once the file and the folders that lead to it are on the disk. Raises OSError."""
        folder = Path(self.path(name)).parent
        led_to = folder in self._led_to and folder.is_dir()
        saved: str = super()._save(name, content)  # type: ignore[misc]  # left out of the stubs, documented for this
        for place in (Path(self.path(saved)), folder):
            _bring_to_disk(place)
        if not led_to:
            for above in _above(folder, Path(self.location)):
                _bring_to_disk(above)
            self._led_to.add(folder)
        return saved


def _above(folder: Path, top: Path) -> list[Path]:
    """The folders from that of `folder` up to `top`: each may be new, and is known only by the one above it."""
    return [above for above in folder.parents if above == top or above.is_relative_to(top)]


def _bring_to_disk(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
