"""Calibration: temperatures, thresholds and intervals do what they promise."""

import json
import pathlib

import numpy as np
import pytest

from models_store.training import calibrate, conformal
from models_store.training.metrics import cross_entropy
from vision.calibration import SCHEMA, Calibration, softmax


def drawn_labels(logits: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One-hot labels drawn from softmax(logits)."""
    p = softmax(logits)
    chosen = (p.cumsum(axis=1) > rng.random((len(p), 1))).argmax(axis=1)
    return np.eye(p.shape[1])[chosen]


@pytest.mark.parametrize("factor", [0.5, 1.0, 2.5])
def test_the_temperature_that_spoilt_the_logits_is_found(factor: float) -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (20_000, 8))
    labels = drawn_labels(logits, rng)
    found = calibrate.fit_temperature(lambda t: float(cross_entropy(softmax(logits * factor, t), labels).mean()))
    assert found == pytest.approx(factor, rel=0.05)


def test_the_threshold_reaches_the_accuracy_wanted() -> None:
    rng = np.random.default_rng(0)
    confidence = rng.uniform(0.5, 1, 20_000)
    right = rng.random(20_000) < confidence
    threshold = calibrate.fit_threshold(confidence, right, (0.9, 0.1))
    # the mean of a uniform above t is (t + 1) / 2
    assert threshold == pytest.approx(0.8, abs=0.02)
    assert right[confidence >= threshold].mean() >= 0.9


def test_the_threshold_stops_where_too_few_would_be_answered() -> None:
    rng = np.random.default_rng(0)
    confidence = rng.uniform(0.5, 1, 20_000)
    right = rng.random(20_000) < 0.6
    threshold = calibrate.fit_threshold(confidence, right, (0.99, 0.8))
    assert (confidence >= threshold).mean() == pytest.approx(0.8, abs=0.02)


def aged_faces(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Logits (N, 101) and ages whose error grows with age, so that one quantile cannot fit all."""
    ages = rng.integers(1, 90, count).astype(float)
    seen = np.clip(ages + rng.standard_t(4, count) * (1 + 0.12 * ages), 0, 100)
    logits = -0.5 * ((np.arange(101) - seen[:, None]) / (2 + 0.03 * seen[:, None])) ** 2
    return logits, ages


def test_the_interval_covers_exchangeable_faces_of_every_age(tmp_path: pathlib.Path) -> None:
    rng = np.random.default_rng(7)
    valid, valid_ages = aged_faces(rng, 2000)
    held_out, held_out_ages = aged_faces(rng, 2000)
    fitted = calibrate.fit_age({"age": valid}, valid_ages, {"age": held_out}, held_out_ages)
    document = {
        "schema": SCHEMA,
        "age": fitted,
        "gender": {"temperature": 1.0, "threshold": 0.5, "min_years": 3.0},
        "emotion": {"temperature": 1.0, "threshold": 0.5},
    }
    path = tmp_path / "calibration.json"
    path.write_text(json.dumps(document))
    fresh, fresh_ages = aged_faces(rng, 20_000)
    answers = Calibration.load(path).ages(fresh)
    inside = np.array([age.low <= y <= age.high for age, y in zip(answers, fresh_ages, strict=True)])
    assert inside.mean() == pytest.approx(0.9, abs=0.02)
    groups = np.searchsorted(fitted["edges"], fresh_ages, side="right")
    covered = [inside[groups == group].mean() for group in range(len(fitted["edges"]) + 1)]
    assert min(covered) > fitted["level"] - 0.04, "every group of true ages keeps its level"


def test_the_quantile_is_the_conformal_rank() -> None:
    values = np.arange(1.0, 20.0)
    # n = 19: ceil(20 * 0.9) = 18th smallest
    assert conformal.quantiles(values, np.zeros(19), [], 0.9) == [18.0]


def test_too_few_faces_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        conformal.quantiles(np.arange(5.0), np.zeros(5), [], 0.9)


def test_thin_groups_join_a_neighbour() -> None:
    ages = np.concatenate(
        [np.full(30, 2.0), np.full(90, 8.0), np.full(200, 25.0), np.full(150, 35.0), np.full(40, 75.0)]
    )
    edges = conformal.group_edges(ages)
    assert edges == [13.0, 30.0]
    counts = np.bincount(np.searchsorted(edges, ages, side="right"))
    assert counts.min() >= conformal.LEAST


def test_infants_do_not_lend_children_their_certainty() -> None:
    ages = np.concatenate([np.full(150, 2.0), np.full(150, 8.0), np.full(200, 25.0)])
    assert conformal.group_edges(ages)[0] == 4.0
