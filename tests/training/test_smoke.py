"""The whole recipe in small, on the real data: train, stop, resume, export, run."""

import csv
import dataclasses
import pathlib

import numpy as np
import pytest

from models_store.training import checkpoint, train
from models_store.training.config import ModelConfig, PhaseConfig, RunConfig, load_config
from models_store.training.data import evaluation
from models_store.training.export import export_model
from models_store.training.files import sha256
from models_store.training.metrics import expected_years
from models_store.training.paths import DEFAULT_CONFIG
from vision.calibration import softmax
from vision.manifest import Manifest, Weights
from vision.runtimes.litert import LiteRTRuntime

pytestmark = [pytest.mark.shared, pytest.mark.slow]


def tiny(epochs: int) -> RunConfig:
    """A hundredth of the released run."""
    config = load_config(DEFAULT_CONFIG)
    schedule = dataclasses.replace(config.schedule, epochs=epochs, steps_per_epoch=150, decay_epochs=1, ema_decay=0.95)
    phase = PhaseConfig(0, 64, batch_ferplus=32, batch_utkface=32, emotion=1.0, age=0.7, gender=0.7)
    model = ModelConfig((8, 16, 32, 48), (1, 1, 1, 1), 0.0)
    return dataclasses.replace(config, schedule=schedule, model=model, phases=(phase,))


def test_the_recipe_learns_from_the_real_data_and_its_export_answers_alike(
    shared: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    from models_store.training.model import build_model

    data = shared / "data"
    train.train(tiny(1), data, tmp_path)
    train.train(tiny(2), data, tmp_path)  # goes on where the first run stopped
    with (tmp_path / "log.csv").open(newline="") as stream:
        first, last = ({name: float(value) for name, value in row.items()} for row in csv.DictReader(stream))
    assert (first["epoch"], last["epoch"]) == (1, 2)
    assert last["loss_total"] < first["loss_total"]
    assert last["age_mae"] < 15, "better than always naming the median age"
    assert last["gender_accuracy"] > 0.6
    assert last["emotion_accuracy"] > 0.4, "better than always naming neutral"

    model = build_model(tiny(2).model)
    model.set_weights(checkpoint.load_arrays(tmp_path / "best.npz")["average"])
    people = evaluation.portraits(data, "valid")
    int8 = tmp_path / "int8.tflite"
    export_model(model, people.images[:100], int8)
    runtime = LiteRTRuntime(Manifest("smoke", "1", {"litert": Weights(int8, sha256(int8))}))
    reference = expected_years(softmax(model.predict(people.images, verbose=0)["age"]))
    served = expected_years(softmax(runtime.run(people.images)["age"]))
    assert np.abs(served - reference).mean() < 1.0
