"""What the groups make of their samples; none is measured here."""

import pytest

from benchmarks.contenders import DETECTORS, ENGINE, make
from benchmarks.fresh import megabytes
from benchmarks.goals import AGAINST_ORIGINAL, ONE_MEGAPIXEL, TWELVE_MEGAPIXELS
from benchmarks.groups import GROUPS
from benchmarks.groups.against import photos_a_second
from benchmarks.groups.latency import goal_of, split

STATUS = "Name:\tpython\nVmHWM:\t  102400 kB\nVmRSS:\t   51200 kB\nThreads:\t1\n"


def test_rates_over_several_photos_weigh_each_photo_once() -> None:
    samples = {
        "small": {ENGINE: [0.01, 0.01, 9.0], "original": [0.2, 0.2, 0.2]},
        "large": {ENGINE: [0.03, 0.03, 0.03], "original": [1.0, 1.0, 1.0]},
    }
    engine, original, times = photos_a_second("the photos", samples)
    assert engine.value == pytest.approx(50)
    assert original.value == pytest.approx(2 / 1.2)
    assert times.value == pytest.approx(30)
    assert times.goal == AGAINST_ORIGINAL
    assert times.reached == "must"
    assert times.samples == 3


def test_stages_are_told_as_shares_of_the_whole() -> None:
    rows = split("1 MP", [{"stages": {"decode": 2.0, "detect": 6.0}}] * 3)
    assert [(row.name, row.value, row.ratio) for row in rows] == [("1 MP: decode", 2, 0.25), ("1 MP: detect", 6, 0.75)]


def test_goals_are_asked_of_one_megapixel_with_one_face_and_of_twelve_with_any() -> None:
    assert goal_of(1, 1) == ONE_MEGAPIXEL
    assert goal_of(12, 1) == goal_of(12, 20) == TWELVE_MEGAPIXELS
    assert goal_of(1, 4) is None
    assert goal_of(0.3, 1) is None


def test_memory_is_told_in_millions_of_bytes() -> None:
    assert megabytes(STATUS, "VmRSS") == pytest.approx(52.4288)
    assert megabytes(STATUS, "VmHWM") == pytest.approx(104.8576)


def test_the_engine_is_the_first_of_the_detectors_and_what_the_rest_is_compared_with() -> None:
    assert f"engine {DETECTORS[0]}" == ENGINE
    assert len(GROUPS) == 9


def test_an_unknown_contender_is_an_error() -> None:
    with pytest.raises((KeyError, ModuleNotFoundError)):
        make("nobody")
