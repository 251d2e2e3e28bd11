"""Small photos with faces, and a detector that says what it is told to say."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from models_store.training.detection.scenes import Scene
from vision.detectors import Detection
from vision.preprocessing import ImageU8
from vision.types import Box

Rectangle = tuple[float, float, float, float]
Scored = tuple[float, Rectangle]

LAYOUT = np.array([(0.3, 0.4), (0.7, 0.4), (0.5, 0.6), (0.35, 0.8), (0.65, 0.8)])


def points_of(box: Rectangle) -> np.ndarray:
    """Five points (5, 2) where a face in `box` has them; the eyes stand 0.4 of its width apart."""
    return np.array(box[:2]) + LAYOUT * np.array(box[2:])


def make_scene(
    *faces: Rectangle,
    scores: Sequence[float] | None = None,
    human: Sequence[Rectangle] = (),
    masks: Sequence[bool] | None = None,
    name: str = "a.jpg",
    source: str = "one/place",
    side: int = 200,
) -> Scene:
    """A noisy photo of `side` pixels. Without any face it is one of those without faces."""
    boxes = np.array(faces, np.float32).reshape(-1, 4)
    return Scene(
        name=name,
        kind="faces" if faces or human else "no faces",
        source=source,
        rgb=np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8),
        boxes=boxes,
        points=np.array([points_of(face) for face in faces], np.float32).reshape(-1, 5, 2),
        scores=np.array(scores if scores is not None else [0.9] * len(faces), np.float32),
        human=np.array(human, np.float32).reshape(-1, 4),
        masks=np.array(masks if masks is not None else [True] * len(human), np.bool_),
    )


def make_detections(*found: Scored, landmarks: bool = False) -> list[Detection]:
    """Detections of these scores and rectangles, as square or extent alike."""
    return [
        Detection(
            Box(*box),
            score,
            tuple((float(x), float(y)) for x, y in points_of(box)) if landmarks else None,  # type: ignore[arg-type]
        )
        for score, box in found
    ]


class Scripted:
    """Answers the photos in turn, over and over."""

    name = "scripted"

    def __init__(self, *answers: list[Detection]) -> None:
        self.answers = answers
        self.seen: list[ImageU8] = []

    def detect(self, rgb: ImageU8) -> list[Detection]:
        self.seen.append(rgb)
        return self.answers[(len(self.seen) - 1) % len(self.answers)]


@pytest.fixture
def scene() -> Callable[..., Scene]:
    return make_scene


@pytest.fixture
def detections() -> Callable[..., list[Detection]]:
    return make_detections


@pytest.fixture
def scripted() -> type[Scripted]:
    return Scripted


@pytest.fixture
def photos() -> list[Scene]:
    """Twelve photos: eight with a face each (two of them small, three drawn by a person as well), four without."""
    made = []
    for at in range(12):
        box = (20.0 + at, 30.0, 40.0, 26.0 if at in {0, 1} else 50.0)
        faces = [box] if at < 8 else []
        human = [box] if at in {2, 3, 4} else []
        source = "one/place" if at % 2 else "other/place"
        made.append(make_scene(*faces, human=human, masks=[at != 4] * len(human), name=f"{at:02}.jpg", source=source))
    return made
