"""The pictures of the card, drawn from the record alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from models_store.training.measure.pictures import ages, answers, groups, tolerance
from models_store.training.measure.record import Json

PICTURES: Final[dict[str, Callable[[Json, Path], None]]] = {
    "confusion": answers.confusion,
    "reliability": answers.reliability,
    "risk_coverage": answers.risk_coverage,
    "age_error": ages.age_error,
    "tolerance": tolerance.tolerance,
    "fairness": groups.fairness,
}
"""By the last part of the file name: `facetrio.confusion.png`."""


def draw_all(document: Json, folder: Path, name: str) -> list[Path]:
    """Draw every picture of a record into `folder`; the files written, in order."""
    paths = [folder / f"{name}.{part}.png" for part in PICTURES]
    for draw, path in zip(PICTURES.values(), paths, strict=True):
        draw(document, path)
    return paths
