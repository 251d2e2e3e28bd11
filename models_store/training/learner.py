"""One training step of the attribute network."""

from typing import Any

import keras
import tensorflow as tf

from models_store.training.batches import Batch
from models_store.training.config import RunConfig
from models_store.training.learning import AveragedLearner
from models_store.training.losses import head_losses
from models_store.training.model import build_model


class Learner(AveragedLearner):
    """Trains one model. The same config and batches give the same weights, up to the order of float sums.

    `fast` false learns with the network as it serves, in float32 throughout; `benchmarks/training.py` compares.
    """

    def __init__(self, config: RunConfig, *, fast: bool = True) -> None:
        keras.utils.set_random_seed(config.seed)
        super().__init__(build_model(config.model, training=fast), config.schedule)
        self._config = config
        self._head_weights = tf.Variable([0.0, 0.0, 0.0], trainable=False)
        self._dropout = [layer.seed_generator.state for layer in self._model.layers if hasattr(layer, "seed_generator")]

    def train(self, batch: Batch) -> dict[str, float]:
        """Learn from one batch; the losses by name."""
        self._set_rates()
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
        self._learn(tape, total)
        return {"total": total, **losses}
