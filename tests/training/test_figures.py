"""Which figures are published, on answers whose figures are known."""

import numpy as np
import pytest

from models_store.training.data.evaluation import Expressions, Portraits
from models_store.training.measure import figures, plots
from models_store.training.measure.age_groups import BANDS, DECADES, within
from models_store.training.measure.answers import AgeAnswers, EmotionAnswers, GenderAnswers
from vision.calibration import Calibration
from vision.labels import EMOTIONS

CALIBRATION = Calibration(1.0, 1.0, (), (1.645,), 1.0, 0.8, 3.0, 1.0, 0.6)
"""Every temperature 1; gender from 0.8 and 3 years, expressions from 0.6."""


def age_answers(truth: list[float], years: list[float], half: float = 5.0) -> AgeAnswers:
    """Answers with intervals of `half` a width on either side."""
    given, true = np.array(years), np.array(truth)
    return AgeAnswers(true, given, given - half, given + half, np.ones(len(true)))


def gender_answers() -> GenderAnswers:
    """Four faces, one of a child of 1; the last is wrong, the third not sure."""
    return GenderAnswers(
        ages=np.array([1.0, 14.0, 30.0, 40.0]),
        female=np.array([True, True, False, False]),
        probability=np.array([0.9, 0.9, 0.3, 0.95]),
        answered=np.array([False, True, False, True]),
        due=np.array([False, True, True, True]),
        too_young=np.array([True, False, False, False]),
    )


def emotion_answers() -> EmotionAnswers:
    """Two faces of every class; the first of each is answered rightly and surely, the second as neutral at 0.3."""
    labels = np.repeat(np.arange(8), 2)
    sure = np.eye(8)[labels] * 0.8 + 0.025
    unsure = np.full((16, 8), 0.1)
    unsure[:, 0] = 0.3
    first = (np.arange(16) % 2 == 0)[:, np.newaxis]
    p = np.where(first, sure, unsure)
    return EmotionAnswers(p, np.eye(8)[labels], labels, np.arange(16) == 15, p.max(axis=1) >= 0.6)


def test_every_age_has_one_band_and_one_decade() -> None:
    ages = np.arange(117.0)
    for groups in (BANDS, DECADES):
        assert (sum(within(ages, group).astype(int) for group in groups.values()) == 1).all()


def test_answers_are_what_the_engine_would_say() -> None:
    rng = np.random.default_rng(2)
    logits = {
        "age": rng.normal(0, 2, (40, 101)),
        "gender": rng.normal(0, 2, (40, 1)),
        "emotion": rng.normal(0, 2, (40, 8)),
    }
    logits = {name: values.astype(np.float32) for name, values in logits.items()}
    images = np.zeros((40, 64, 64, 1), np.float32)
    people = Portraits(images, np.arange(40, dtype=np.float32), np.arange(40) % 2 == 0)
    votes = np.tile(np.array([5, 5, 0, 0, 0, 0, 0, 0, 0, 0], np.uint8), (40, 1))
    faces = Expressions(images, votes, np.zeros(40, np.int64), np.zeros(40, np.bool_))
    served_ages = CALIBRATION.ages(logits["age"])
    served_genders = CALIBRATION.genders(logits["gender"], served_ages)
    served_emotions = CALIBRATION.emotions(logits["emotion"])
    age = AgeAnswers.of(logits, people, CALIBRATION)
    gender = GenderAnswers.of(logits, people, CALIBRATION)
    emotion = EmotionAnswers.of(logits, faces, CALIBRATION)
    assert age.years.tolist() == [served.years for served in served_ages]
    assert age.inside.tolist() == [s.low <= t <= s.high for s, t in zip(served_ages, range(40), strict=True)]
    assert gender.answered.tolist() == [served.label is not None for served in served_genders]
    assert gender.confidence == pytest.approx([served.confidence for served in served_genders])
    assert emotion.answered.tolist() == [served.label is not None for served in served_emotions]
    for at, served in enumerate(served_emotions):
        if served.label is not None:
            assert EMOTIONS[emotion.predicted[at]] == served.label


def test_emotion_figures_by_hand() -> None:
    values = {name: figure.value for name, figure in figures.emotion_figures(emotion_answers()).items()}
    # right: the first of each class and the second neutral one
    assert values["accuracy, official"] == pytest.approx(9 / 16)
    assert values["accuracy, clean of twins"] == pytest.approx(9 / 15)
    assert values["balanced accuracy"] == pytest.approx((1 + 7 * 0.5) / 8)
    assert values["recall of contempt"] == 0.5
    assert values["accuracy when sure"] == 1
    assert values["not sure"] == 0.5
    assert values["NLL against the majority"] == pytest.approx(
        -(8 * np.log(0.825) + np.log(0.3) + 7 * np.log(0.1)) / 16
    )
    sure, neutral, other = 7 * 0.025**2 + 0.175**2, 0.7**2 + 7 * 0.1**2, 0.9**2 + 0.3**2 + 6 * 0.1**2
    assert values["Brier against the majority"] == pytest.approx((8 * sure + neutral + 7 * other) / 16)


def test_age_figures_by_hand() -> None:
    truth = [2.0, 10, 12, 16, 26, 26, 35, 50, 70, *[44.0] * 100]
    years = [3.0, 14, 25, 18, 26, 30, 35, 44, 60, *[44.0] * 100]
    result = figures.age_figures(age_answers(truth, years))
    errors = [1, 4, 13, 2, 0, 4, 0, -6, -10, *[0] * 100]
    assert result["MAE"].value == pytest.approx(np.abs(errors).mean())
    assert result["bias"].value == pytest.approx(np.mean(errors))
    assert result["MAE, age 0-12"].value == pytest.approx(6)
    assert result["MAE without age 26"].value == pytest.approx(36 / 107)
    assert result["MAE without age 26"].n == 107
    assert result["within 5 years"].value == pytest.approx(106 / 109)
    assert result["bias, age 60+"].value == pytest.approx(-10)
    assert result["interval coverage, age 4-12"].value == 0.5
    assert result["interval width, age 4-12"].value == 10
    assert result["children (0-12) read as adults (20+)"].value == pytest.approx(1 / 3)


def test_the_least_coverage_is_that_of_the_worst_large_decade() -> None:
    truth = [*[25.0] * 100, *[35.0] * 120, *[85.0] * 99]
    years = [*[25.0] * 90, *[99.0] * 10, *[35.0] * 90, *[99.0] * 30, *[10.0] * 99]
    figure = figures.least_coverage(age_answers(truth, years))
    assert (figure.value, figure.n) == (0.75, 120)


def test_gender_figures_by_hand() -> None:
    values = {name: figure.value for name, figure in figures.gender_figures(gender_answers()).items()}
    assert values["accuracy, all ages"] == 0.75
    assert values["accuracy, age 3+"] == pytest.approx(2 / 3)
    assert values["accuracy, age 13+"] == pytest.approx(2 / 3)
    assert values["recall of male"] == 0.5
    assert values["accuracy when sure"] == 0.5
    assert values["not sure"] == 0.5
    assert values["Brier"] == pytest.approx(2 * (0.1**2 + 0.3**2 + 0.95**2) / 3)


def test_reliability_bins_hold_equally_many_in_ascending_confidence() -> None:
    confidence = np.linspace(0.5, 1, 30)[::-1]
    bins = plots.reliability(confidence, confidence >= 0.75, bins=3)
    assert [entry["n"] for entry in bins] == [10, 10, 10]
    assert [entry["right"] for entry in bins] == [0, 0.5, 1]
    assert bins[0]["confidence"] == pytest.approx(np.linspace(0.5, 1, 30)[:10].mean())
    assert all(entry["low"] <= entry["right"] <= entry["high"] for entry in bins)


def test_fewer_faces_than_bins_make_fewer_bins() -> None:
    assert len(plots.reliability(np.array([0.5, 0.6]), [1, 0])) == 2


def test_plots_agree_with_the_figures() -> None:
    age = age_answers([2.0, 10, 16, 26, 50, 70, *[44.0] * 100], [3.0, 14, 18, 26, 44, 60, *[44.0] * 100])
    drawn = plots.plots(emotion_answers(), age, gender_answers())
    published = figures.age_figures(age)
    counts = np.array(drawn["confusion"]["counts"])
    assert counts.sum() == 16
    assert np.diag(counts).sum() == 9
    assert counts[3, 0] == 1  # sadness answered as neutral: rows are true
    assert [row["band"] for row in drawn["age_error"]] == list(BANDS)
    for row in drawn["age_error"]:
        assert row["mae"] == published[f"MAE, age {row['band']}"]
        assert row["coverage"] == published[f"interval coverage, age {row['band']}"]
    assert [row["decade"] for row in drawn["age_decades"]] == ["0-9", "10-19", "20-29", "40-49", "50-59", "70-79"]
    assert drawn["risk_coverage"]["age"]["served"] is None
    assert drawn["risk_coverage"]["emotion"]["risk"][-1] == pytest.approx(7 / 16)
    assert drawn["reliability"]["gender"][-1]["n"] == 1
    assert sum(entry["n"] for entry in drawn["reliability"]["gender"]) == 3  # the child of 1 is left out
