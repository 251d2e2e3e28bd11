"""What the detector's maps mean, checked against cases worked out by hand."""

import numpy as np
import pytest

from vision.detectors.geometry import UNIT, cells, decode, overlaps, suppress


def test_cells_lie_in_the_middle_of_their_squares_row_by_row() -> None:
    assert cells(2, 3, 8).tolist() == [[4, 4], [12, 4], [20, 4], [4, 12], [12, 12], [20, 12]]


def test_a_cell_that_says_nothing_means_a_unit_box_around_itself() -> None:
    boxes, points = decode(np.zeros((1, 14), np.float32), np.array([[100, 60]], np.float32), 8)

    side = UNIT * 8
    assert boxes.tolist() == [[100 - side / 2, 60 - side / 2, side, side]]
    assert points.tolist() == [[[100, 60]] * 5]


def test_offsets_count_in_units_and_sizes_in_their_logarithm() -> None:
    told = np.zeros((1, 14), np.float32)
    told[0, :4] = 0.5, -0.25, np.log(2), np.log(0.5)
    told[0, 12:] = 1, 2

    boxes, points = decode(told, np.array([[0, 0]], np.float32), 16)

    unit = UNIT * 16
    assert boxes[0] == pytest.approx([0.5 * unit - unit, -0.25 * unit - unit / 4, 2 * unit, unit / 2])
    assert points[0, 4].tolist() == [unit, 2 * unit]


def test_a_wild_size_stays_a_number() -> None:
    told = np.full((1, 14), 1e4, np.float32)
    boxes, _ = decode(told, np.zeros((1, 2), np.float32), 64)
    assert np.isfinite(boxes).all()


def test_overlap_of_halves_and_of_strangers() -> None:
    box = np.array([0, 0, 10, 10], np.float32)
    others = np.array([[0, 0, 10, 10], [0, 0, 10, 5], [5, 0, 10, 10], [20, 20, 5, 5]], np.float32)
    assert overlaps(box, others) == pytest.approx([1, 0.5, 1 / 3, 0])


def test_of_boxes_on_one_face_the_surest_stays() -> None:
    boxes = np.array([[0, 0, 10, 10], [1, 0, 10, 10], [50, 50, 10, 10]], np.float32)
    assert suppress(boxes, np.array([0.6, 0.9, 0.7], np.float32), 0.4) == [1, 2]
    assert suppress(boxes[:0], np.zeros(0, np.float32), 0.4) == []
