"""The committed weights, manifest, record and card belong together."""

import pathlib
import re
import tomllib
from typing import Any

import pytest

from models_store.training import card, card_detected, card_quality, release
from models_store.training.config import load_config
from models_store.training.data.utkface import RACES
from models_store.training.detection.config import load_detector_config
from models_store.training.files import calibration_path, keras_path
from models_store.training.measure import goals, record
from models_store.training.measure.pictures import PICTURES
from models_store.training.paths import CARDS, DEFAULT_CONFIG, DETECTOR_CONFIG, STORE
from vision.calibration import Calibration
from vision.manifest import load_manifest


def test_the_manifest_is_what_its_command_writes() -> None:
    written = release.manifest_text(load_config(DEFAULT_CONFIG)) + release.detector_text(
        load_detector_config(DETECTOR_CONFIG)
    )
    assert release.MANIFEST.read_text(encoding="utf-8") == written


@pytest.mark.parametrize("kind", ["litert", "tensorflow", "calibration"])
def test_the_engine_accepts_every_file(kind: str) -> None:
    assert load_manifest().weights(kind).verified().is_file()


@pytest.mark.parametrize("kind", ["litert", "points", "choice"])
def test_the_engine_accepts_every_file_of_the_detector(kind: str) -> None:
    detector = load_manifest().detector
    assert detector is not None
    assert detector.weights(kind).verified().is_file()


def test_all_weights_together_stay_below_six_megabytes() -> None:
    papers = load_manifest()
    assert papers.detector is not None
    files = [*papers.files.values(), *papers.detector.files.values()]
    assert sum(entry.path.stat().st_size for entry in files) < 6_000_000


def test_the_engine_reads_the_calibration() -> None:
    calibration = Calibration.load(calibration_path(load_config(DEFAULT_CONFIG)))
    assert 0.5 <= calibration.gender_threshold < 1
    assert 0 < calibration.emotion_threshold < 1
    assert all(0.5 < quantile < 5 for quantile in calibration.age_quantiles)


def test_the_card_is_what_its_command_writes() -> None:
    manifest = tomllib.loads((STORE / "manifest.toml").read_text(encoding="utf-8"))
    document = record.load(CARDS / "metrics.json")
    assert document["model"] == load_manifest().model_version
    assert card.CARD.read_text(encoding="utf-8") == card.card(
        manifest, document, goals.extras(load_manifest()), card_detected.recorded(), card_quality.recorded()
    )


def test_the_pictures_of_the_card_are_beside_it() -> None:
    linked = re.findall(r"!\[[^]]+\]\(([^)]+)\)", card.CARD.read_text(encoding="utf-8"))
    assert sorted(linked) == sorted(f"facetrio.{part}.png" for part in PICTURES)
    for name in linked:
        assert (CARDS / name).read_bytes().startswith(b"\x89PNG")


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


DOCUMENT = record.load(CARDS / "metrics.json")
TEST_FACES = {"FER+": 3_137, "UTKFace": 1_841}


def figures_in(value: object) -> list[dict[str, Any]]:
    """Every figure of a document, however deep."""
    if isinstance(value, dict):
        if set(value) == {"value", "low", "high", "n", "better"}:
            return [value]
        return [figure for item in value.values() for figure in figures_in(item)]
    return [figure for item in value for figure in figures_in(item)] if isinstance(value, list) else []


def test_the_record_has_its_schema() -> None:
    assert set(DOCUMENT) == {"schema", "model", "figures", "plots", "fairness"}
    assert set(DOCUMENT["figures"]) == {
        f"{name} {split}, {head}"
        for name, head in (("FER+", "emotion"), ("UTKFace", "age"), ("UTKFace", "gender"))
        for split in ("valid", "test")
    }
    plots = DOCUMENT["plots"]
    assert set(plots) == {"confusion", "reliability", "risk_coverage", "age_error", "age_decades", "tolerance"}
    assert set(plots["reliability"]) == {"emotion", "emotion_votes", "gender"}
    assert set(plots["risk_coverage"]) == {"emotion", "gender", "age"}
    assert set(plots["tolerance"]) == {"shift", "scale", "rotation", "blur", "jpeg"}
    assert set(DOCUMENT["fairness"]) == {"rows", "summary"}


def test_every_figure_of_the_record_is_one() -> None:
    figures = figures_in(DOCUMENT)
    assert len(figures) > 500
    for figure in figures:
        assert figure["better"] in {"higher", "lower", "neither"}
        assert figure["n"] > 0
        assert figure["low"] <= figure["high"]


def test_the_parts_of_the_record_agree() -> None:
    plots, emotion = DOCUMENT["plots"], DOCUMENT["figures"]["FER+ test, emotion"]
    counts = plots["confusion"]["counts"]
    assert sum(map(sum, counts)) == TEST_FACES["FER+"]
    right = sum(row[at] for at, row in enumerate(counts))
    assert right / TEST_FACES["FER+"] == pytest.approx(emotion["accuracy, official"]["value"], abs=1e-5)
    for head in ("emotion", "emotion_votes"):
        bins = plots["reliability"][head]
        error = sum(entry["n"] * abs(entry["right"] - entry["confidence"]) for entry in bins) / TEST_FACES["FER+"]
        name = "ECE against votes" if head == "emotion_votes" else "ECE against the majority"
        assert error == pytest.approx(emotion[name]["value"], abs=1e-4)
    for head, name in (("emotion", "FER+"), ("gender", "UTKFace")):
        served = plots["risk_coverage"][head]["served"]
        figures = DOCUMENT["figures"][f"{name} test, {head}"]
        assert served["coverage"] == pytest.approx(1 - figures["not sure"]["value"], abs=2e-5)
        assert served["risk"] == pytest.approx(1 - figures["accuracy when sure"]["value"], abs=2e-5)
    assert sum(row["n"] for row in plots["age_error"]) == TEST_FACES["UTKFace"]
    assert sum(row["n"] for row in plots["age_decades"]) == TEST_FACES["UTKFace"]


def test_the_fairness_table_agrees_with_the_figures() -> None:
    rows = {(row["race"], row["gender"], row["band"]): row for row in DOCUMENT["fairness"]["rows"]}
    everybody = rows["all", "all", "all"]
    age, gender = (DOCUMENT["figures"][f"UTKFace test, {head}"] for head in ("age", "gender"))
    assert everybody["n"] == TEST_FACES["UTKFace"]
    assert everybody["mae"] == age["MAE"]
    assert everybody["gender_accuracy"]["value"] == gender["accuracy, age 3+"]["value"]
    assert sum(rows[race, "all", "all"]["n"] for race in RACES) == TEST_FACES["UTKFace"]
    assert rows["all", "all", "60+"]["bias"]["value"] == age["bias, age 60+"]["value"]


def test_each_tolerance_curve_has_its_neutral_point_in_order() -> None:
    for curve in DOCUMENT["plots"]["tolerance"].values():
        amounts = [point["amount"] for point in curve["points"]]
        assert amounts == sorted(set(amounts))
        assert curve["neutral"] in amounts
        assert all(point["age_mae"]["n"] >= 600 and point["emotion_accuracy"]["n"] >= 600 for point in curve["points"])


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
