"""The record of figures guards against getting worse, and the card says what the record says."""

import dataclasses
import json
import pathlib

import pytest

from models_store.training import card
from models_store.training.errors import UserError
from models_store.training.measure import record, tables
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
    written = record.document("facetrio-1.0.0", REPORT, {"age_error": [{"band": "0-3", "mae": YEARS}]}, {"rows": []})
    record.write(path, written)
    assert record.read(path) == ("facetrio-1.0.0", REPORT)
    assert record.load(path) == written
    assert written["schema"] == 2
    assert written["plots"]["age_error"][0]["mae"] == dataclasses.asdict(YEARS)


def test_numbers_have_five_digits_and_are_numbers(tmp_path: pathlib.Path) -> None:
    written = record.document("x", {}, {"risk": [1 / 3, {"low": -1e-9}], "counts": [[3]], "served": None}, {})
    assert written["plots"] == {"risk": [0.33333, {"low": 0.0}], "counts": [[3]], "served": None}
    assert "-0.0" not in str(written)
    with pytest.raises(ValueError, match="not a number"):
        record.document("x", {}, {"risk": [float("nan")]}, {})


def test_a_figure_is_one_line_of_the_file(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "metrics.json"
    record.write(path, record.document("x", REPORT, {"risk": [0.1, 0.2]}, {}))
    lines = path.read_text(encoding="utf-8").splitlines()
    assert any(line.strip().startswith('"MAE": { "value": 6.0') and line.endswith("},") for line in lines)
    assert any(line.strip() == '"risk": [ 0.1, 0.2 ]' for line in lines)


def test_a_record_of_the_first_schema_is_compared_with_but_makes_no_card(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "metrics.json"
    old = {"schema": 1, "model": "x", "figures": {"UTKFace test, age": {"MAE": dataclasses.asdict(YEARS)}}}
    path.write_text(json.dumps(old), encoding="utf-8")
    assert record.worse(REPORT, record.read(path)[1]) == []
    with pytest.raises(UserError, match="schema 1"):
        record.load(path)


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
    text = tables.figures_text(REPORT)
    assert all(name in text for figures in REPORT.values() for name in figures)
    assert "[0.84, 0.86]" in text


def test_the_card_shows_shares_as_per_cent_and_years_as_years() -> None:
    both = REPORT | {title.replace("test", "valid"): figures for title, figures in REPORT.items()}
    text = card.tables(both)
    assert "| accuracy, official | 85.0 % (84.0 to 86.0) | 85.0 % (84.0 to 86.0) | 3,137 |" in text
    assert "| MAE | 6.00 (5.80 to 6.20) | 6.00 (5.80 to 6.20) | 1,841 |" in text
