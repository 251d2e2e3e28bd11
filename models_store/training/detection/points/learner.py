"""One training step of the points' network."""

from typing import Any, Final

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from models_store.training.detection.config import DetectorConfig
from models_store.training.detection.points.network import build_points
from models_store.training.learning import AveragedLearner

Floats = npt.NDArray[np.float32]


NARROWEST: Final = 0.1
"""Eyes' distance in shares of the square below which a face in profile weighs no more."""


def points_loss(told: Any, points: Any) -> Any:
    """Mean absolute error of `told` (N, 10) in shares of the eyes' distance of `points` (N, 10), as it is measured.

    Absolute and not squared, because the points of small faces, from another detector, are often well off.
    """
    eyes = tf.norm(points[:, 0:2] - points[:, 2:4], axis=1, keepdims=True)
    return tf.reduce_mean(tf.abs(told - points) / tf.maximum(eyes, NARROWEST))


class PointLearner(AveragedLearner):
    """Trains one network. The same config and batches give the same weights, up to the order of float sums."""

    def __init__(self, config: DetectorConfig) -> None:
        keras.utils.set_random_seed(config.seed)
        model, self._judge = build_points(training=True), build_points()
        super().__init__(model, config.points.schedule)

    def train(self, squares: Floats, points: Floats) -> float:
        """Learn from one batch; the loss."""
        self._set_rates()
        self.step += 1
        return float(self._step(tf.convert_to_tensor(squares), tf.convert_to_tensor(points)))

    @tf.function  # type: ignore[untyped-decorator]
    def _step(self, squares: Any, points: Any) -> Any:
        with tf.GradientTape() as tape:
            told = tf.cast(self._model(squares, training=True), tf.float32)
            loss = points_loss(told, points)
        self._learn(tape, loss)
        return loss

    def told(self, squares: Floats) -> Floats:
        """Points (N, 10) of squares (N, SIDE, SIDE, 1), by the average weights."""
        self._judge.set_weights(self.average_weights())
        return np.asarray(self._judge(squares, training=False), np.float32)
