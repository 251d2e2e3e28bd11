"""Names of a detector's files."""

from pathlib import Path

from models_store.training.detection.config import DetectorConfig
from models_store.training.paths import RUNS, WEIGHTS


def stem(config: DetectorConfig) -> str:
    """Name and version, as file names begin."""
    return f"{config.name}-{config.version}"


def run_folder(config: DetectorConfig) -> Path:
    """Where a run keeps its checkpoints and logs."""
    return RUNS / stem(config)


def int8_path(config: DetectorConfig) -> Path:
    """The first look: faces and rough points."""
    return WEIGHTS / f"{stem(config)}.int8.tflite"


def points_path(config: DetectorConfig) -> Path:
    """The second look: the points of one face. Not in int8, which moved them by 1.5 % of the eyes' distance."""
    return WEIGHTS / f"{stem(config)}.points.float16.tflite"


def choice_path(config: DetectorConfig) -> Path:
    """The working size and the threshold."""
    return WEIGHTS / f"{stem(config)}.choice.json"
