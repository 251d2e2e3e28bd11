"""One training step of the detector's first look."""

from typing import Any

import keras
import tensorflow as tf

from models_store.training.detection.batches import Batch
from models_store.training.detection.config import DetectorConfig
from models_store.training.detection.losses import detector_losses
from models_store.training.detection.model import build_detector
from models_store.training.learning import AveragedLearner


class DetectorLearner(AveragedLearner):
    """Trains one detector. The same config and batches give the same weights, up to the order of float sums."""

    def __init__(self, config: DetectorConfig) -> None:
        keras.utils.set_random_seed(config.seed)
        super().__init__(build_detector(config.network, training=True), config.schedule)
        self._loss = config.loss

    def train(self, batch: Batch) -> dict[str, float]:
        """Learn from one batch; the losses by name."""
        self._set_rates()
        losses = self._step({name: tf.convert_to_tensor(value) for name, value in batch.items()})
        self.step += 1
        return {name: float(value) for name, value in losses.items()}

    @tf.function  # type: ignore[untyped-decorator]
    def _step(self, batch: dict[str, Any]) -> dict[str, Any]:
        with tf.GradientTape() as tape:
            outputs = [tf.cast(output, tf.float32) for output in self._model(batch["image"], training=True)]
            losses = detector_losses(outputs, batch, self._loss)
        self._learn(tape, losses["total"])
        return losses
