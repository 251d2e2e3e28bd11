"""FER+: which rows count, and what is learnt from their votes."""

import csv
import pathlib

import numpy as np
import pytest

from models_store.training.data import ferplus
from models_store.training.errors import UserError


def votes(*rows: list[int]) -> np.ndarray:
    return np.array(rows, dtype=np.uint8)


def test_a_clear_majority_is_kept_and_labelled() -> None:
    keep, labels = ferplus.official_labels(votes([0, 8, 2, 0, 0, 0, 0, 0, 0, 0]))
    assert keep.tolist() == [True]
    assert labels.tolist() == [1]


def test_half_of_the_votes_is_not_a_majority() -> None:
    keep, _ = ferplus.official_labels(votes([5, 5, 0, 0, 0, 0, 0, 0, 0, 0]))
    assert keep.tolist() == [False]


def test_lone_votes_are_dropped_before_the_majority_is_sought() -> None:
    # 5 of 10 is no majority; of the 7 votes that are not alone it is
    keep, labels = ferplus.official_labels(votes([5, 0, 0, 2, 1, 1, 1, 0, 0, 0]))
    assert keep.tolist() == [True]
    assert labels.tolist() == [0]


def test_unknown_and_no_face_are_not_emotions() -> None:
    keep, _ = ferplus.official_labels(votes([2, 0, 0, 0, 0, 0, 0, 0, 8, 0], [2, 0, 0, 0, 0, 0, 0, 0, 0, 8]))
    assert keep.tolist() == [False, False]


def test_targets_are_shares_of_the_emotion_votes() -> None:
    targets, weights = ferplus.vote_distributions(votes([6, 2, 0, 0, 0, 0, 0, 0, 2, 0]))
    assert targets[0].tolist() == [0.75, 0.25, 0, 0, 0, 0, 0, 0]
    assert weights[0] == pytest.approx(0.8)


def test_a_row_that_nobody_could_name_weighs_nothing() -> None:
    targets, weights = ferplus.vote_distributions(votes([0, 0, 0, 0, 0, 0, 0, 0, 3, 7]))
    assert weights.tolist() == [0]
    assert targets[0].sum() == pytest.approx(1)


def test_missing_data_is_one_clear_sentence(tmp_path: pathlib.Path) -> None:
    with pytest.raises(UserError, match="FER\\+ needs"):
        ferplus.load(tmp_path, "valid")


@pytest.mark.shared
@pytest.mark.parametrize(("split", "kept"), [("train", 25_045), ("valid", 3_191), ("test", 3_137)])
def test_the_official_filter_keeps_the_published_counts(shared: pathlib.Path, split: ferplus.Split, kept: int) -> None:
    keep, _ = ferplus.official_labels(ferplus.load(shared / "data", split).votes)
    assert np.count_nonzero(keep) == kept


@pytest.mark.shared
def test_eyes_are_where_the_canonical_crop_has_them(shared: pathlib.Path) -> None:
    with (shared / "data" / "ferplus" / "valid_landmarks.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))

    def mean(column: str) -> float:
        return float(np.mean([float(row[column]) for row in rows])) / 48

    assert len(rows) > 3_000
    assert (mean("right_eye_x"), mean("right_eye_y")) == (
        pytest.approx(0.325, abs=0.02),
        pytest.approx(0.375, abs=0.02),
    )
    assert (mean("left_eye_x"), mean("left_eye_y")) == (pytest.approx(0.676, abs=0.02), pytest.approx(0.371, abs=0.02))
