"""Measures against values worked out by hand."""

import numpy as np
import pytest

from models_store.training import metrics

TABLE = metrics.confusion(np.array([0, 0, 0, 0, 1, 1]), np.array([0, 0, 0, 1, 1, 2]), 3)


def test_confusion_counts_true_rows_and_predicted_columns() -> None:
    assert TABLE.tolist() == [[3, 1, 0], [0, 1, 1], [0, 0, 0]]


def test_recall_is_undefined_for_a_class_that_does_not_occur() -> None:
    found = metrics.recalls(TABLE)
    assert found[:2].tolist() == [0.75, 0.5]
    assert np.isnan(found[2])


def test_balanced_accuracy_is_the_mean_recall() -> None:
    assert metrics.balanced_accuracy(TABLE) == pytest.approx(0.625)


def test_macro_f1_by_hand() -> None:
    # class 0: 2*3/(3+4); class 1: 2*1/(2+2)
    assert metrics.macro_f1(TABLE) == pytest.approx((6 / 7 + 0.5) / 2)


def test_honest_confidence_has_no_calibration_error() -> None:
    confidence = np.full(100, 0.75)
    truth = np.tile([1, 1, 1, 0], 25)
    assert metrics.calibration_error(confidence, truth, bins=5) == pytest.approx(0)


def test_overconfidence_is_the_gap() -> None:
    assert metrics.calibration_error(np.full(50, 0.9), np.tile([1, 0], 25), bins=5) == pytest.approx(0.4)


def test_cross_entropy_by_hand() -> None:
    p = np.array([[0.5, 0.25, 0.25]])
    assert metrics.cross_entropy(p, np.array([[0.0, 1.0, 0.0]])) == pytest.approx([np.log(4)])


def test_expected_years() -> None:
    p = np.zeros((1, 101))
    p[0, [20, 40]] = 0.25, 0.75
    assert metrics.expected_years(p) == pytest.approx([35])


def test_the_bootstrap_interval_of_a_mean_is_about_two_standard_errors() -> None:
    values = np.random.default_rng(3).normal(10, 2, 400)
    figure = metrics.mean_figure(values, "higher")
    error = values.std() / 20
    assert figure.value == pytest.approx(values.mean())
    assert figure.low == pytest.approx(values.mean() - 1.96 * error, abs=0.05)
    assert figure.high == pytest.approx(values.mean() + 1.96 * error, abs=0.05)
    assert figure.n == 400


def test_the_bootstrap_is_repeatable() -> None:
    values = np.arange(50.0)
    assert metrics.mean_figure(values, "lower") == metrics.mean_figure(values, "lower")


def test_the_bootstrap_of_a_mean_is_that_of_any_statistic() -> None:
    values = np.random.default_rng(5).random(60)
    one_by_one = metrics.bootstrap(lambda rows: float(values[rows].mean()), 60, "lower")
    at_once = metrics.mean_figure(values, "lower")
    assert (at_once.low, at_once.high) == (pytest.approx(one_by_one.low), pytest.approx(one_by_one.high))


def test_resampled_rows_are_with_replacement_and_cannot_be_spoilt() -> None:
    rows = metrics.resampled_rows(40)
    assert rows.shape == (metrics.RESAMPLES, 40)
    assert (rows.min(), rows.max()) == (0, 39)
    assert len(np.unique(rows[0])) < 40
    with pytest.raises(ValueError, match="read-only"):
        rows[0, 0] = 1


def test_resamples_on_which_a_statistic_is_undefined_are_left_out() -> None:
    assert metrics.interval([np.nan, 2.0, 2.0]) == (2.0, 2.0)


def test_brier_by_hand() -> None:
    # (0.5 - 1)^2 + 0.25^2 + 0.25^2
    p = np.array([[0.5, 0.25, 0.25], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    truth = metrics.one_hot(np.array([0, 0, 2]), 3)
    assert metrics.brier(p, truth).tolist() == pytest.approx([0.375, 0.0, 2.0])


def test_wilson_by_hand() -> None:
    # 8 of 10; the textbook's interval (Newcombe 1998, method 3, worked with z = 1.96)
    assert metrics.wilson(0.8, 10) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_wilson_has_no_width_of_nothing_at_the_ends(share: float) -> None:
    low, high = metrics.wilson(share, 20)
    assert 0 <= low < high <= 1
    assert high - low == pytest.approx(metrics.NORMAL_95**2 / (20 + metrics.NORMAL_95**2))


def test_calibration_error_weighs_bins_by_their_faces() -> None:
    # two bins of two: gaps |1 - 0.6| and |0.5 - 0.9|, each of half of the faces
    confidence, truth = np.array([0.6, 0.6, 0.9, 0.9]), np.array([1, 1, 0, 1])
    assert metrics.calibration_error(confidence, truth, bins=2) == pytest.approx(0.4)
