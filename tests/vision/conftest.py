"""Parts that stand in for detector and network, handed over through the constructor."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from vision import Reader
from vision.calibration import Calibration
from vision.detectors import Detection
from vision.preprocessing import Batch, ImageU8
from vision.quality.rules import Rules
from vision.runtimes import Logits
from vision.types import Box

CALIBRATION = Calibration(
    age_temperature=1.0,
    age_sigma_floor=1.0,
    age_edges=(20.0, 40.0),
    age_quantiles=(1.0, 2.0, 3.0),
    gender_temperature=1.0,
    gender_threshold=0.8,
    gender_min_years=3.0,
    emotion_temperature=1.0,
    emotion_threshold=0.5,
)


class FakeDetector:
    """Says the same boxes for every photo."""

    name = "fake"

    def __init__(self, *boxes: Box) -> None:
        self.boxes = boxes
        self.shapes: list[tuple[int, ...]] = []

    def detect(self, rgb: ImageU8) -> list[Detection]:
        self.shapes.append(rgb.shape)
        return [Detection(box, 1.0) for box in self.boxes]


class BrightnessRuntime:
    """Answers the age that the crop's contrast encodes, so that results can be traced back to their crop."""

    name = "fake"

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def run(self, batch: Batch) -> Logits:
        self.sizes.append(len(batch))
        age = np.full((len(batch), 101), -50.0, dtype=np.float32)
        left = (batch[:, :, :32, 0].mean(axis=(1, 2)) > 0).astype(int)
        age[np.arange(len(batch)), np.where(left == 1, 60, 30)] = 50.0
        emotion = np.zeros((len(batch), 8), dtype=np.float32)
        emotion[:, 1] = 3.0
        return {"age": age, "gender": np.full((len(batch), 1), 4.0, dtype=np.float32), "emotion": emotion}


@pytest.fixture
def make_reader() -> Callable[..., Reader]:
    """A reader with stand-ins."""

    def make(*boxes: Box, runtime: BrightnessRuntime | None = None, quality: Rules | None = None) -> Reader:
        return Reader(
            detector=FakeDetector(*boxes),
            runtime=runtime or BrightnessRuntime(),
            calibration=dataclasses.replace(CALIBRATION, quality=quality or {}),
            model_version="fake-1",
        )

    return make


@pytest.fixture(scope="session")
def real_reader() -> Reader:
    """The released weights on LiteRT."""
    return Reader.load(runtime="litert", detector="haar")
