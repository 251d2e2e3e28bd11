"""Turn a run's best weights into the files of a release: `python -m models_store.training.export`.

Writes the Keras reference, the int8 TFLite network, and the learning curve with its log; then measures, on the
validation splits, how far the int8 network is from the reference (`cards/parity.json`).
"""

import argparse
import json
import os
import shutil
import tempfile
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from models_store.training import checkpoint
from models_store.training.config import RunConfig, load_config
from models_store.training.errors import UserError, run_command
from models_store.training.files import int8_path, keras_path, run_folder
from models_store.training.paths import CARDS, DEFAULT_CONFIG, WEIGHTS, shared_data
from vision.preprocessing import INPUT_SIZE, Batch

REPRESENTATIVES: Final = 150
"""Faces of each data set that set the int8 ranges."""


def export_model(model: Any, representatives: Batch, int8: Path) -> None:
    """Write `model` as TFLite: int8 inside with float32 in and out.

    `representatives` float32 (N, S, S, 1) set the ranges of the activations. Goes through a SavedModel, because
    the converter's own Keras path does not read Keras 3 (keras issue 19108).
    """
    import tensorflow as tf

    shape = (None, INPUT_SIZE, INPUT_SIZE, 1)
    with tempfile.TemporaryDirectory() as folder:
        signature = [tf.TensorSpec(shape, tf.float32, name="image")]
        model.export(folder, input_signature=signature, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: ([face[None]] for face in representatives)
        int8.write_bytes(converter.convert())


def save_reference(model: Any, path: Path) -> None:
    """Save `model` as a Keras file of less than half the size: weights rounded to float16, then compressed.

    A .keras file is a zip archive; Keras reads compressed entries as well. Rounding moves a weight by at most one part
    in 2048, which changes no figure, and leaves 13 of each 32 bits zero.
    """
    exact = model.get_weights()
    model.set_weights([weight.astype("float16").astype("float32") for weight in exact])
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / path.name
        model.save(plain)
        with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as target:
            for name in source.namelist():
                target.writestr(zipfile.ZipInfo(name), source.read(name), zipfile.ZIP_LZMA)
    model.set_weights(exact)


def representatives(data: Path, config: RunConfig) -> Batch:
    """Training faces of both data sets as the network sees them, without augmentation: (2 x REPRESENTATIVES, ...)."""
    import numpy as np

    from models_store.training.data import ferplus, splits, utkface
    from vision.preprocessing import crop_square, standardise

    rng = np.random.default_rng(config.seed)
    fer, utk = ferplus.load(data, "train").images, splits.utkface_train(data).chips
    fer = fer[rng.choice(len(fer), REPRESENTATIVES, replace=False)]
    utk = utk[rng.choice(len(utk), REPRESENTATIVES, replace=False)]
    side = float(fer.shape[1])
    faces = np.stack([crop_square(image, 0, 0, side, INPUT_SIZE) for image in fer])
    return np.concatenate([standardise(faces), standardise(utkface.reframe(utk))])


def made_with() -> list[str]:
    """Names and versions of the libraries that a release's numbers depend on."""
    names = ("keras", "tensorflow-cpu", "numpy", "opencv-python-headless")
    return [f"{name} {metadata.version(name)}" for name in names]


def best_model(config: RunConfig) -> Any:
    """The plain Keras model with the moving average of the best epoch. Raises `UserError` before training."""
    path = run_folder(config) / "best.npz"
    if not path.is_file():
        raise UserError(f"there is no {path}: run python -m models_store.training.train first")
    from models_store.training.model import build_model

    model = build_model(config.model)
    model.set_weights(checkpoint.load_arrays(path)["average"])
    return model


def main() -> int:
    """Command line entry point."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    parser = argparse.ArgumentParser(description="Export the best weights of a run.")
    parser.add_argument("--config", type=Path, default=DEFAULT_CONFIG)
    config, data = load_config(parser.parse_args().config), shared_data()
    model = best_model(config)
    from models_store.training import curve, parity

    WEIGHTS.mkdir(exist_ok=True)
    save_reference(model, keras_path(config))
    export_model(model, representatives(data, config), int8_path(config))
    log = CARDS / f"{config.name}-{config.version}.log.csv"
    shutil.copyfile(run_folder(config) / "log.csv", log)
    curve.draw(log, log.with_name(f"{config.name}-{config.version}.curve.png"))
    document = parity.measure(model, config, data) | {"made_with": made_with()}
    text = json.dumps(document, indent=2) + "\n"
    (CARDS / "parity.json").write_text(text, encoding="utf-8")
    print(text, end="")
    return 0


if __name__ == "__main__":
    run_command(main)
