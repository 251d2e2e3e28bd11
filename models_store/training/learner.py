"""One training step and its state: model, optimiser, moving average of the weights."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from models_store.training import schedule
from models_store.training.batches import Batch
from models_store.training.checkpoint import Arrays, Checkpoint
from models_store.training.config import RunConfig, ScheduleConfig
from models_store.training.losses import head_losses
from models_store.training.model import build_model
from models_store.training.muon import ConvMuon


def _optimizer(schedule: ScheduleConfig) -> Any:
    rate, decay = schedule.learning_rate, schedule.weight_decay
    if not schedule.muon:
        return keras.optimizers.AdamW(rate, weight_decay=decay)
    return ConvMuon(rate, weight_decay=decay, adam_weight_decay=decay, adam_lr_ratio=schedule.adam_share)


class Learner:
    """Trains one model. The same config and batches give the same weights, up to the order of float sums.

    `fast` false learns with the network as it serves, in float32 throughout; `benchmarks/training.py` compares.
    """

    def __init__(self, config: RunConfig, *, fast: bool = True) -> None:
        keras.utils.set_random_seed(config.seed)
        self._config = config
        self._model = build_model(config.model, training=fast)
        self._optimizer = _optimizer(config.schedule)
        no_decay = [v for v in self._model.trainable_variables if v.name != "kernel"]
        self._optimizer.exclude_from_weight_decay(var_list=no_decay)
        self._optimizer.build(self._model.trainable_variables)
        self._average = [tf.Variable(w, trainable=False) for w in self._model.get_weights()]
        self._decay = tf.Variable(0.0, trainable=False)
        self._head_weights = tf.Variable([0.0, 0.0, 0.0], trainable=False)
        self._dropout = [layer.seed_generator.state for layer in self._model.layers if hasattr(layer, "seed_generator")]
        self.step = 0

    def train(self, batch: Batch) -> dict[str, float]:
        """Learn from one batch; the losses by name."""
        self._optimizer.learning_rate.assign(schedule.learning_rate(self.step, self._config.schedule))
        self._decay.assign(schedule.ema_decay(self.step, self._config.schedule))
        phase = self._config.phase_at(self.step // self._config.schedule.steps_per_epoch)
        for state in self._dropout:  # a function of the step, as batches are, so that resuming changes nothing
            state.assign([self._config.seed, self.step])
        self._head_weights.assign([phase.emotion, phase.age, phase.gender])
        losses = self._step({name: tf.convert_to_tensor(value) for name, value in batch.items()})
        self.step += 1
        return {name: float(value) for name, value in losses.items()}

    @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]
    def _step(self, batch: dict[str, Any]) -> dict[str, Any]:
        with tf.GradientTape() as tape:
            outputs = self._model(batch["image"], training=True)
            losses = head_losses(outputs, batch, self._config.loss)
            values = tf.stack([losses["emotion"], losses["age"], losses["gender"]])
            total = tf.reduce_sum(self._head_weights * values)
        variables = self._model.trainable_variables
        self._optimizer.apply_gradients(zip(tape.gradient(total, variables), variables, strict=True))
        for mean, weight in zip(self._average, self._model.weights, strict=True):
            mean.assign_sub((1.0 - self._decay) * (mean - tf.convert_to_tensor(weight)))
        return {"total": total, **losses}

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
