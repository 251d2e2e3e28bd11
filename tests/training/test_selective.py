"""Risk-coverage curves against values worked out by hand."""

import numpy as np
import pytest

from models_store.training.measure import selective
from models_store.training.measure.answers import GenderAnswers

CONFIDENCE = np.array([0.9, 0.6, 0.8, 0.7])
LOSS = np.array([0.0, 1.0, 1.0, 0.0])
"""In order of confidence: 0, 1, 0, 1."""


def test_risk_is_the_mean_loss_of_the_most_confident() -> None:
    assert selective.risks(CONFIDENCE, LOSS).tolist() == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])


def test_the_area_is_the_mean_risk() -> None:
    assert selective.area(CONFIDENCE, LOSS).value == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_faces_of_equal_confidence_share_their_loss_in_any_order() -> None:
    confidence = np.array([0.9, 0.5, 0.5])
    for loss in ([0.0, 1.0, 0.0], [0.0, 0.0, 1.0]):
        assert selective.risks(confidence, loss).tolist() == pytest.approx([0, 1 / 4, 1 / 3])


def test_foreseen_errors_have_a_smaller_area_than_surprising_ones() -> None:
    confidence = np.linspace(1, 0, 100)
    wrong = np.arange(100) >= 80
    assert selective.area(confidence, wrong).value < 0.03
    assert selective.area(confidence, wrong[::-1]).value > 0.4


def test_the_curve_ends_at_everybody_and_shows_who_is_answered() -> None:
    answered = np.array([True, False, True, False])
    curve = selective.curve(CONFIDENCE, LOSS, answered)
    assert curve["coverage"] == [0.25, 0.5, 0.75, 1.0]
    assert curve["risk"] == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert curve["served"] == {"coverage": 0.5, "risk": 0.5}


def test_a_long_curve_is_thinned_to_forty_points() -> None:
    curve = selective.curve(np.random.default_rng(0).random(1000), np.ones(1000))
    assert len(curve["coverage"]) == selective.POINTS
    assert curve["coverage"] == sorted(curve["coverage"])
    assert curve["served"] is None


def test_faces_read_as_too_young_come_last_so_that_what_is_served_lies_on_the_curve() -> None:
    probability = np.array([0.99, 0.95, 0.6, 0.9])
    too_young = np.array([True, False, False, False])
    answers = GenderAnswers(
        ages=np.array([1.0, 30, 30, 30]),
        female=np.array([False, True, False, True]),
        probability=probability,
        answered=np.array([False, True, False, True]),
        due=~too_young,
        too_young=too_young,
    )
    order = np.argsort(-selective.gender_rank(answers))
    assert order.tolist() == [1, 3, 2, 0]
    curve = selective.curve(selective.gender_rank(answers), ~answers.right, answers.answered)
    at = curve["coverage"].index(curve["served"]["coverage"])
    assert curve["risk"][at] == curve["served"]["risk"]
