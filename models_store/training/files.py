"""Names of a release's files, and the int8 network before there is a manifest."""

import hashlib
from pathlib import Path

from models_store.training.config import RunConfig
from models_store.training.errors import UserError
from models_store.training.paths import RUNS, WEIGHTS
from vision.manifest import Manifest, Weights
from vision.runtimes.litert import LiteRTRuntime


def stem(config: RunConfig) -> str:
    """Name and version, as file names begin."""
    return f"{config.name}-{config.version}"


def run_folder(config: RunConfig) -> Path:
    """Where a run keeps its checkpoints and log."""
    return RUNS / stem(config)


def int8_path(config: RunConfig) -> Path:
    """The network that serves."""
    return WEIGHTS / f"{stem(config)}.int8.tflite"


def keras_path(config: RunConfig) -> Path:
    """The reference that the others are compared with."""
    return WEIGHTS / f"{stem(config)}.keras"


def calibration_path(config: RunConfig) -> Path:
    """Temperatures, interval and thresholds."""
    return WEIGHTS / f"{stem(config)}.calibration.json"


def sha256(path: Path) -> str:
    """Hex digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def litert_runtime(config: RunConfig) -> LiteRTRuntime:
    """The int8 network of a config. Raises `UserError` before it has been exported."""
    path = int8_path(config)
    if not path.is_file():
        raise UserError(f"there is no {path}: run python -m models_store.training.export first")
    files = {"litert": Weights(path, sha256(path))}
    return LiteRTRuntime(Manifest(config.name, config.version, files))
