"""The committed records of figures, each read once for each time it changes."""

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from analysis.model_card.detected import Detected, parse_detected
from analysis.model_card.detectors import Detectors, parse_detectors
from analysis.model_card.parse import parse
from analysis.model_card.types import Record, RecordError
from analysis.model_card.ways import Ways, parse_ways

RECORD: Final = "metrics.json"
"""Written by `make evaluate`."""

WAYS: Final = "conditioning.json"
"""Written by `make ablation`."""

DETECTION: Final = "detection.json"
"""Written by `make evaluate`."""

DETECTED: Final = "detected.json"
"""Written by `python -m models_store.training.detected --accept`."""


def current_record() -> Record:
    """The record as it is on disk now. Raises RecordError when there is none that can be read."""
    path = _card(RECORD)
    try:
        stat = path.stat()
    except OSError as error:
        raise RecordError("there is no file") from error
    return _read(path, stat.st_mtime_ns, stat.st_size)


def current_ways() -> Ways | None:
    """The comparison as it is on disk now, None without a file. Raises RecordError when it cannot be read."""
    path = _card(WAYS)
    stat = _stat(path)
    return _read_ways(path, stat.st_mtime_ns, stat.st_size) if stat else None


def current_detectors() -> Detectors | None:
    """The detectors as they are on disk now, None without a file. Raises RecordError when it cannot be read."""
    path = _card(DETECTION)
    stat = _stat(path)
    return _read_detectors(path, stat.st_mtime_ns, stat.st_size) if stat else None


def current_detected() -> Detected | None:
    """The figures on detected boxes as on disk now, None without a file. Raises RecordError when it cannot be read."""
    path = _card(DETECTED)
    stat = _stat(path)
    return _read_detected(path, stat.st_mtime_ns, stat.st_size) if stat else None


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RecordError(f"it cannot be read ({error})") from error


def _card(name: str) -> Path:
    return Path(settings.BASE_DIR) / "models_store" / "cards" / name


@lru_cache(maxsize=2)
def _read(path: Path, changed_ns: int, size: int) -> Record:  # noqa: ARG001  (the key of the cache)
    return parse(_document(path))


@lru_cache(maxsize=2)
def _read_ways(path: Path, changed_ns: int, size: int) -> Ways:  # noqa: ARG001  (the key of the cache)
    return parse_ways(_document(path))


@lru_cache(maxsize=2)
def _read_detectors(path: Path, changed_ns: int, size: int) -> Detectors:  # noqa: ARG001  (the key of the cache)
    return parse_detectors(_document(path))


@lru_cache(maxsize=2)
def _read_detected(path: Path, changed_ns: int, size: int) -> Detected:  # noqa: ARG001  (the key of the cache)
    return parse_detected(_document(path))


def _document(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RecordError(f"it cannot be read ({error})") from error
