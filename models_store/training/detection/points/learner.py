"""One training step of the points' network, and the moving average of its weights."""

from typing import Any, Final

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from models_store.training import schedule
from models_store.training.checkpoint import Arrays
from models_store.training.detection.config import DetectorConfig
from models_store.training.detection.points.network import build_points
from models_store.training.muon import ConvMuon

Floats = npt.NDArray[np.float32]


NARROWEST: Final = 0.1
"""Eyes' distance in shares of the square below which a face in profile weighs no more."""


def points_loss(told: Any, points: Any) -> Any:
    """Mean absolute error of `told` (N, 10) in shares of the eyes' distance of `points` (N, 10), as it is measured.

    Absolute and not squared, because the points of small faces, from another detector, are often well off.
    """
    eyes = tf.norm(points[:, 0:2] - points[:, 2:4], axis=1, keepdims=True)
    return tf.reduce_mean(tf.abs(told - points) / tf.maximum(eyes, NARROWEST))


class PointLearner:
    """Trains one network. The same config and batches give the same weights, up to the order of float sums."""

    def __init__(self, config: DetectorConfig) -> None:
        keras.utils.set_random_seed(config.seed)
        self._rates = rates = config.points.schedule
        self._model, self._judge = build_points(training=True), build_points()
        self._optimizer = ConvMuon(
            rates.learning_rate,
            weight_decay=rates.weight_decay,
            adam_weight_decay=rates.weight_decay,
            adam_lr_ratio=rates.adam_share,
        )
        no_decay = [v for v in self._model.trainable_variables if v.name != "kernel"]
        self._optimizer.exclude_from_weight_decay(var_list=no_decay)
        self._optimizer.build(self._model.trainable_variables)
        self._average = [tf.Variable(w, trainable=False) for w in self._model.get_weights()]
        self._decay = tf.Variable(0.0, trainable=False)
        self.step = 0

    def train(self, squares: Floats, points: Floats) -> float:
        """Learn from one batch; the loss."""
        self._optimizer.learning_rate.assign(schedule.learning_rate(self.step, self._rates))
        self._decay.assign(schedule.ema_decay(self.step, self._rates))
        self.step += 1
        return float(self._step(tf.convert_to_tensor(squares), tf.convert_to_tensor(points)))

    @tf.function  # type: ignore[untyped-decorator]
    def _step(self, squares: Any, points: Any) -> Any:
        with tf.GradientTape() as tape:
            told = tf.cast(self._model(squares, training=True), tf.float32)
            loss = points_loss(told, points)
        variables = self._model.trainable_variables
        self._optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        for mean, weight in zip(self._average, self._model.weights, strict=True):
            mean.assign_sub((1.0 - self._decay) * (mean - tf.convert_to_tensor(weight)))
        return loss

    def told(self, squares: Floats) -> Floats:
        """Points (N, 10) of squares (N, SIDE, SIDE, 1), by the average weights."""
        self._judge.set_weights(self.average_weights())
        return np.asarray(self._judge(squares, training=False), np.float32)

    def average_weights(self) -> Arrays:
        """The moving average of all weights, in the order of `Model.get_weights`."""
        return [mean.numpy() for mean in self._average]
