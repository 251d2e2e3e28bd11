"""The app's only door to the engine: nothing else here imports `vision`.

The web process uses the light half (labels, decoding); `reader` loads detector and network, in a worker.
"""

import os
import threading
import tomllib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

from vision.calibration import Calibration
from vision.decoding import Limits, PhotoError, accepted_media_types, accepted_words, decode, encode_jpeg
from vision.errors import EngineError
from vision.labels import AGE_BUCKETS, EMOTIONS
from vision.manifest import DEFAULT_PATH, load_manifest
from vision.preprocessing import shrink, shrink_far
from vision.quality.rules import CODES as QUALITY_CODES
from vision.quality.rules import Rules
from vision.types import Face as FoundFace
from vision.types import Reading, ReadingError

if TYPE_CHECKING:
    from vision import Reader
    from vision.preprocessing import ImageU8

__all__ = [
    "AGE_BUCKETS",
    "EMOTIONS",
    "QUALITY_CODES",
    "EngineError",
    "FoundFace",
    "PhotoError",
    "Reading",
    "ReadingError",
    "accepted_media_types",
    "accepted_words",
    "decode_photo",
    "encode_jpeg",
    "manifest_document",
    "quality_rules",
    "reader",
    "shrink",
    "shrink_far",
    "verify_weights",
]

_loading = threading.Lock()


def limits() -> Limits:
    """Bounds on one photo, from the settings."""
    return Limits(bytes=settings.PHOTO_MAX_MEGABYTES * 1024 * 1024, pixels=settings.PHOTO_MAX_MEGAPIXELS * 1_000_000)


def decode_photo(data: bytes, *, enough: int) -> "ImageU8":
    """Upright RGB pixels, uint8 (H, W, 3), its longer side at least `enough` if it was. Raises PhotoError."""
    return decode(data, limits(), enough=enough).rgb


def verify_weights() -> None:
    """Check, without loading them, that the weights are there and whole. Raises EngineError with what to do."""
    manifest = load_manifest()
    for kind in (os.environ.get("FACET_RUNTIME") or "litert", "calibration"):
        manifest.weights(kind).verified()


def manifest_document() -> dict[str, Any]:
    """The weights' papers as they were written, once the engine accepts them. Raises EngineError."""
    load_manifest()
    return tomllib.loads(DEFAULT_PATH.read_text(encoding="utf-8"))


def quality_rules() -> Rules:
    """From which measures on a face is hard to read, for the weights that serve. Raises EngineError."""
    return Calibration.load(load_manifest().weights("calibration").verified()).quality


def reader() -> "Reader":
    """This process's warm reader, loaded at the first call. Raises vision.EngineError."""
    with _loading:
        return _reader()


@lru_cache(maxsize=1)
def _reader() -> "Reader":
    from vision import Reader

    return Reader.load(limits=limits())
