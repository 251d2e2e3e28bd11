"""Facet's engine: image bytes in, faces with age, gender and expression out. No Django, no Celery, no settings."""

from vision.decoding import Limits
from vision.errors import EngineError, ModelCorruptError, ModelIncompatibleError, ModelMissingError
from vision.reader import Reader
from vision.types import Age, Box, Emotion, Face, Gender, Quality, Reading, ReadingError

__all__ = [
    "Age",
    "Box",
    "Emotion",
    "EngineError",
    "Face",
    "Gender",
    "Limits",
    "ModelCorruptError",
    "ModelIncompatibleError",
    "ModelMissingError",
    "Quality",
    "Reader",
    "Reading",
    "ReadingError",
]
