"""The figures of a detector, each from answers whose figures are known."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from models_store.training.detection.measure import figures as figures_of
from models_store.training.detection.measure import goals, tables
from models_store.training.detection.measure.answers import Answers, ask
from models_store.training.detection.scenes import Scene
from models_store.training.metrics import Figure
from vision.detectors import Detection

Find = Callable[..., list[Detection]]
WRONG = (150.0, 150.0, 40.0, 40.0)


@pytest.fixture
def answers(photos: list[Scene], detections: Find, scripted: type) -> Answers:
    """Each even photo's face is found with landmarks, surer the later; photo 10, without faces, has a false box."""
    said = []
    for at, photo in enumerate(photos):
        found = [(0.5 + at / 100, tuple(photo.boxes[0]))] if at < 8 and at % 2 == 0 else []
        said.append(detections(*found, *([(0.3, WRONG)] if at == 10 else []), landmarks=True))
    return ask(photos, scripted(*said))


def test_every_figure_has_its_faces(answers: Answers) -> None:
    found = figures_of.figures(answers, shipped=0.53)
    assert found["recall at 0.1 false boxes a photo"].value == pytest.approx(3 / 6)
    assert found["recall as shipped"].value == pytest.approx(2 / 6)
    assert found["recall of hand-drawn boxes at 0.1 false boxes a photo"].value == pytest.approx(2 / 3)
    assert found["recall of hand-drawn boxes, with a mask"].value == pytest.approx(1 / 2)
    assert found["recall of hand-drawn boxes, without a mask"].value == 1
    assert found["false boxes on photos without faces at 0.1 false boxes a photo"].value == pytest.approx(1 / 4)
    assert found["false boxes on photos without faces as shipped"].value == 0
    assert found["recall, height 20-32"].value == pytest.approx(1 / 2)
    assert found["recall, height 48-96"].n == 6
    assert found["recall, photos of other/place"].value == 1
    assert found["recall, photos of one/place"].value == 0
    assert "recall, height 96+" not in found


def test_landmark_errors_are_shares_of_the_distance_between_the_eyes(answers: Answers) -> None:
    assert answers.eyes == pytest.approx(np.full(6, 16.0), rel=1e-5)  # 0.4 of 40 pixels
    exact = figures_of.figures(answers, 0.0)
    assert exact["landmark error"].value == pytest.approx(0, abs=1e-5)
    off = np.where(np.isnan(answers.points), np.nan, np.array([0, 0, 4.0, 0, 0]))
    found = figures_of.figures(replace(answers, points=off), 0.0)
    assert found["landmark error of the nose"].value == pytest.approx(0.25)
    assert found["landmark error"].value == pytest.approx(0.05)
    assert found["landmark error in shares of the face's size"].value == pytest.approx(0.8 / np.sqrt(2000))
    assert found["landmark error"].n == 3


def test_a_profile_is_left_out_of_the_error_of_faces_not_turned_far(answers: Answers) -> None:
    off = np.where(np.isnan(answers.points), np.nan, 1.6)
    eyes = answers.eyes.copy()
    eyes[0] = 1.6  # of the first face, which is found
    found = figures_of.figures(replace(answers, points=off, eyes=eyes), 0.0)
    assert found["landmark error, not turned far"].value == pytest.approx(0.1)
    assert found["landmark error"].value == pytest.approx((1 + 0.1 + 0.1) / 3)


def test_a_detector_without_landmarks_has_no_landmark_error(
    photos: list[Scene], detections: Find, scripted: type
) -> None:
    said = [detections(*[(0.9, tuple(box)) for box in photo.boxes]) for photo in photos]
    found = figures_of.figures(ask(photos, scripted(*said)), 0.0)
    assert not [name for name in found if name.startswith("landmark")]
    assert found["recall at 0.1 false boxes a photo"].value == 1
    assert len(goals.standings(found)) == len(goals.GOALS) - 1


@pytest.mark.parametrize(
    ("recall", "verdict"), [(0.84, "not met"), (0.85, "met"), (0.93, "met"), (0.94, "met, aim reached")]
)
def test_goals_are_those_of_the_issue(recall: float, verdict: str) -> None:
    found = {"recall at 0.1 false boxes a photo": Figure(recall, recall - 0.1, recall, 100, "higher")}
    assert goals.standings(found)[0].row()[4] == verdict


def test_every_goal_names_a_figure(answers: Answers) -> None:
    assert len(goals.standings(figures_of.figures(answers, 0.5))) == len(goals.GOALS)


def test_counts_and_shares_are_written_apart() -> None:
    figure = Figure(0.05, 0.01, 0.1, 40, "lower")
    assert tables.shown("recall as shipped", figure) == "5.0 % (1.0 to 10.0)"
    assert tables.shown("false boxes a photo as shipped", figure) == "0.050 (0.010 to 0.100)"
    assert tables.shown("recall", None) == "-"
