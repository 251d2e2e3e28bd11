"""The layers that both networks are built from. Importing this module imports Keras."""

from functools import partial
from typing import Any, Final

import tensorflow as tf
from keras import layers

from models_store.training.fused import FusedBatchNormalization

BN_MOMENTUM: Final = 0.95


class TwiceAsLarge(layers.Layer):  # type: ignore[misc]
    """(N, H, W, C) to (N, 2 H, 2 W, C), every cell repeated 2 x 2."""

    def call(self, x: Any) -> Any:
        return tf.nn.depth_to_space(tf.concat([x, x, x, x], axis=-1), 2)


class Blocks:
    """Makes layers, for serving in float32 or for training in bfloat16; both hold the same float32 weights.

    Averages and normalisation stay in float32 while training: bfloat16 has eight bits of precision, enough for
    a product of a convolution but not for a statistic.
    """

    def __init__(self, *, training: bool) -> None:
        self._training = training
        self._norm = partial(FusedBatchNormalization, autocast=False) if training else layers.BatchNormalization
        self._compute = "mixed_bfloat16" if training else "float32"

    def conv(self, x: Any, channels: int, *, stride: Any = 1, kernel: Any = 3) -> Any:
        """Convolution and batch normalisation; `stride` and `kernel` are numbers or (rows, columns)."""
        conv = layers.Conv2D(channels, kernel, strides=stride, padding="same", use_bias=False, dtype=self._compute)
        return self._norm(momentum=BN_MOMENTUM)(conv(x))

    def relu(self, x: Any) -> Any:
        """Rectifier."""
        return layers.ReLU(dtype=self._compute)(x)

    def add(self, x: Any, y: Any) -> Any:
        """Sum."""
        return layers.Add(dtype=self._compute)([x, y])

    def twice_as_large(self, x: Any) -> Any:
        """Every cell repeated 2 x 2. For serving by operations that hold no size, so that any size can be asked for."""
        if self._training:
            return layers.UpSampling2D(2, dtype=self._compute)(x)
        return TwiceAsLarge()(x)

    def gate(self, x: Any, channels: int) -> Any:
        """Squeeze and excitation (Hu et al. 2018) with a reduction of 4."""
        gate = layers.GlobalAveragePooling2D(keepdims=True)(x)
        gate = layers.Conv2D(channels // 4, 1, activation="relu")(gate)
        gate = layers.Conv2D(channels, 1, activation="hard_sigmoid")(gate)
        return layers.Multiply(dtype=self._compute)([x, gate])

    def residual(self, x: Any, channels: int, *, stride: int = 1, gated: bool = False) -> Any:
        """Two 3 x 3 convolutions around a shortcut (He et al. 2016), averaged and projected where the shape changes."""
        shortcut = x
        x = self.relu(self.conv(x, channels, stride=stride))
        x = self.conv(x, channels)
        if gated:
            x = self.gate(x, channels)
        if stride > 1:
            # "same" keeps odd sizes in step with the strided convolution
            shortcut = layers.AveragePooling2D(stride, padding="same", dtype=self._compute)(shortcut)
        if shortcut.shape[-1] != channels:
            shortcut = self.conv(shortcut, channels, kernel=1)
        return self.relu(self.add(x, shortcut))
