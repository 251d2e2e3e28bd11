"""Learning rate: warm up, stay, fall.

A constant rate with a cosine fall at the end (Hägele et al. 2024, arXiv 2405.18392) ends about where a full cosine
does, and until the fall begins the run does not depend on its length: it can be made longer or shorter while it runs
and still be what its config says.
"""

import math

from models_store.training.config import ScheduleConfig


def learning_rate(step: int, config: ScheduleConfig) -> float:
    """Rate of a step: linear warm-up, constant, cosine to `final_learning_rate` over `decay_epochs`."""
    epoch = (step + 1) / config.steps_per_epoch
    if epoch < config.warmup_epochs:
        return config.learning_rate * epoch / config.warmup_epochs
    left = (config.epochs - epoch) / config.decay_epochs
    if left >= 1:
        return config.learning_rate
    height = 0.5 - 0.5 * math.cos(math.pi * max(left, 0.0))
    span = config.learning_rate - config.final_learning_rate
    return config.final_learning_rate + span * height


def ema_decay(step: int, config: ScheduleConfig) -> float:
    """Decay of the weights' moving average; small at first so that the average forgets the random start."""
    return min(config.ema_decay, (1 + step) / (10 + step))
