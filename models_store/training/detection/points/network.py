"""The points' network, pure Keras layers. Importing this module imports Keras."""

from typing import Any, Final

import keras
from keras import layers

from models_store.training.blocks import Blocks
from vision.detectors.upright import SIDE

WIDTHS: Final = (32, 32, 64)


def build_points(*, training: bool = False) -> Any:
    """A `keras.Model` from standardised float32 (N, SIDE, SIDE, 1) to float32 (N, 10).

    Five points, x and y, in shares of the square seen from its middle. A dense layer over all cells and not their
    mean: where something is counts here.
    """
    build = Blocks(training=training)
    inputs = keras.Input((SIDE, SIDE, 1), name="face")
    x = inputs
    for channels in WIDTHS:
        x = build.residual(build.relu(build.conv(x, channels, stride=2)), channels)
    outputs = layers.Dense(10, name="points")(layers.Flatten()(x))
    return keras.Model(inputs, outputs, name="facepoints")
