"""From logits to honest answers."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.vision.conftest import CALIBRATION
from vision.calibration import SCHEMA, Calibration, conformal_interval, softmax
from vision.errors import ModelIncompatibleError
from vision.labels import EMOTIONS
from vision.quality.rules import Rule
from vision.types import Age

logits = hnp.arrays(np.float32, (3, 101), elements=st.floats(-30, 30, width=32))


def age_logits(years: int) -> np.ndarray:
    values = np.full((1, 101), -60.0, dtype=np.float32)
    values[0, years] = 60.0
    return values


@given(logits)
def test_an_age_lies_in_its_interval_and_in_a_human_life(values: np.ndarray) -> None:
    for age in CALIBRATION.ages(values):
        assert 0 <= age.low <= age.years + 1e-9
        assert age.years - 1e-9 <= age.high <= 116


@given(hnp.arrays(np.float32, (2, 8), elements=st.floats(-80, 80, width=32)))
def test_probabilities_sum_to_one_in_the_order_of_the_classes(values: np.ndarray) -> None:
    for emotion in CALIBRATION.emotions(values):
        assert tuple(emotion.probabilities) == EMOTIONS
        assert sum(emotion.probabilities.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("years", "sigma", "low", "high"),
    [
        (10.0, 1.0, 9.0, 11.0),  # all groups but its own are out of reach
        (30.0, 1.0, 28.0, 32.0),
        (21.0, 2.0, 19.0, 25.0),  # 17 to 25 by its own quantile of 2, cut at 20; below 20 the quantile is 1
        (38.0, 2.0, 34.0, 44.0),  # above 40 the quantile is 3
        (50.0, 4.0, 40.0, 62.0),  # ages under 40 would need |y - 50| <= 8
    ],
)
def test_the_interval_holds_every_age_that_its_own_group_does_not_rule_out(
    years: float, sigma: float, low: float, high: float
) -> None:
    ends = conformal_interval(np.array([years]), np.array([sigma]), (20.0, 40.0), (1.0, 2.0, 3.0))
    assert [float(end[0]) for end in ends] == [low, high]


def test_a_sure_estimate_gets_the_floor_of_sigma() -> None:
    (age,) = CALIBRATION.ages(age_logits(30))
    assert (age.low, age.high) == pytest.approx((28, 32))


def test_gender_is_not_sure_between_the_thresholds_and_for_the_very_young() -> None:
    values = np.array([[4.0], [-4.0], [0.5], [4.0]], dtype=np.float32)
    ages = [Age(30, 20, 40)] * 3 + [Age(2.5, 1, 4)]
    labels = [gender.label for gender in CALIBRATION.genders(values, ages)]
    assert labels == ["female", "male", None, None]
    assert all(0.5 <= gender.confidence <= 1 for gender in CALIBRATION.genders(values, ages))


def test_an_expression_under_its_threshold_is_not_sure_but_keeps_its_probabilities() -> None:
    sure, unsure = CALIBRATION.emotions(np.array([[0, 5, 0, 0, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0, 0, 0]], np.float32))
    assert sure.label == "happiness"
    assert unsure.label is None
    assert unsure.probabilities["happiness"] > 0.1


STRICT = dataclasses.replace(
    CALIBRATION, quality={"blurred": Rule(0.2, 1.5, 0.99, 0.97), "cut_off": Rule(0.3, 1.25), "too_dark": Rule(0.1)}
)


def test_faces_that_are_hard_to_read_get_wider_intervals_and_the_good_ones_keep_theirs() -> None:
    values = np.repeat(age_logits(30), 4, axis=0)
    good, blurred, both, dark = STRICT.ages(values, [(), ("blurred",), ("cut_off", "blurred"), ("too_dark",)])
    (plain,) = CALIBRATION.ages(age_logits(30))
    assert good == dark == plain
    assert (blurred.years, blurred.widening) == (plain.years, 1.5)
    assert (blurred.low, blurred.high) == pytest.approx((27, 33))
    assert both == blurred


def test_a_wider_interval_stays_within_a_human_life() -> None:
    values = np.concatenate([age_logits(0), age_logits(100)])
    young, old = STRICT.ages(values, [("blurred",)] * 2)
    assert young.low == 0
    assert old.high <= 116


def test_more_is_asked_of_answers_about_faces_that_are_hard_to_read() -> None:
    ages = [Age(30, 20, 40)] * 3
    reasons = [(), ("blurred",), ("cut_off",)]
    logits_of_98 = np.full((3, 1), 4.0, dtype=np.float32)
    assert [gender.label for gender in STRICT.genders(logits_of_98, ages, reasons)] == ["female", None, "female"]
    rows = np.zeros((3, 8), np.float32)
    rows[:, 1] = 5.0  # happiness with 0.95
    assert [emotion.label for emotion in STRICT.emotions(rows, reasons)] == ["happiness", None, "happiness"]


def test_a_higher_temperature_flattens() -> None:
    values = np.array([[0.0, 1.0, 2.0]])
    assert softmax(values, 3.0).max() < softmax(values, 1.0).max()


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    good: dict[str, object] = {
        "schema": SCHEMA,
        "age": {"temperature": 1, "sigma_floor": 1, "edges": [20], "quantiles": [1, 2]},
        "gender": {"temperature": 1, "threshold": 0.8, "min_years": 3},
        "emotion": {"temperature": 1, "threshold": 0.5},
    }
    path.write_text(json.dumps(good))
    assert Calibration.load(path).age_quantiles == (1, 2)
    assert Calibration.load(path).quality == {}
    path.write_text(json.dumps(good | {"quality": {"blurred": {"limit": 0.2, "age_widening": 1.5}}}))
    assert Calibration.load(path).quality == {"blurred": Rule(0.2, 1.5)}
    strange: dict[str, object] = {"quality": {"ugly": {"limit": 1}}}
    without_groups: dict[str, object] = {"age": {"temperature": 1, "sigma_floor": 1, "edges": [], "quantiles": [1, 2]}}
    for wrong in (good | {"schema": SCHEMA - 1}, good | without_groups, good | strange, {"schema": SCHEMA}):
        path.write_text(json.dumps(wrong))
        with pytest.raises(ModelIncompatibleError):
            Calibration.load(path)
