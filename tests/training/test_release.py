"""The committed weights, manifest, record and card belong together."""

import json
import pathlib
import tomllib

import pytest

from models_store.training import card, record, release
from models_store.training.config import load_config
from models_store.training.files import calibration_path, keras_path
from models_store.training.paths import CARDS, DEFAULT_CONFIG, STORE
from vision.calibration import Calibration
from vision.manifest import load_manifest


def test_the_manifest_is_what_its_command_writes() -> None:
    assert release.MANIFEST.read_text(encoding="utf-8") == release.manifest_text(load_config(DEFAULT_CONFIG))


@pytest.mark.parametrize("kind", ["litert", "litert_float16", "tensorflow", "calibration"])
def test_the_engine_accepts_every_file(kind: str) -> None:
    assert load_manifest().weights(kind).verified().is_file()


def test_the_engine_reads_the_calibration() -> None:
    calibration = Calibration.load(calibration_path(load_config(DEFAULT_CONFIG)))
    assert 0.5 <= calibration.gender_threshold < 1
    assert 0 < calibration.emotion_threshold < 1
    assert all(0.5 < quantile < 5 for quantile in calibration.age_quantiles)


def test_the_card_is_what_its_command_writes() -> None:
    manifest = tomllib.loads((STORE / "manifest.toml").read_text(encoding="utf-8"))
    gaps = json.loads((CARDS / "parity.json").read_text(encoding="utf-8"))
    model, report = record.read(CARDS / "metrics.json")
    assert model == load_manifest().model_version
    assert card.CARD.read_text(encoding="utf-8") == card.card(manifest, report, gaps)


@pytest.mark.parametrize(
    ("title", "name", "least"),
    [
        ("FER+ test, emotion", "accuracy, official", 0.80),
        ("UTKFace valid, gender", "accuracy, age 3+", 0.88),
        ("UTKFace valid, age", "MAE", 7.5),
    ],
)
def test_the_record_reaches_the_goals_of_the_first_release(title: str, name: str, least: float) -> None:
    figure = record.read(CARDS / "metrics.json")[1][title][name]
    if figure.better == "lower":
        assert figure.value < least
    else:
        assert figure.value >= least


@pytest.mark.shared
@pytest.mark.slow
def test_int8_answers_like_its_keras_reference(shared: pathlib.Path) -> None:
    import keras

    from models_store.training import parity

    config = load_config(DEFAULT_CONFIG)
    gaps = parity.measure(keras.saving.load_model(keras_path(config), compile=False), config, shared / "data")
    assert abs(gaps["emotion_accuracy_points"]) <= 0.3
    assert abs(gaps["gender_accuracy_points"]) <= 0.3
    assert abs(gaps["age_mae_years"]) <= 0.1
