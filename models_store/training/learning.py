"""What every learner does: step by the schedule, keep the moving average of the weights, save and go on."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from models_store.training import schedule
from models_store.training.checkpoint import Arrays, Checkpoint
from models_store.training.config import ScheduleConfig
from models_store.training.muon import ConvMuon


def _optimizer(rates: ScheduleConfig) -> Any:
    rate, decay = rates.learning_rate, rates.weight_decay
    if not rates.muon:
        return keras.optimizers.AdamW(rate, weight_decay=decay)
    return ConvMuon(rate, weight_decay=decay, adam_weight_decay=decay, adam_lr_ratio=rates.adam_share)


class AveragedLearner:
    """A network that learns, with its optimiser and the moving average of its weights; losses are the subclass's."""

    def __init__(self, model: Any, rates: ScheduleConfig) -> None:
        self._model, self._rates = model, rates
        self._optimizer = _optimizer(rates)
        no_decay = [v for v in model.trainable_variables if v.name != "kernel"]
        self._optimizer.exclude_from_weight_decay(var_list=no_decay)
        self._optimizer.build(model.trainable_variables)
        self._average = [tf.Variable(w, trainable=False) for w in model.get_weights()]
        self._decay = tf.Variable(0.0, trainable=False)
        self.step = 0

    def _set_rates(self) -> None:
        """Learning rate and decay of the current step."""
        self._optimizer.learning_rate.assign(schedule.learning_rate(self.step, self._rates))
        self._decay.assign(schedule.ema_decay(self.step, self._rates))

    def _learn(self, tape: Any, loss: Any) -> None:
        """Step down the gradients of `loss` and move the average; part of the subclass's graph."""
        variables = self._model.trainable_variables
        self._optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        for mean, weight in zip(self._average, self._model.weights, strict=True):
            mean.assign_sub((1.0 - self._decay) * (mean - tf.convert_to_tensor(weight)))

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
