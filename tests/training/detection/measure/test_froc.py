"""Recall against false boxes a photo, and its intervals."""

from collections.abc import Callable

import numpy as np
import pytest

from models_store.training.detection.measure import froc
from models_store.training.detection.measure.answers import Answers, ask
from models_store.training.detection.scenes import Scene
from vision.detectors import Detection

Find = Callable[..., list[Detection]]
WRONG = (150.0, 150.0, 40.0, 40.0)


@pytest.fixture
def answers(photos: list[Scene], detections: Find, scripted: type) -> Answers:
    """Photo 2 to 6 find their face with scores 0.9 down to 0.5, photo 7 does not; photos 5 and 9 have a false box."""
    said = []
    for at, photo in enumerate(photos):
        found = [(1.1 - at / 10, tuple(photo.boxes[0]))] if 2 <= at <= 6 else []
        found += [({5: 0.75, 9: 0.55}[at], WRONG)] if at in {5, 9} else []
        said.append(detections(*found))
    return ask(photos, scripted(*said))


def test_the_parts_are_told_apart(answers: Answers) -> None:
    assert len(answers.wanted.hit) == 6
    assert answers.wanted.hit.tolist() == pytest.approx([0.9, 0.8, 0.7, 0.6, 0.5, float("nan")], nan_ok=True)
    assert answers.wanted.photo.tolist() == [2, 3, 4, 5, 6, 7]
    assert len(answers.small.hit) == 2
    assert answers.masked.tolist() == [True, True, False]
    assert answers.faceless.sum() == 4
    assert answers.false.sum() == 2


@pytest.mark.parametrize(
    ("rate", "recall"),
    [(0.0, 2 / 6), (0.08, 2 / 6), (1 / 12, 4 / 6), (0.1, 4 / 6), (2 / 12, 5 / 6), (1.0, 5 / 6)],
)
def test_the_threshold_lets_as_many_false_boxes_pass_as_allowed(answers: Answers, rate: float, recall: float) -> None:
    alone = froc.Draws(np.ones((1, 12)))
    limits = froc.thresholds(answers, alone, rate)
    assert froc.false_rate(answers, alone, limits)[0] <= rate
    assert alone.share(answers.wanted, limits)[0] == pytest.approx(recall)


def test_without_false_boxes_everything_may_stay(photos: list[Scene], scripted: type) -> None:
    quiet = ask(photos, scripted([]))
    assert froc.threshold(quiet) == -np.inf
    alone = froc.Draws(np.ones((1, 12)))
    assert alone.share(quiet.wanted, np.array([-np.inf])).tolist() == [0.0]  # what was missed is never found


def test_equal_scores_stay_or_go_together(photos: list[Scene], detections: Find, scripted: type) -> None:
    tied = ask(photos, scripted(detections((0.5, WRONG))))
    assert froc.threshold(tied) > 0.5


def test_a_photo_drawn_twice_counts_twice(answers: Answers) -> None:
    weights = np.ones((1, 12))
    weights[0, 5] = 2  # its false box stands for two: none is allowed at 0.1 of 13 photos
    doubled = froc.Draws(weights)
    limits = froc.thresholds(answers, doubled, 0.1)
    assert froc.false_rate(answers, doubled, limits)[0] == 0
    assert doubled.share(answers.wanted, limits)[0] == pytest.approx(2 / 7)


def test_false_boxes_are_counted_by_kind_of_photo(answers: Answers) -> None:
    alone = froc.Draws(np.ones((1, 12)))
    assert froc.false_rate(answers, alone, np.array([0.5]), answers.faceless)[0] == pytest.approx(1 / 4)
    assert froc.false_rate(answers, alone, np.array([0.6]), answers.faceless)[0] == 0


def test_the_curve_climbs_to_all_that_was_found_and_marks_what_serves(answers: Answers) -> None:
    drawn = froc.curve(answers, 0.58)
    assert drawn["false"] == sorted(drawn["false"])
    assert drawn["recall"] == sorted(drawn["recall"])
    assert (drawn["false"][0], drawn["recall"][0]) == (0, pytest.approx(2 / 6))
    assert (drawn["false"][-1], drawn["recall"][-1]) == (pytest.approx(2 / 12), pytest.approx(5 / 6))
    assert drawn["served"] == {"false": pytest.approx(1 / 12), "recall": pytest.approx(4 / 6)}


def test_intervals_hold_the_value_and_are_the_same_each_time(answers: Answers) -> None:
    draws = froc.Draws.of(12)
    shares = draws.share(answers.wanted, froc.thresholds(answers, draws))
    one, again = (froc.figure(shares, 6, "higher") for _ in range(2))
    assert one == again
    assert one is not None
    assert one.low < one.value < one.high
    assert froc.figure(shares, 0, "higher") is None
    assert froc.figure(np.full(1001, np.nan), 6, "higher") is None
