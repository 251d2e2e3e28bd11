"""The network FaceTrio-R: one residual trunk, three heads, pure Keras layers.

Fully convolutional with global average pooling, so that one set of weights takes any picture size. ReLU and
hard-sigmoid gates only, because int8 kernels exist for them. Importing this module imports Keras.
"""

from functools import partial
from typing import Any

import keras
from keras import layers

from models_store.training.conditioning import Attributes, ExpressionHead
from models_store.training.config import ModelConfig
from models_store.training.fused import FusedBatchNormalization
from vision.labels import AGE_BINS, EMOTIONS

BN_MOMENTUM = 0.95


class _Builder:
    """Builds the trunk, for serving in float32 or for training in bfloat16; both hold the same float32 weights.

    Averages and normalisation stay in float32 while training: bfloat16 has eight bits of precision, enough for
    a product of a convolution but not for a statistic.
    """

    def __init__(self, *, training: bool) -> None:
        self._norm = partial(FusedBatchNormalization, autocast=False) if training else layers.BatchNormalization
        self._compute = "mixed_bfloat16" if training else "float32"

    def conv(self, x: Any, channels: int, *, stride: int = 1, kernel: int = 3) -> Any:
        conv = layers.Conv2D(channels, kernel, strides=stride, padding="same", use_bias=False, dtype=self._compute)
        return self._norm(momentum=BN_MOMENTUM)(conv(x))

    def relu(self, x: Any) -> Any:
        return layers.ReLU(dtype=self._compute)(x)

    def gate(self, x: Any, channels: int) -> Any:
        """Squeeze and excitation (Hu et al. 2018) with a reduction of 4."""
        gate = layers.GlobalAveragePooling2D(keepdims=True)(x)
        gate = layers.Conv2D(channels // 4, 1, activation="relu")(gate)
        gate = layers.Conv2D(channels, 1, activation="hard_sigmoid")(gate)
        return layers.Multiply(dtype=self._compute)([x, gate])

    def residual(self, x: Any, channels: int, *, stride: int, gated: bool) -> Any:
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
        return self.relu(layers.Add(dtype=self._compute)([x, shortcut]))


def build_model(config: ModelConfig, *, training: bool = False) -> Any:
    """A `keras.Model` from float32 (N, S, S, 1) to raw logits.

    Returns a dict: "age" (N, 101) one bin a year, "gender" (N, 1) whose sigmoid is P(female), "emotion" (N, 8)
    in the order of `vision.labels.EMOTIONS`. `training` gives a network of the same weights that learns faster on
    a CPU; weights move between the two with `get_weights` and `set_weights`.
    """
    build = _Builder(training=training)
    inputs = keras.Input((None, None, 1), name="image")
    x = build.relu(build.conv(inputs, config.widths[0], stride=2))
    for stage, (channels, blocks) in enumerate(zip(config.widths, config.blocks, strict=True)):
        for block in range(blocks):
            stride = 2 if stage > 0 and block == 0 else 1
            x = build.residual(x, channels, stride=stride, gated=stage > 0)
    features = layers.GlobalAveragePooling2D(name="features")(x)
    features = layers.Dropout(config.dropout)(features)
    age, gender = layers.Dense(AGE_BINS, name="age")(features), layers.Dense(1, name="gender")(features)
    if config.conditioning == "none":
        emotion = layers.Dense(len(EMOTIONS), name="emotion")(features)
    else:
        facts = Attributes(name="facts")([age, gender])
        emotion = ExpressionHead(config.conditioning, name="emotion")([features, facts])
    return keras.Model(inputs, {"age": age, "gender": gender, "emotion": emotion}, name="facetrio")
