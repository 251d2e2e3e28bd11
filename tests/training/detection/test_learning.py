"""The two networks of the detector: what they give, that they learn, and that a run goes on where it stopped."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from models_store.training.detection.batches import Batch, as_input
from models_store.training.detection.config import DetectorConfig, NetworkConfig, load_detector_config
from models_store.training.detection.faces import Faces
from models_store.training.detection.learner import DetectorLearner
from models_store.training.detection.model import build_detector
from models_store.training.detection.points.learner import PointLearner
from models_store.training.detection.targets import Targets, assign
from models_store.training.paths import DETECTOR_CONFIG
from vision.detectors.geometry import STRIDES
from vision.detectors.upright import SIDE as SQUARE

SMALL = NetworkConfig(stem=8, widths=(8, 8, 8, 8), blocks=(0, 1, 0, 0), neck=8)
SIDE = 128


@pytest.fixture(scope="module")
def config() -> DetectorConfig:
    return replace(load_detector_config(DETECTOR_CONFIG), network=SMALL)


def batch() -> Batch:
    """One bright square on dark ground, in a picture each."""
    pictures, targets = np.full((4, SIDE, SIDE, 3), 30, np.uint8), []
    for picture, x in zip(pictures, (40, 60, 80, 90), strict=True):
        picture[44:84, x - 20 : x + 20] = 220
        points = np.full((1, 5, 2), (x, 64), np.float32)
        face = Faces(np.array([[x, 64, 40, 40]], np.float32), points, np.array([True]), np.array([True]))
        targets.append(assign(face, SIDE))
    columns = {name: np.stack([getattr(one, name) for one in targets]) for name in Targets.__annotations__}
    return {"image": as_input(pictures), **columns}


@pytest.mark.parametrize(("height", "width"), [(64, 64), (128, 192)])
def test_there_are_two_maps_for_each_level(height: int, width: int) -> None:
    maps = build_detector(SMALL)(np.zeros((1, height, width // 4, 12), np.float32))
    expected = [(1, height // stride, width // stride, depth) for stride in STRIDES for depth in (1, 14)]
    assert [tuple(one.shape) for one in maps] == expected


def test_the_network_that_serves_takes_the_weights_of_the_one_that_learns() -> None:
    keras.utils.set_random_seed(0)
    learning, serving = build_detector(SMALL, training=True), build_detector(SMALL)
    serving.set_weights(learning.get_weights())
    picture = np.random.default_rng(0).normal(size=(1, 64, 16, 12)).astype(np.float32)
    for one, other in zip(learning(picture), serving(picture), strict=True):
        spread = float(np.ptp(np.asarray(other, np.float32))) + 1e-3
        assert np.abs(np.asarray(one, np.float32) - np.asarray(other, np.float32)).max() < 0.1 * spread + 0.01


def test_the_first_look_learns(config: DetectorConfig) -> None:
    learner, given = DetectorLearner(config), batch()
    losses = [learner.train(given) for _ in range(60)]
    assert all(np.isfinite(list(step.values())).all() for step in losses)
    assert losses[-1]["box"] < 0.9 * losses[0]["box"]
    assert losses[-1]["points"] < 0.9 * losses[0]["points"]


def test_a_restored_learner_goes_on_as_the_first_would_have(config: DetectorConfig) -> None:
    first, given = DetectorLearner(config), batch()
    first.train(given)
    second = DetectorLearner(config)
    second.restore(first.state())
    assert second.step == 1
    assert second.train(given)["total"] == pytest.approx(first.train(given)["total"], rel=1e-2)


def test_the_second_look_learns(config: DetectorConfig) -> None:
    rng = np.random.default_rng(0)
    squares = rng.normal(size=(8, SQUARE, SQUARE, 1)).astype(np.float32)
    points = np.tile([-0.2, -0.1, 0.2, -0.1, 0, 0, -0.15, 0.2, 0.15, 0.2], (8, 1)).astype(np.float32)
    learner = PointLearner(config)
    losses = [learner.train(squares, points) for _ in range(40)]
    assert losses[-1] < 0.8 * losses[0]
    assert learner.told(squares).shape == (8, 10)
