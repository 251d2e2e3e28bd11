"""One training step of the detector and its state: network, optimiser, moving average of the weights."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from models_store.training import schedule
from models_store.training.checkpoint import Arrays, Checkpoint
from models_store.training.detection.batches import Batch
from models_store.training.detection.config import DetectorConfig
from models_store.training.detection.losses import detector_losses
from models_store.training.detection.model import build_detector
from models_store.training.muon import ConvMuon


class DetectorLearner:
    """Trains one detector. The same config and batches give the same weights, up to the order of float sums."""

    def __init__(self, config: DetectorConfig) -> None:
        keras.utils.set_random_seed(config.seed)
        self._config, rates = config, config.schedule
        self._model = build_detector(config.network, training=True)
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

    def train(self, batch: Batch) -> dict[str, float]:
        """Learn from one batch; the losses by name."""
        self._optimizer.learning_rate.assign(schedule.learning_rate(self.step, self._config.schedule))
        self._decay.assign(schedule.ema_decay(self.step, self._config.schedule))
        losses = self._step({name: tf.convert_to_tensor(value) for name, value in batch.items()})
        self.step += 1
        return {name: float(value) for name, value in losses.items()}

    @tf.function  # type: ignore[untyped-decorator]
    def _step(self, batch: dict[str, Any]) -> dict[str, Any]:
        with tf.GradientTape() as tape:
            outputs = [tf.cast(output, tf.float32) for output in self._model(batch["image"], training=True)]
            losses = detector_losses(outputs, batch, self._config.loss)
        variables = self._model.trainable_variables
        self._optimizer.apply_gradients(zip(tape.gradient(losses["total"], variables), variables, strict=True))
        for mean, weight in zip(self._average, self._model.weights, strict=True):
            mean.assign_sub((1.0 - self._decay) * (mean - tf.convert_to_tensor(weight)))
        return losses

    def average_weights(self) -> Arrays:
        """The moving average of all weights, in the order of `Model.get_weights`."""
        return [mean.numpy() for mean in self._average]

    def state(self) -> Checkpoint:
        """Everything needed to go on from here."""
        optimizer = [np.asarray(variable) for variable in self._optimizer.variables]
        return Checkpoint(self.step, self._model.get_weights(), self.average_weights(), optimizer)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go back to a state."""
        self.step = checkpoint.step
        self._model.set_weights(checkpoint.weights)
        for mean, value in zip(self._average, checkpoint.average, strict=True):
            mean.assign(value)
        for variable, value in zip(self._optimizer.variables, checkpoint.optimizer, strict=True):
            variable.assign(value)
