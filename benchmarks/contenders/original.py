"""The pipeline of the kind of system that Facet grew from; random weights, for only its time counts.

OpenCV's default Haar cascade over the whole photo, two networks of the shape of Levi & Hassner 2015 ("Age and Gender
Classification Using Convolutional Neural Networks", section 3) at 227 x 227, and the four-convolution network for
48 x 48 grey faces that such systems read expressions with; `predict` for each face and network, as their pages call it.
The quickest of the usual settings of the cascade (1.3, 5). OpenCV and TensorFlow keep their own defaults and so use
every core of the machine, while the engine uses one.
"""

import os
from pathlib import Path
from typing import Any

import cv2
import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import tensorflow as tf
from keras import layers

from vision.preprocessing import ImageU8

CASCADE = "haarcascade_frontalface_default.xml"


def levi_hassner(answers: int) -> Any:
    """227 x 227 x 3 to `answers`: three convolutions with pooling, two of them normalised, and two layers of 512."""
    return keras.Sequential(
        [
            keras.Input((227, 227, 3)),
            layers.Conv2D(96, 7, strides=4, activation="relu"),
            layers.MaxPooling2D(3, strides=2),
            layers.Lambda(tf.nn.local_response_normalization),
            layers.Conv2D(256, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(3, strides=2),
            layers.Lambda(tf.nn.local_response_normalization),
            layers.Conv2D(384, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(3, strides=2),
            layers.Flatten(),
            layers.Dense(512, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(512, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(answers, activation="softmax"),
        ]
    )


def four_convolutions() -> Any:
    """48 x 48 grey to seven expressions."""
    return keras.Sequential(
        [
            keras.Input((48, 48, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Dropout(0.25),
            layers.Conv2D(128, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(128, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Dropout(0.25),
            layers.Flatten(),
            layers.Dense(1024, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(7, activation="softmax"),
        ]
    )


class Original:
    """Cascade and three networks, warm."""

    def __init__(self) -> None:
        """Build the networks and let each predict once."""
        keras.utils.set_random_seed(0)
        self._cascade = cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / CASCADE))
        self._age, self._gender, self._emotion = levi_hassner(8), levi_hassner(2), four_convolutions()
        self._answer(np.zeros((227, 227, 3), np.uint8), np.zeros((48, 48), np.uint8))

    def detect(self, rgb: ImageU8) -> int:
        """How many faces in uint8 (H, W, 3), at full size."""
        return len(self._cascade.detectMultiScale(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), 1.3, 5))

    def read(self, photo: bytes) -> dict[str, Any]:
        """How many faces, each of them answered for."""
        colours = cv2.imdecode(np.frombuffer(photo, np.uint8), cv2.IMREAD_COLOR)
        if colours is None:
            raise ValueError("OpenCV does not read this photo")
        grey = cv2.cvtColor(colours, cv2.COLOR_BGR2GRAY)
        boxes = self._cascade.detectMultiScale(grey, 1.3, 5)
        for x, y, width, height in boxes:
            face = cv2.resize(colours[y : y + height, x : x + width], (227, 227))
            self._answer(face, cv2.resize(grey[y : y + height, x : x + width], (48, 48)))
        return {"faces": len(boxes)}

    def _answer(self, face: Any, grey: Any) -> None:
        coloured = face[np.newaxis].astype(np.float32)
        self._age.predict(coloured, verbose=0)
        self._gender.predict(coloured, verbose=0)
        self._emotion.predict(grey[np.newaxis, ..., np.newaxis] / 255.0, verbose=0)
