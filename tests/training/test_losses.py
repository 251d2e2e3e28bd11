"""Losses: values by hand, and labels that are missing cost nothing."""

import keras
import numpy as np
import pytest

from models_store.training import losses
from vision.labels import AGE_BINS


def value(tensor: object) -> float:
    return float(keras.ops.convert_to_numpy(tensor))


def test_age_targets_sum_to_one_and_centre_on_the_age() -> None:
    targets = keras.ops.convert_to_numpy(losses.age_targets(np.array([5.0, 50.0], np.float32)))
    bins = np.arange(AGE_BINS)
    assert targets.sum(axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert targets @ bins == pytest.approx([5, 50], abs=1e-3)
    spread = np.sqrt(targets @ bins**2 - (targets @ bins) ** 2)
    assert spread == pytest.approx([1.0, 4.0], abs=0.02)


def test_the_true_distribution_has_no_age_loss() -> None:
    years = np.array([30.0], np.float32)
    logits = keras.ops.log(losses.age_targets(years) + 1e-9)
    assert value(losses.age_loss(logits, years, np.ones(1, np.float32), l1=0.1)) == pytest.approx(0, abs=1e-3)


def test_l1_counts_years() -> None:
    years, weights = np.array([30.0], np.float32), np.ones(1, np.float32)
    logits = keras.ops.log(losses.age_targets(np.array([40.0], np.float32)) + 1e-9)
    with_l1 = value(losses.age_loss(logits, years, weights, l1=0.1))
    without = value(losses.age_loss(logits, years, weights, l1=0.0))
    assert with_l1 - without == pytest.approx(1.0, abs=0.01)


def test_people_over_100_count_as_100() -> None:
    logits = np.zeros((1, AGE_BINS), np.float32)
    logits[0, 100] = 20
    weights = np.ones(1, np.float32)
    old, oldest = (value(losses.age_loss(logits, np.array([y], np.float32), weights, l1=0.1)) for y in (100.0, 116.0))
    assert old == pytest.approx(oldest)


def test_gender_loss_by_hand() -> None:
    logits = np.array([[2.0], [-1.0]], np.float32)
    loss = losses.gender_loss(logits, np.array([1.0, 0.0], np.float32), np.ones(2, np.float32), smoothing=0.0)
    expected = (np.log1p(np.exp(-2.0)) + np.log1p(np.exp(-1.0))) / 2
    assert value(loss) == pytest.approx(expected, abs=1e-5)


def test_smoothing_punishes_certainty() -> None:
    one, logits = np.ones(1, np.float32), np.array([[12.0]], np.float32)
    smooth = value(losses.gender_loss(logits, one, one, smoothing=0.05))
    assert smooth == pytest.approx(0.025 * 12, abs=1e-3)


def test_emotion_loss_by_hand() -> None:
    votes = np.array([[0.75, 0.25, 0, 0, 0, 0, 0, 0]], np.float32)
    logits = np.log(np.array([[0.5, 0.3, 0.2 / 6] + [0.2 / 6] * 5], np.float32))
    expected = -(0.75 * np.log(0.5) + 0.25 * np.log(0.3))
    assert value(losses.emotion_loss(logits, votes, np.ones(1, np.float32))) == pytest.approx(expected, abs=1e-4)


def test_rows_without_the_label_do_not_count() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(4, 8)).astype(np.float32)
    votes = rng.dirichlet(np.ones(8), 4).astype(np.float32)
    some = value(losses.emotion_loss(logits, votes, np.array([1, 1, 0, 0], np.float32)))
    alone = value(losses.emotion_loss(logits[:2], votes[:2], np.ones(2, np.float32)))
    assert some == pytest.approx(alone, abs=1e-6)


def test_a_batch_without_any_label_costs_nothing() -> None:
    none = np.zeros(3, np.float32)
    logits = np.ones((3, AGE_BINS), np.float32)
    assert value(losses.age_loss(logits, none + 20, none, l1=0.1)) == 0
