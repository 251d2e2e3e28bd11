"""The table of groups, and that race labels reach nothing else."""

import ast
import io
import pathlib
import tarfile

import cv2
import numpy as np
import pytest

from models_store.training.data import splits, utkface
from models_store.training.measure import fairness
from models_store.training.measure.answers import AgeAnswers, GenderAnswers
from models_store.training.metrics import Bools, mean_figure
from models_store.training.paths import STORE

TRAINING = STORE / "training"


def people(count: int = 240) -> tuple[tuple[str | None, ...], AgeAnswers, GenderAnswers]:
    """Half White with errors of 2 years, half Black with errors of 6, women first in each; the first has no race."""
    black = np.arange(count) >= count / 2
    female = (np.arange(count) // (count // 4)) % 2 == 0
    truth = np.full(count, 30.0)
    years = truth + np.where(black, 6.0, 2.0)
    ones = np.ones(count, np.bool_)
    races = tuple(None if at == 0 else "Black" if black[at] else "White" for at in range(count))
    age = AgeAnswers(truth, years, years - 5, years + 5, np.ones(count))
    gender = GenderAnswers(truth, female, np.where(female, 0.9, 0.2), ones, ones, ~ones)
    return races, age, gender


def row(table: dict, race: str = "all", gender: str = "all", band: str = "all") -> dict:
    return next(r for r in table["rows"] if (r["race"], r["gender"], r["band"]) == (race, gender, band))


def summary(table: dict, measure: str, over: str) -> dict:
    return next(s for s in table["summary"] if (s["measure"], s["over"]) == (measure, over))


def test_rows_hold_the_means_of_their_groups() -> None:
    table = fairness.fairness(*people())
    assert row(table)["n"] == 240
    assert row(table)["mae"].value == pytest.approx(4)
    assert row(table, "White")["n"] == 119
    assert row(table, "White")["mae"].value == pytest.approx(2)
    assert row(table, "Black", "female", "20-39")["bias"].value == pytest.approx(6)
    assert row(table, "Black")["coverage"].value == 0
    assert row(table, "White", "male")["within_5"].value == 1


def test_a_face_without_a_race_counts_for_everybody_alone() -> None:
    table = fairness.fairness(*people())
    assert sum(row(table, race)["n"] for race in ("White", "Black")) == 239


def test_groups_that_do_not_occur_have_no_row() -> None:
    table = fairness.fairness(*people())
    assert {r["race"] for r in table["rows"]} == {"all", "White", "Black"}
    assert {r["band"] for r in table["rows"]} == {"all", "20-39"}


def test_the_interval_of_everybody_is_that_of_the_figures() -> None:
    races, age, gender = people()
    age = AgeAnswers(age.truth, age.truth + np.random.default_rng(1).normal(0, 5, 240), age.low, age.high, age.nll)
    mine, published = row(fairness.fairness(races, age, gender))["mae"], mean_figure(abs(age.error), "lower")
    assert (mine.low, mine.high) == (pytest.approx(published.low), pytest.approx(published.high))


def test_fewer_than_ten_faces_show_nothing() -> None:
    races, age, gender = people()
    few = ("Asian",) * 9 + ("Indian",) * 10 + races[19:]
    table = fairness.fairness(few, age, gender)
    assert (row(table, "Asian")["n"], row(table, "Asian")["mae"]) == (9, None)
    assert row(table, "Indian")["mae"].value == pytest.approx(2)


def test_gender_is_counted_only_where_an_answer_is_due() -> None:
    races, age, gender = people()
    due = np.arange(240) >= 100
    answered = np.arange(240) % 2 == 0
    changed = GenderAnswers(age.truth, gender.female, gender.probability, answered, due, ~due)
    everybody = row(fairness.fairness(races, age, changed))
    assert everybody["gender_accuracy"].n == 140
    assert everybody["gender_not_sure"].value == pytest.approx(0.5)
    assert everybody["mae"].n == 240


def test_the_worst_group_is_named_with_its_gap() -> None:
    table = fairness.fairness(*people())
    found = summary(table, "mae", "race")
    assert (found["worst"]["group"], found["best"]["group"]) == ("Black", "White")
    assert found["gap"].value == pytest.approx(4)
    assert found["gap"].low == pytest.approx(4)
    assert summary(table, "coverage", "race")["worst"]["group"] == "Black"
    assert summary(table, "within_5", "race")["gap"].value == pytest.approx(1)
    assert summary(table, "mae", "race and gender")["worst"]["group"].startswith("Black ")


def test_a_gap_that_is_chance_has_an_interval_around_nothing() -> None:
    races, age, gender = people()
    noisy = AgeAnswers(age.truth, age.truth + np.random.default_rng(4).normal(0, 5, 240), age.low, age.high, age.nll)
    gap = summary(fairness.fairness(races, noisy, gender), "mae", "gender")["gap"]
    assert gap.value >= 0
    assert gap.low < 0 < gap.high


def test_groups_under_fifty_faces_are_never_compared() -> None:
    races, age, gender = people()
    few = tuple("Asian" if at >= 200 else race for at, race in enumerate(races))
    years = np.where(np.arange(240) >= 200, 90.0, age.years)
    table = fairness.fairness(few, AgeAnswers(age.truth, years, years, years, age.nll), gender)
    assert row(table, "Asian")["mae"].value == pytest.approx(60)
    assert summary(table, "mae", "race")["worst"]["group"] == "Black"
    assert not [s for s in table["summary"] if s["over"] == "band"]  # one band alone is no comparison


def archive(folder: pathlib.Path, races: list[str]) -> pathlib.Path:
    """A train split of grey chips named with these race labels; "" leaves the field out."""
    target = folder / "utkface"
    target.mkdir(parents=True)
    with tarfile.open(target / "train.tar", "w") as tar:
        for at, race in reversed(list(enumerate(races))):  # an archive is in no order
            encoded = cv2.imencode(".png", np.full((8, 8), 10 * at, np.uint8))[1].tobytes()
            middle = f"{race}_" if race else ""
            info = tarfile.TarInfo(f"train/{20 + at}_{at % 2}_{middle}2017010{at}.jpg.chip.jpg")
            info.size = len(encoded)
            tar.addfile(info, io.BytesIO(encoded))
    return folder


def test_race_labels_are_read_in_the_order_of_the_faces(tmp_path: pathlib.Path) -> None:
    data = archive(tmp_path, ["4", "0", "", "2"])
    assert utkface.load(data, "train").ages.tolist() == [20, 21, 22, 23]
    assert utkface.races(data, "train") == ("Other", "White", None, "Asian")


def test_training_sees_the_same_whatever_the_race_labels_say(tmp_path: pathlib.Path) -> None:
    one, other = archive(tmp_path / "a", list("0123")), archive(tmp_path / "b", list("3210"))
    for load in (lambda data: utkface.load(data, "train"), splits.utkface_train):
        first, second = load(one), load(other)
        assert set(vars(first)) == {"names", "chips", "ages", "female"}
        for field in ("chips", "ages", "female"):
            assert getattr(first, field).tolist() == getattr(second, field).tolist()


def _uses(path: pathlib.Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return names | {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}


def test_only_the_two_tables_of_groups_read_race_labels() -> None:
    readers = {str(path.relative_to(TRAINING)) for path in TRAINING.rglob("*.py") if "races" in _uses(path)}
    assert readers == {"measure/fairness.py", "measure/quality/groups.py"}


def test_nothing_that_trains_imports_the_fairness_table() -> None:
    measure = {f"measure/{name}.py" for name in ("fairness", "tables", "failures", "pictures/groups")}
    outputs = {"evaluate.py", "card_groups.py"} | measure
    importers = {
        str(path.relative_to(TRAINING))
        for path in TRAINING.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("fairness")
    }
    assert importers <= outputs
    for trains in ("train", "batches", "losses", "learner", "validate", "calibrate", "export"):
        assert not {"fairness", "measure_fairness"} & _uses(TRAINING / f"{trains}.py")


@pytest.mark.shared
def test_the_test_faces_have_the_known_race_labels(shared: pathlib.Path) -> None:
    labels = utkface.races(shared / "data", "test")
    assert len(labels) == 1_841
    counts = {race: labels.count(race) for race in utkface.RACES}
    assert counts == {"White": 804, "Black": 335, "Asian": 281, "Indian": 290, "Other": 131}


def test_masks_cross_all_three_labels() -> None:
    ages = np.array([2.0, 30.0, 30.0])
    female: Bools = np.array([True, True, False])
    masks = fairness.groups(("White", "White", "Black"), female, ages)
    assert masks["all", "all", "all"].tolist() == [True, True, True]
    assert masks["White", "female", "0-3"].tolist() == [True, False, False]
    assert ("Black", "female", "all") not in masks
