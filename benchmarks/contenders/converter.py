"""Makes large int8 networks that keep a core as busy as LiteRT can: their speed is the peak that the floor is from."""

import os
import tempfile
from typing import Any

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import tensorflow as tf
from keras import layers

DEPTH = 4
"""Layers, so that what is done once for a run does not count."""


class Converter:
    """Random weights: only the time counts."""

    def convolutions(self, side: int, channels: int, kernel: int) -> bytes:
        """As a .tflite file: `DEPTH` convolutions over (1, side, side, channels), bytes in and out."""
        keras.utils.set_random_seed(0)
        first = keras.Input((side, side, channels), batch_size=1)
        last = first
        for _ in range(DEPTH):
            last = layers.Conv2D(channels, kernel, padding="same", activation="relu")(last)
        return self._int8(keras.Model(first, last), (1, side, side, channels))

    @staticmethod
    def _int8(model: Any, shape: tuple[int, ...]) -> bytes:
        rng = np.random.default_rng(0)
        with tempfile.TemporaryDirectory() as folder:
            model.export(folder, verbose=False)
            converter = tf.lite.TFLiteConverter.from_saved_model(folder)
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.representative_dataset = lambda: ([rng.normal(size=shape).astype(np.float32)] for _ in range(2))
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
            converter.inference_input_type = converter.inference_output_type = tf.int8
            return bytes(converter.convert())
