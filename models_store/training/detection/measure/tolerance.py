"""How many of the demanded faces are still found in photos that were made worse by known amounts, see `changes`.

The threshold is the one that gives 0.1 false boxes a photo on the unchanged photos of the whole part.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from tqdm import tqdm

from models_store.training.detection.measure.answers import Faces
from models_store.training.detection.measure.changes import CURVES, Curve
from models_store.training.detection.measure.froc import Draws, figure
from models_store.training.detection.measure.matching import demanded, hit_scores
from models_store.training.detection.scenes import Scene
from models_store.training.metrics import Figure
from vision.detectors import Detector

PHOTOS: Final = 80


def sample(scenes: Sequence[Scene], count: int = PHOTOS) -> list[Scene]:
    """At most `count` photos with a demanded face, always the same ones of a part."""
    fit = [scene for scene in scenes if demanded(scene).any()]
    chosen = np.sort(np.random.default_rng(0).permutation(len(fit))[:count])
    return [fit[at] for at in chosen]


def recall(scenes: Sequence[Scene], curve: Curve, amount: float, detector: Detector, threshold: float) -> Figure:
    """The share of the faces demanded in the unchanged photos that is found at one amount.

    Raises `ValueError` when the photos hold no such face.
    """
    photos, hits, heights = [], [], []
    for at, scene in enumerate(scenes):
        must = demanded(scene)
        changed = curve.change(scene, amount, 1 if at % 2 else -1)
        hits.append(hit_scores(changed.boxes[must].astype(np.float64), detector.detect(changed.rgb)))
        heights.append(scene.boxes[must, 3].astype(np.float64))
        photos.append(np.full(int(must.sum()), at))
    faces = Faces(np.concatenate(photos), np.concatenate(hits), np.concatenate(heights))
    draws = Draws.of(len(scenes))
    found = figure(draws.share(faces, np.full(len(draws.weights), threshold)), len(faces.hit), "higher")
    if found is None:
        raise ValueError("the photos hold no demanded face")
    return found


def curves(scenes: Sequence[Scene], detector: Detector, threshold: float) -> dict[str, Any]:
    """All curves, amounts ascending, with a progress bar. What changes nothing is measured once."""
    every = [(name, amount) for name, curve in CURVES.items() for amount in curve.amounts]
    first = next(iter(CURVES.values()))
    unchanged = recall(scenes, first, first.neutral, detector, threshold)
    points = {name: [(curve.neutral, unchanged)] for name, curve in CURVES.items()}
    for name, amount in tqdm(every, desc=f"tolerance of {detector.name}", unit="point", leave=False):
        points[name].append((amount, recall(scenes, CURVES[name], amount, detector, threshold)))
    return {
        name: {
            "unit": curve.unit,
            "neutral": float(curve.neutral),
            "points": [{"amount": float(amount), "recall": found} for amount, found in sorted(points[name])],
        }
        for name, curve in CURVES.items()
    }
