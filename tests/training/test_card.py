"""The card: its sentences follow from the record, and change with it."""

import copy
import pathlib
import tomllib
from typing import Any

import pytest

from models_store.training import card, card_groups
from models_store.training.errors import UserError
from models_store.training.measure import costs, failures, goals, pictures, record, tables
from models_store.training.metrics import Figure
from models_store.training.paths import CARDS, STORE
from vision.manifest import Manifest

EXTRAS = {
    "emotion_accuracy_points": -0.1,
    "gender_accuracy_points": 0.31,
    "age_mae_years": 0.02,
    "megabytes": 2.5,
    "milliseconds": 0.7,
}


@pytest.fixture
def document() -> dict[str, Any]:
    """The committed record, to be changed at will."""
    return copy.deepcopy(record.load(CARDS / "metrics.json"))


def set_figure(document: dict[str, Any], title: str, name: str, value: float) -> None:
    document["figures"][title][name].update(value=value, low=value - 0.01, high=value + 0.01)


def standing(document: dict[str, Any], what: str) -> goals.Standing:
    return next(s for s in goals.standings(record.report_of(document), EXTRAS) if s.goal.what == what)


@pytest.mark.parametrize(
    ("accuracy", "verdict"), [(0.8649, "not met"), (0.865, "met"), (0.8849, "met"), (0.885, "met, aim reached")]
)
def test_a_goal_is_met_by_the_value_itself(document: dict[str, Any], accuracy: float, verdict: str) -> None:
    set_figure(document, goals.EMOTION, "accuracy, official", accuracy)
    row = standing(document, "FER+ official test, 8 classes").row()
    assert row[1:3] == ("at least 86.5 %", "at least 88.5 %")
    assert row[4] == verdict


@pytest.mark.parametrize(("mae", "verdict"), [(5.41, "not met"), (5.4, "met"), (4.9, "met, aim reached")])
def test_less_error_is_better(document: dict[str, Any], mae: float, verdict: str) -> None:
    set_figure(document, goals.AGE, "MAE", mae)
    assert standing(document, "UTKFace test, age MAE").row()[4] == verdict


@pytest.mark.parametrize(("coverage", "met"), [(0.879, False), (0.88, True), (0.92, True), (0.921, False)])
def test_coverage_can_be_too_high_as_well(document: dict[str, Any], coverage: float, met: bool) -> None:
    set_figure(document, goals.AGE, "interval coverage", coverage)
    found = standing(document, "90 % age interval, coverage")
    assert (found.met, found.aimed) == (met, False)


def test_what_is_no_figure_of_the_record_counts_too(document: dict[str, Any]) -> None:
    assert standing(document, "int8 against float32, expression").met
    assert not standing(document, "int8 against float32, gender").met
    assert standing(document, "all weights together").row()[3:] == ("2.50 MB", "met, aim reached")
    assert standing(document, "all three attributes, one face, one thread").row()[4] == "met"
    unmeasured = {name: value for name, value in EXTRAS.items() if name != "milliseconds"}
    rows = goals.standings(record.report_of(document), unmeasured)
    assert len(rows) == len(goals.GOALS) - 1


def test_all_weight_files_are_weighed() -> None:
    from vision.manifest import load_manifest

    files = list((STORE / "weights").iterdir())
    assert goals.extras(load_manifest())["megabytes"] == pytest.approx(sum(path.stat().st_size for path in files) / 1e6)


def test_without_the_gaps_of_int8_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    monkeypatch.setattr(goals, "CARDS", tmp_path)
    with pytest.raises(UserError, match="export first"):
        goals.extras(Manifest("facetrio", "9.9.9", {}))


def test_expressions_that_are_found_are_not_called_missed(document: dict[str, Any]) -> None:
    counts = [[100 if row == column else 0 for column in range(8)] for row in range(8)]
    document["plots"]["confusion"]["counts"] = counts
    assert list(failures.expressions(document)) == []
    counts[3][3], counts[3][0] = 40, 60
    counts[7][7], counts[7][4] = 0, 100
    missed, never, taken = failures.expressions(document)
    assert "sadness (40 of 100) and contempt (0 of 100)" in missed
    assert "contempt" in never
    assert "contempt for anger (100 %) and sadness for neutral (60 %)" in taken


def test_ages_are_called_too_high_only_beyond_chance(document: dict[str, Any]) -> None:
    for row, (low, high) in zip(
        document["plots"]["age_error"], [(1, 3), (-1, 1), (-3, -1), (0, 1), (-2, 0), (-1, 2)], strict=True
    ):
        row["bias"].update(value=(low + high) / 2, low=low, high=high)
        row["coverage"].update(value=0.9, low=0.88, high=0.92)
    for row in document["plots"]["age_decades"]:
        row["coverage"].update(value=0.9, low=0.88, high=0.92)
    older, younger, interval, _ = failures.ages(document)
    assert older == "Read as older than they are, on average, in years: ages 0-3 (+2.0)."
    assert younger == "Read as younger than they are, on average, in years: ages 13-19 (-2.0)."
    assert interval.startswith("In no age band or decade")
    document["plots"]["age_decades"][4]["coverage"].update(value=0.8, low=0.75, high=0.89)
    assert any("less often than it says at ages 40-49 (80 %)" in line for line in failures.ages(document))


def test_groups_are_named_only_beyond_chance(document: dict[str, Any]) -> None:
    for entry in document["fairness"]["summary"]:
        entry["gap"]["low"] = -0.1
    assert list(failures.groups(document)) == []
    entry = next(e for e in document["fairness"]["summary"] if e["over"] == "race and gender" and e["measure"] == "mae")
    entry["gap"]["low"] = 0.1
    entry["worst"]["group"] = "Indian female"
    assert "Indian female" in next(failures.groups(document))


def test_a_change_is_called_costly_from_the_first_amount_that_costs(document: dict[str, Any]) -> None:
    for curve in document["plots"]["tolerance"].values():
        for point in curve["points"]:
            point["emotion_accuracy"]["value"] = point["gender_accuracy"]["value"] = 0.9
            point["age_mae"]["value"] = 5.0
    assert list(costs.costs(document)) == []
    for point in document["plots"]["tolerance"]["rotation"]["points"]:
        point["gender_accuracy"]["value"] = 0.84 if point["amount"] >= 20 else 0.9
    for point in document["plots"]["tolerance"]["scale"]["points"]:
        point["age_mae"]["value"] = 6.5 if point["amount"] < 0.85 else 5.0
    for name in ("shift", "blur", "jpeg"):
        document["plots"]["tolerance"][name]["points"][0 if name == "jpeg" else -1]["emotion_accuracy"]["value"] = 0.8
    line = next(costs.costs(document))
    assert "a box moved by 25 % of its side" in line
    assert "a blur of 3 pixels on a face of 64" in line
    assert "JPEG of quality 10 on a face of 64 pixels" in line
    assert "a box 0.8 times as large, a face turned by 20 degrees" in line


def test_small_groups_are_marked_in_both_tables(document: dict[str, Any]) -> None:
    rows = document["fairness"]["rows"]
    few = next(r for r in rows if r["race"] == "White" and r["gender"] == "male" and r["band"] == "4-12")
    assert few["n"] < 50
    assert "(White male, 4-12)" in tables.fairness_text(document["fairness"])
    assert f"({few['mae']['n']}) †" in card_groups.crossed(document["fairness"], "mae")
    assert "†" not in card_groups.crossed(document["fairness"], "mae").splitlines()[2].split("|")[5]  # White, 20-39


def test_a_group_of_no_size_is_a_dash() -> None:
    assert tables.shown("mae", None) == "-"
    figure = {"value": 0.5, "low": 0.25, "high": 0.75, "n": 20, "better": "higher"}
    assert tables.shown("coverage", figure, True) == "50.0 % (25.0 to 75.0)"
    assert tables.shown("mae", figure) == "0.50"


def test_the_card_says_what_the_licences_forbid(document: dict[str, Any]) -> None:
    manifest = tomllib.loads((STORE / "manifest.toml").read_text(encoding="utf-8"))
    text = card.card(manifest, document, EXTRAS)
    assert "non-commercial research only" in text
    assert "Not allowed: commercial use" in text
    assert "| 2.50 MB | met, aim reached |" in text


def test_a_record_of_other_weights_makes_no_card(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    record.write(tmp_path / "metrics.json", record.document("facetrio-0.0.1", {"x": {}}, {}, {}))
    monkeypatch.setattr(card, "CARDS", tmp_path)
    with pytest.raises(UserError, match=r"of facetrio-0\.0\.1"):
        card.main()


def test_every_picture_is_drawn_from_the_record_alone(document: dict[str, Any], tmp_path: pathlib.Path) -> None:
    document["plots"]["risk_coverage"]["emotion"]["served"] = None
    document["fairness"]["rows"] = [r for r in document["fairness"]["rows"] if r["race"] != "Indian"]
    paths = pictures.draw_all(document, tmp_path, "facetrio")
    assert [path.name for path in paths] == [f"facetrio.{part}.png" for part in card.CAPTIONS]
    assert all(path.read_bytes().startswith(b"\x89PNG") and path.stat().st_size > 10_000 for path in paths)


def test_shares_and_years_are_told_apart() -> None:
    assert card._shown("AURC", Figure(0.042, 0.037, 0.048, 9, "lower")) == "4.2 % (3.7 to 4.8)"
    assert card._shown("AURC, MAE", Figure(2.93, 2.74, 3.11, 9, "lower")) == "2.93 (2.74 to 3.11)"
    assert card._shown("interval width, age 0-3", Figure(3.6, 3.2, 4.1, 9, "lower")) == "3.60 (3.20 to 4.10)"
