"""The committed record of the detectors' figures, `cards/detection.json`.

Schema 1, which the product's page of the models reads too. "figures" holds every `Figure` by detector and part, for
example "facescout, test"; "froc" and "tolerance" the curves of the test part by detector; "thresholds" the score that
gives 0.1 false boxes a photo on each part and the one that serves, null where everything serves.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from models_store.training.detection.measure.figures import Figures
from models_store.training.errors import UserError
from models_store.training.measure.record import Json, plain
from models_store.training.paths import CARDS

SCHEMA: Final = 1
RECORD: Final = CARDS / "detection.json"
PARTS: Final = ("valid", "test")


@dataclass(frozen=True)
class Measured:
    """One detector: figures and the threshold of 0.1 false boxes a photo by part, curves of the test part."""

    model: str
    shipped: float
    figures: Mapping[str, Figures]
    thresholds: Mapping[str, float]
    froc: Json
    tolerance: Json


def document(found: Mapping[str, Measured]) -> Json:
    """What is written, from the detectors by name; the first one is the default."""
    return {
        "schema": SCHEMA,
        "model": next(iter(found.values())).model,
        "thresholds": plain({name: _thresholds(one) for name, one in found.items()}),
        "figures": plain({f"{name}, {part}": one.figures[part] for name, one in found.items() for part in PARTS}),
        "froc": plain({name: one.froc for name, one in found.items()}),
        "tolerance": plain({name: one.tolerance for name, one in found.items()}),
    }


def _thresholds(one: Measured) -> dict[str, float | None]:
    every = {**one.thresholds, "shipped": one.shipped}
    return {name: float(value) if np.isfinite(value) else None for name, value in every.items()}


def load(path: Path) -> dict[str, Any]:
    """The document that `measure.record.write` wrote. Raises `UserError` when it is missing or of another schema."""
    if not path.is_file():
        raise UserError(f"there is no {path}: run python -m models_store.training.detection.measure.evaluate first")
    read: Json = json.loads(path.read_text(encoding="utf-8"))
    if read.get("schema") != SCHEMA:
        raise UserError(f"{path} has schema {read.get('schema')}, not {SCHEMA}: run evaluate --accept")
    return read
