"""The drawings of the page of the models: where marks lie, and what is said beside them."""

from dataclasses import fields
from itertools import pairwise
from typing import Any

import pytest

from analysis.model_card.axes import outward, polyline, round_steps, scale
from analysis.model_card.canvas import LEFT, RIGHT, TOP, Chart
from analysis.model_card.conditioning import conditioning_of
from analysis.model_card.confusion import confusion_chart, shade
from analysis.model_card.detectors import parse_detectors
from analysis.model_card.finding import finding_of
from analysis.model_card.headline import headlines, hundred, squares
from analysis.model_card.page import Card, card_of
from analysis.model_card.reliability import gap, reliability_charts
from analysis.model_card.risk import risk_charts
from analysis.model_card.rows import NamedFigure, row_plot
from analysis.model_card.tolerance import amount_text, tolerance_charts
from analysis.model_card.types import Bin, Figure, Record, Tolerance, TolerancePoint
from analysis.model_card.ways import parse_ways


def charts_of(card: Card) -> list[Chart]:
    groups = [getattr(card, field.name) for field in fields(card)]
    return [item for group in groups if isinstance(group, tuple) for item in group if isinstance(item, Chart)]


@pytest.fixture
def charts(record: Record, comparison: dict[str, Any], detection: dict[str, Any]) -> list[Chart]:
    """Every picture of the page."""
    more = [*finding_of(parse_detectors(detection)).charts, *conditioning_of(parse_ways(comparison)).charts]
    return [*charts_of(card_of(record)), *more]


def test_a_scale_is_linear_and_bears_an_empty_range() -> None:
    across = scale(0, 2, 40, 330)
    assert [across(value) for value in (0, 1, 2)] == [40, 185, 330]
    assert scale(5, 5, 0, 10)(5) == 5


@pytest.mark.parametrize(
    ("low", "high", "steps"),
    [(0, 1, (0, 0.2, 0.4, 0.6, 0.8, 1)), (0, 10, (0, 2, 4, 6, 8, 10)), (-6, 5, (-5, 0, 5)), (0.5, 0.5, (0.5,)),
     (0, 0.09, (0, 0.02, 0.04, 0.06, 0.08))],
)  # fmt: skip
def test_steps_are_round_numbers_inside_the_range(low: float, high: float, steps: tuple[float, ...]) -> None:
    assert round_steps(low, high) == pytest.approx(steps)


@pytest.mark.parametrize("low", [0, 0.3, 0.55, -7, 12.4])
@pytest.mark.parametrize("span", [0.03, 0.4, 1, 7.7, 120])
@pytest.mark.parametrize("most", [4, 5, 6])
def test_there_are_never_too_many_steps_nor_too_few(low: float, span: float, most: int) -> None:
    steps = round_steps(low, low + span, most)
    assert 1 <= len(steps) <= most
    assert all(low - 1e-6 <= step <= low + span + 1e-6 for step in steps)


def test_a_range_grows_outward_to_the_step() -> None:
    assert outward([0.83, 0.91, 1.0], 0.1) == (0.8, 1.0)
    assert outward([-1.2, 3], 2) == (-2, 4)
    assert outward([0.9, 0.9], 0.1) == (0.9, 0.9)


def test_a_line_runs_through_its_points() -> None:
    assert polyline([1, 2.5], [3, 4]) == "M1 3 L2.5 4"


@pytest.mark.parametrize(
    ("shares", "whole"), [((0.7, 0.06, 0.24), (70, 6, 24)), ((1 / 3, 1 / 3, 1 / 3), (34, 33, 33)), ((1, 0), (100, 0))]
)
def test_a_hundred_squares_are_always_a_hundred(shares: tuple[float, ...], whole: tuple[int, ...]) -> None:
    assert hundred(shares) == whole


def test_squares_lie_in_rows_of_twenty() -> None:
    drawn = squares((("right", 21), ("wrong", 1)))
    assert (drawn[0].x, drawn[0].y) == (1, 1)
    assert (drawn[20].x, drawn[20].y, drawn[20].kind) == (1, 13, "right")
    assert (drawn[21].x, drawn[21].kind) == (13, "wrong")


def test_headlines_draw_what_the_product_shows(record: Record) -> None:
    age, gender, expression = headlines(record)
    assert [key.text for key in expression.keys] == ["74 right", "4 wrong", "22 “not sure”"]
    assert [key.text for key in gender.keys] == ["78 right", "2 wrong", "20 “not sure”"]
    assert [key.text for key in age.keys] == ["63 at most five years off", "37 further off"]
    assert all(len(card.squares) == 100 for card in (age, gender, expression))


@pytest.mark.parametrize(
    ("share", "kind"),
    [(0, "shade-0"), (0.001, "shade-1"), (0.1, "shade-1"), (0.5, "shade-5"), (0.501, "shade-6"), (1, "shade-10")],
)
def test_cells_are_dark_beyond_a_half_only(share: float, kind: str) -> None:
    assert shade(share) == kind


def test_the_matrix_has_a_cell_for_each_pair_and_names_the_worst_mix_up(record: Record) -> None:
    chart = confusion_chart(record.confusion)
    assert len(chart.plots[0].boxes) == 64
    assert sum("hit" in box.kind for box in chart.plots[0].boxes) == 8
    assert "fear, called surprise in 50 of 100" in chart.says  # contempt rests on twelve faces and is not compared
    assert [row.is_few for row in chart.table.rows] == [False] * 7 + [True]


def test_on_the_line_a_claim_is_kept(record: Record) -> None:
    exact = tuple(Bin(c, c, c - 0.05, c + 0.05, 50) for c in (0.5, 0.7, 0.9))
    assert gap(exact) == 0
    assert gap(record.reliability["emotion"]) == pytest.approx(0.05)
    plot = next(iter(reliability_charts(record))).plots[0]
    assert plot.paths[0].d == f"M{LEFT:g} {plot.bottom:g} L{RIGHT:g} {TOP:g}"


def test_the_point_served_is_marked_where_there_is_one(record: Record) -> None:
    emotion, gender, age = risk_charts(record)
    assert [dot.kind for dot in emotion.plots[0].dots] == ["served"]
    assert gender.plots[0].dots == age.plots[0].dots == ()
    assert "it answers for 80 of 100, and of 100 answers 8 are wrong" in emotion.says
    assert "5.2 years off on average; for the half" in age.says


def compression() -> Tolerance:
    good, bad = Figure(0.9, 0.88, 0.92, 600, "higher"), Figure(0.7, 0.67, 0.73, 600, "higher")
    years = Figure(5, 4.8, 5.2, 600, "lower")
    points = tuple(TolerancePoint(q, bad if q < 50 else good, good, years) for q in (10, 20, 50, 100))
    return Tolerance("jpeg", "quality", 100, points)


def test_what_changes_nothing_lies_left_when_it_is_the_largest_amount(record: Record) -> None:
    ticks = {tick.text: tick.at for tick in next(iter(tolerance_charts(_with(record, compression())))).plots[0].x_ticks}
    assert ticks["100"] < ticks["50"] < ticks["20"]


def test_the_hardest_amount_is_said_in_words(record: Record) -> None:
    chart = next(iter(tolerance_charts(_with(record, compression()))))
    assert chart.says.startswith("At JPEG quality 10: expressions right for 70 of 100 instead of 90")
    assert amount_text(Tolerance("fog", "metres", 0, ()), -2) == "−2 metres"  # noqa: RUF001


def _with(record: Record, tolerance: Tolerance) -> Record:
    values: dict[str, Any] = {field.name: getattr(record, field.name) for field in fields(record)}
    return Record(**values | {"tolerance": (tolerance,)})


def test_rows_lie_under_each_other_and_grey_ones_rest_on_few_faces() -> None:
    one, few = Figure(0.9, 0.85, 0.95, 400, "higher"), Figure(0.8, 0.6, 1.0, 12, "higher")
    plot = row_plot([NamedFigure("a", one, False), NamedFigure("b", few, True)], overall=0.9, axis="right", step=0.1)
    assert plot.dots[0].y < plot.dots[1].y
    assert plot.dots[1].x < plot.dots[0].x
    assert [dot.kind for dot in plot.dots] == ["estimate", "estimate few"]
    assert plot.bottom - plot.top == 2 * (plot.dots[1].y - plot.dots[0].y)


def test_marks_and_labels_stay_inside_their_drawing(charts: list[Chart]) -> None:
    for chart in charts:
        for plot in chart.plots:
            for dot in plot.dots:
                assert plot.left <= dot.x <= plot.right, chart.slug
                assert plot.top <= dot.y <= plot.bottom, chart.slug
            for tick in plot.x_ticks:
                assert plot.left <= tick.at <= plot.right, chart.slug
            for box in plot.boxes:
                assert 0 <= box.x <= box.x + box.width <= plot.width, chart.slug
                assert box.height >= 0, chart.slug


def test_labels_of_an_axis_do_not_touch(charts: list[Chart]) -> None:
    for chart in charts:
        for plot in chart.plots:
            places = sorted(tick.at for tick in plot.x_ticks)
            assert all(after - before >= 24 for before, after in pairwise(places)), chart.slug


def test_tables_have_a_cell_for_each_column(record: Record, charts: list[Chart]) -> None:
    card = card_of(record)
    for table in [*(chart.table for chart in charts), card.groups, card.gaps, *card.tables]:
        assert table.rows, table.caption
        for row in table.rows:
            assert len(row.cells) == len(table.columns), table.caption
