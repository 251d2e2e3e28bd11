"""Contenders take turns, and percentiles are what they are called."""

from collections.abc import Callable

import pytest

from benchmarks.timing import median, percentile, ratio, take_turns


def test_percentiles_lie_between_samples_by_their_share() -> None:
    samples = [5.0, 1.0, 4.0, 2.0, 3.0]
    assert median(samples) == 3.0
    assert percentile(samples, 0.9) == pytest.approx(4.6)
    assert percentile(samples, 0.0) == 1.0
    assert percentile(samples, 1.0) == 5.0


def test_one_sample_is_its_own_percentiles() -> None:
    assert percentile([7.0], 0.99) == 7.0


def test_a_ratio_is_one_of_medians_and_heeds_no_outlier() -> None:
    assert ratio([4.0, 4.0, 4000.0], [2.0, 2.0, 0.001]) == 2.0


def calls(names: str, order: list[str]) -> dict[str, Callable[[], float]]:
    def call(name: str) -> float:
        order.append(name)
        return float(len(order))

    return {name: lambda name=name: call(name) for name in names}  # type: ignore[misc]


def test_contenders_take_turns_and_the_order_changes_each_round() -> None:
    order: list[str] = []
    samples = take_turns(calls("ab", order), 3, warm=0)
    assert "".join(order) == "abbaab"
    assert samples == {"a": [1.0, 4.0, 5.0], "b": [2.0, 3.0, 6.0]}


def test_rounds_to_warm_up_do_not_count() -> None:
    order: list[str] = []
    samples = take_turns(calls("a", order), 3, warm=2)
    assert samples == {"a": [3.0, 4.0, 5.0]}


def test_three_rounds_are_taken_even_when_the_time_is_over() -> None:
    order: list[str] = []
    samples = take_turns(calls("ab", order), 100, seconds=0.0, warm=0)
    assert [len(taken) for taken in samples.values()] == [3, 3]
