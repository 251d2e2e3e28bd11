"""The committed record of figures, read once for each time it changes."""

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from analysis.model_card.parse import parse
from analysis.model_card.types import Record, RecordError


def record_path() -> Path:
    """Where `make evaluate` writes the record."""
    return Path(settings.BASE_DIR) / "models_store" / "cards" / "metrics.json"


def current_record() -> Record:
    """The record as it is on disk now. Raises RecordError when there is none that can be read."""
    path = record_path()
    try:
        stat = path.stat()
    except OSError as error:
        raise RecordError("there is no file") from error
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=2)
def _read(path: Path, changed_ns: int, size: int) -> Record:  # noqa: ARG001  (the key of the cache)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RecordError(f"it cannot be read ({error})") from error
    return parse(document)
