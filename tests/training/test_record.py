"""The record of figures guards against getting worse, and the card says what the record says."""

import dataclasses
import pathlib

import pytest

from models_store.training import card, record
from models_store.training.metrics import Figure

GOOD = Figure(0.85, 0.84, 0.86, 3137, "higher")
YEARS = Figure(6.0, 5.8, 6.2, 1841, "lower")
BIAS = Figure(0.3, 0.1, 0.5, 1841, "neither")
REPORT = {"FER+ test, emotion": {"accuracy, official": GOOD}, "UTKFace test, age": {"MAE": YEARS, "bias": BIAS}}


def changed(title: str, name: str, value: float) -> record.Report:
    figure = dataclasses.replace(REPORT[title][name], value=value)
    return {**REPORT, title: {**REPORT[title], name: figure}}


def test_a_record_reads_as_it_was_written(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "metrics.json"
    record.write(path, "facetrio-1.0.0", REPORT)
    assert record.read(path) == ("facetrio-1.0.0", REPORT)


@pytest.mark.parametrize(
    ("title", "name", "value", "fell"),
    [
        ("FER+ test, emotion", "accuracy, official", 0.839, True),
        ("FER+ test, emotion", "accuracy, official", 0.841, False),
        ("FER+ test, emotion", "accuracy, official", 0.99, False),
        ("UTKFace test, age", "MAE", 6.21, True),
        ("UTKFace test, age", "MAE", 5.0, False),
        ("UTKFace test, age", "bias", 3.0, False),
    ],
)
def test_only_a_figure_beyond_its_interval_on_the_bad_side_is_worse(
    title: str, name: str, value: float, fell: bool
) -> None:
    lines = record.worse(changed(title, name, value), REPORT)
    assert [name in line for line in lines] == ([True] if fell else [])


def test_a_figure_that_is_no_longer_measured_is_worse() -> None:
    assert record.worse({}, {"UTKFace test, age": {"MAE": YEARS}}) == ["UTKFace test, age: MAE is no longer measured"]


def test_the_table_shows_every_figure() -> None:
    text = record.table(REPORT)
    assert all(name in text for figures in REPORT.values() for name in figures)
    assert "[0.84, 0.86]" in text


def test_the_card_shows_shares_as_per_cent_and_years_as_years() -> None:
    both = REPORT | {title.replace("test", "valid"): figures for title, figures in REPORT.items()}
    text = card.tables(both)
    assert "| accuracy, official | 85.0 % (84.0 to 86.0) | 85.0 % (84.0 to 86.0) | 3,137 |" in text
    assert "| MAE | 6.00 (5.80 to 6.20) | 6.00 (5.80 to 6.20) | 1,841 |" in text
