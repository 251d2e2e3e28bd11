"""Turn a run into the detector's files: `python -m models_store.training.detection.export`.

Writes the two networks that serve, the first look (faces and rough points, int8) and the second (a face's points), and
the logs of their training.
"""

import argparse
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from models_store.training import checkpoint
from models_store.training.detection import files
from models_store.training.detection.batches import as_input
from models_store.training.detection.config import DetectorConfig, load_detector_config
from models_store.training.detection.scenes import read_scenes
from models_store.training.errors import UserError, run_command
from models_store.training.paths import CARDS, DETECTOR_CONFIG, WEIGHTS, shared_data
from vision.detectors.upright import SIDE

SHAPE: Final = (448, 640)
"""Rows and columns that the ranges are measured at; the file takes any multiples of 64."""
REPRESENTATIVES: Final = 150


def trained(config: DetectorConfig) -> Any:
    """The Keras network with the moving average of the last epoch. Raises `UserError` before training."""
    path = files.run_folder(config) / "last.npz"
    if not path.is_file():
        raise UserError(f"there is no {path}: run python -m models_store.training.detection.train first")
    from models_store.training.detection.model import build_detector

    model = build_detector(config.network)
    model.set_weights(checkpoint.load_arrays(path)["average"])
    return model


def trained_points(config: DetectorConfig) -> Any:
    """The Keras network of the second look. Raises `UserError` before training."""
    path = files.run_folder(config) / "points.npz"
    if not path.is_file():
        raise UserError(f"there is no {path}: run python -m models_store.training.detection.points.train first")
    from models_store.training.detection.points.network import build_points

    model = build_points()
    model.set_weights(checkpoint.load_arrays(path)["average"])
    return model


def representatives(data: Path) -> npt.NDArray[np.float32]:
    """Training photos as the network sees them, (REPRESENTATIVES, H, W / 4, 12); the first spans the whole range."""
    scenes = read_scenes(data, "train")
    rows = np.random.default_rng(0).choice(len(scenes), REPRESENTATIVES, replace=False)
    canvases = np.zeros((REPRESENTATIVES, *SHAPE, 3), np.uint8)
    for canvas, row in zip(canvases, rows, strict=True):
        rgb = scenes[row].rgb
        scale = min(SHAPE[0] / rgb.shape[0], SHAPE[1] / rgb.shape[1])
        small = cv2.resize(
            rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        )
        canvas[: small.shape[0], : small.shape[1]] = small[: SHAPE[0], : SHAPE[1]]
    canvases[0, 0, 0], canvases[0, 0, 1] = 0, 255
    return as_input(canvases)


def convert(model: Any, pictures: npt.NDArray[np.float32], path: Path) -> None:
    """Write `model` with int8 inside, bytes of pixels in and float32 out; `pictures` (N, H, W, C) set the ranges.

    The ranges of the input are those of bytes, so that no pixel has to be changed on its way in.
    """
    import tensorflow as tf

    with _saved(model, pictures.shape[1:]) as folder:
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: ([picture[None]] for picture in pictures)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = tf.uint8
        path.write_bytes(converter.convert())


def convert_halved(model: Any, shape: tuple[int, ...], path: Path) -> None:
    """Write `model` for pictures of `shape` with weights in half precision; it computes in float32."""
    import tensorflow as tf

    with _saved(model, shape) as folder:
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]
        path.write_bytes(converter.convert())


@contextmanager
def _saved(model: Any, shape: tuple[int, ...]) -> Iterator[str]:
    """`model` as a SavedModel for one picture of `shape`: the converter's own Keras path does not read Keras 3."""
    import tensorflow as tf

    with tempfile.TemporaryDirectory() as folder:
        model.export(folder, input_signature=[tf.TensorSpec((1, *shape), tf.float32, name="image")], verbose=False)
        yield folder


def main() -> int:
    """Command line entry point."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    parser = argparse.ArgumentParser(description="Export the trained face detector.")
    parser.add_argument("--config", type=Path, default=DETECTOR_CONFIG)
    config = load_detector_config(parser.parse_args().config)
    data = shared_data()
    WEIGHTS.mkdir(exist_ok=True)
    convert(trained(config), representatives(data), files.int8_path(config))
    convert_halved(trained_points(config), (SIDE, SIDE, 1), files.points_path(config))
    for name, log in (("first look", "log.csv"), ("second look", "points.csv")):
        source = files.run_folder(config) / log
        shutil.copyfile(source, CARDS / f"{files.stem(config)}.{name.replace(' ', '-')}.csv")
    return 0


if __name__ == "__main__":
    run_command(main)
