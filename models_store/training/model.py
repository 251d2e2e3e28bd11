"""The network FaceTrio-R: one residual trunk, three heads, pure Keras layers.

Fully convolutional with global average pooling, so that one set of weights takes any picture size. ReLU and
hard-sigmoid gates only, because int8 kernels exist for them. Importing this module imports Keras.
"""

from typing import Any

import keras
from keras import layers

from models_store.training.blocks import Blocks
from models_store.training.conditioning import Attributes, ExpressionHead
from models_store.training.config import ModelConfig
from vision.labels import AGE_BINS, EMOTIONS


def build_model(config: ModelConfig, *, training: bool = False) -> Any:
    """A `keras.Model` from float32 (N, S, S, 1) to raw logits.

    Returns a dict: "age" (N, 101) one bin a year, "gender" (N, 1) whose sigmoid is P(female), "emotion" (N, 8)
    in the order of `vision.labels.EMOTIONS`. `training` gives a network of the same weights that learns faster on
    a CPU; weights move between the two with `get_weights` and `set_weights`.
    """
    build = Blocks(training=training)
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
