"""The network FaceScout: a plain convolutional trunk, four levels with heads, pure Keras layers.

Anchor-free (FCOS, Tian et al. 2019): every cell of a level may tell one face, its score, box and five points. Dense
3 x 3 convolutions, because on these processors they do three times the work of separable ones in the same time.
Importing this module imports Keras.
"""

from typing import Any

import keras
from keras import layers

from models_store.training.blocks import Blocks
from models_store.training.detection.config import NetworkConfig
from vision.detectors.geometry import PACK

SCORE_BIAS = -4.0
"""Logit of the share of cells that hold a face, so that the first steps are not spent on learning it."""


def build_detector(config: NetworkConfig, *, training: bool = False) -> Any:
    """A `keras.Model` from float32 (N, H, W / 4, 12) to the raw maps of the four levels.

    The input is an RGB picture (N, H, W, 3), four pixels of a row in each column, so that the first convolution
    reads memory in long runs. Returns a list: for strides 8, 16, 32, 64 the score's logit (N, h, w, 1) and then the
    geometry (N, h, w, 14) as `vision.detectors.geometry` decodes it. `training` gives a network of the same
    weights that learns faster on a CPU.
    """
    build = Blocks(training=training)
    inputs = keras.Input((None, None, 3 * PACK), name="image")
    x = build.relu(build.conv(inputs, config.stem, kernel=(4, 3), stride=(4, 1)))
    levels = []
    for channels, blocks in zip(config.widths, config.blocks, strict=True):
        x = build.relu(build.conv(x, channels, stride=2))
        for _ in range(blocks):
            x = build.residual(x, channels)
        levels.append(build.conv(x, config.neck, kernel=1))
    for finer in reversed(range(len(levels) - 1)):
        levels[finer] = build.add(levels[finer], build.twice_as_large(levels[finer + 1]))
    outputs = []
    for number, level in enumerate(levels):
        features = build.relu(build.conv(build.relu(level), config.neck))
        bias = keras.initializers.Constant(SCORE_BIAS)
        small = keras.initializers.RandomNormal(stddev=0.01)
        outputs.append(
            layers.Conv2D(1, 1, bias_initializer=bias, kernel_initializer=small, name=f"score{number}")(features)
        )
        outputs.append(layers.Conv2D(14, 1, kernel_initializer=small, name=f"geometry{number}")(features))
    return keras.Model(inputs, outputs, name="facescout")
