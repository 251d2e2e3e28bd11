"""What is compared. Each has the verbs it can: `read` bytes, `detect` in pixels, `run` a network."""

from importlib import import_module
from typing import Any

from vision.detectors import NAMES
from vision.manifest import load_manifest

DETECTORS = tuple(name for name in NAMES if name == "haar" or load_manifest().detector is not None)
"""Those of this engine that have their weights, its default first."""
ENGINE = f"engine {DETECTORS[0]}"
"""The contender that ratios are ratios to."""

_CLASSES = {
    "engine": "Engine",
    "network": "Network",
    "litert": "LiteRT",
    "files": "Files",
    "original": "Original",
    "mtcnn": "Mtcnn",
    "converter": "Converter",
}
"""Class by module; imported one by one, for some bring TensorFlow."""


def make(name: str) -> Any:
    """The contender called `name`, loaded: its module, for an engine the detector, for a network the runtime."""
    kind, _, choice = name.partition(" ")
    made = getattr(import_module(f"benchmarks.contenders.{kind}"), _CLASSES[kind])
    return made(choice) if choice else made()
