"""The table is aligned, says what was asked and whether it was reached."""

import pytest

from benchmarks.figures import Figure, Goal, Group, milliseconds
from benchmarks.table import GAP, HEADINGS, number, table

FASTER = Goal(8, 4)
MORE = Goal(15, 40, larger_is_better=True)


@pytest.mark.parametrize(
    ("goal", "value", "reached"),
    [
        (FASTER, 3.9, "aim"),
        (FASTER, 4, "aim"),
        (FASTER, 4.1, "must"),
        (FASTER, 8, "must"),
        (FASTER, 8.1, "no"),
        (MORE, 41, "aim"),
        (MORE, 40, "aim"),
        (MORE, 39, "must"),
        (MORE, 15, "must"),
        (MORE, 14.9, "no"),
    ],
)
def test_a_goal_tells_the_mark_that_a_value_reaches(goal: Goal, value: float, reached: str) -> None:
    assert goal.reached(value) == reached


def test_where_nothing_is_asked_nothing_is_reached() -> None:
    assert Figure("decode", "ms", 1.0).reached is None


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (0.456, "0.46"), (9.994, "9.99"), (12.34, "12.3"), (123.4, "123"), (12345.6, "12,346")],
)
def test_numbers_have_three_digits_and_no_powers_of_ten(value: float | None, text: str) -> None:
    assert number(value) == text


def test_a_row_from_samples_is_in_milliseconds_and_relative_to_its_unit() -> None:
    row = milliseconds("a", [0.002, 0.004, 0.006], unit=[0.001, 0.002, 0.003], goal=FASTER)
    assert row.value == pytest.approx(4.0)
    assert row.p90 == pytest.approx(5.6)
    assert (row.samples, row.reached) == (3, "aim")
    assert row.ratio == pytest.approx(2.0)


def test_columns_stand_under_their_headings() -> None:
    rows = (Figure("one", "ms", 1234.5, 2000, 3000, ratio=1.0, goal=FASTER), Figure("a longer name", "photos/s", 0.5))
    heading, rule, title, first, second = table([Group("Speed", "to one", rows)]).splitlines()
    assert title == "Speed (ratio: to one)"
    assert heading.split() == list(HEADINGS)
    assert len(rule) == len(heading)
    ends = {name: heading.index(name) + len(name) for name in ("value", "ratio", "must", "aim")}
    assert first[: ends["value"]].endswith(GAP + "1,234")
    assert second[: ends["value"]].endswith(" 0.50")
    assert first[: ends["ratio"]].endswith(" 1.00")
    assert first[: ends["aim"]].endswith("8.00" + GAP + "4.00")
    assert first.endswith("no")
    assert first.index("ms") == second.index("photos/s") == heading.index("unit")


def test_a_group_without_ratios_says_nothing_of_them() -> None:
    assert table([Group("Memory", "", (Figure("one", "MB", 1.0),))]).splitlines()[2] == "Memory"
