"""The detectors that can be measured, set to tell all they see, so that the threshold can be drawn anywhere."""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from models_store.training.errors import UserError
from vision.detectors import NAMES, Detector
from vision.detectors.facescout import FaceScoutDetector
from vision.detectors.haar import HaarDetector
from vision.errors import EngineError
from vision.manifest import Manifest, load_manifest

SECTION: Final = "detector"
"""Of the manifest."""

DOUBTFUL: Final = 0.2
"""Least score (0 to 1) of what facescout tells here: below any threshold that could serve."""


@dataclass(frozen=True)
class Subject:
    """`detector` tells its doubtful finds as well; what it serves has at least the score `shipped`. `model` is its
    name and version."""

    model: str
    detector: Detector
    shipped: float


def subject(name: str, side: int | None = None) -> Subject:
    """The released detector `name`, at another working side (pixels) when one is given. Raises `UserError`."""
    if name == "haar":
        if side is not None:
            raise UserError("the working side of haar is fixed: leave --side out")
        return Subject("haar", HaarDetector(), -float("inf"))
    if name != "facescout":
        raise UserError(f"there is no detector {name!r} to measure; known are {', '.join(NAMES)}")
    try:
        return _facescout(load_manifest().detector, side)
    except EngineError as error:
        raise UserError(str(error)) from error


def _facescout(release: Manifest | None, side: int | None) -> Subject:
    if release is None:
        raise UserError("the manifest names no detector: export and release facescout first, or name its --weights")
    choice = json.loads(release.weights("choice").verified().read_text(encoding="utf-8"))
    scout = FaceScoutDetector.load(release, side=side, threshold=DOUBTFUL)
    return Subject(release.model_version, scout, float(choice["threshold"]))


def candidate(weights: Path, points: Path | None, side: int, threshold: float) -> Subject:
    """A facescout that is not released, from its int8 networks' files. Raises `UserError` when one is missing."""
    for path in (weights, *((points,) if points else ())):
        if not path.is_file():
            raise UserError(f"there is no {path}")
    second = points.read_bytes() if points else None
    scout = FaceScoutDetector(weights.read_bytes(), second, side=side, threshold=DOUBTFUL)
    return Subject(weights.name.removesuffix(".int8.tflite"), scout, threshold)


def released() -> dict[str, Subject]:
    """Every detector that the product can run, the default first. Raises `UserError` before one is released."""
    return {name: subject(name) for name in NAMES}


def papers(path: Path) -> dict[str, Any]:
    """The detector's section of a manifest. Raises `UserError` when there is none."""
    manifest = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if SECTION not in manifest:
        raise UserError(f"{path} has no section {SECTION}: export and release facescout first")
    return dict(manifest[SECTION])
