"""The command that measures: what it prints, when it fails, what it writes."""

import copy
import pathlib
import sys
from typing import Any

import numpy as np
import pytest

from models_store.training import evaluate
from models_store.training.data import evaluation
from models_store.training.measure import record
from models_store.training.paths import CARDS
from vision.calibration import Calibration
from vision.preprocessing import Batch
from vision.runtimes import Logits


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> dict[str, Any]:
    """The committed record as what is measured, a copy of it as the record; changes to it are what was measured."""
    document = copy.deepcopy(record.load(CARDS / "metrics.json"))
    record.write(tmp_path / "metrics.json", document)
    monkeypatch.setattr(evaluate, "RECORD", tmp_path / "metrics.json")
    monkeypatch.setattr(evaluate, "measure", lambda *_: document)
    monkeypatch.setattr(evaluate, "shared_data", lambda: tmp_path)
    monkeypatch.setattr(evaluate, "one_face_ms", lambda _: 0.5)
    monkeypatch.setattr(sys, "argv", ["evaluate"])
    return document


def test_the_same_figures_are_not_worse(measured: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main() == 0
    shown = capsys.readouterr().out
    assert "no figure is worse than the record" in shown
    for part in ("FER+ test, emotion", "UTKFace test by group", "Worst and best group", "Tolerance to shift", "Goals"):
        assert part in shown
    assert "0.50 ms" in shown


def test_a_worse_figure_fails_and_leaves_the_record(
    measured: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    before = evaluate.RECORD.read_bytes()
    figure = measured["figures"]["UTKFace test, age"]["MAE"]
    figure["value"] = figure["high"] + 0.01
    assert evaluate.main() == 1
    assert "UTKFace test, age: MAE is" in capsys.readouterr().out
    assert evaluate.RECORD.read_bytes() == before


def test_accept_makes_the_figures_the_record(measured: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    measured["figures"]["UTKFace test, age"]["MAE"]["value"] = 9.0
    monkeypatch.setattr(sys, "argv", ["evaluate", "--accept"])
    assert evaluate.main() == 0
    assert record.load(evaluate.RECORD)["figures"]["UTKFace test, age"]["MAE"]["value"] == 9.0


def test_the_first_run_writes_the_record(measured: dict[str, Any]) -> None:
    evaluate.RECORD.unlink()
    assert evaluate.main() == 0
    assert record.load(evaluate.RECORD) == measured


class Random:
    """A runtime that answers at random, the same each time."""

    name = "random"

    def run(self, batch: Batch) -> Logits:
        rng = np.random.default_rng(len(batch))
        widths = {"age": 101, "gender": 1, "emotion": 8}
        return {name: rng.normal(0, 2, (len(batch), width)).astype(np.float32) for name, width in widths.items()}


def test_the_whole_document_is_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    rng = np.random.default_rng(0)
    asked: list[str] = []

    def expressions(_: pathlib.Path, split: str) -> evaluation.Expressions:
        asked.append(split)
        labels = np.arange(160) % 8
        votes = np.concatenate([np.eye(8)[labels] * 10, np.zeros((160, 2))], axis=1).astype(np.uint8)
        return evaluation.Expressions(np.zeros((160, 64, 64, 1), np.float32), votes, labels, labels == 7)

    def portraits(_: pathlib.Path, split: str) -> evaluation.Portraits:
        asked.append(split)
        ages = np.concatenate([np.full(110, 25), rng.integers(0, 100, 190)]).astype(np.float32)
        return evaluation.Portraits(np.zeros((300, 64, 64, 1), np.float32), ages, np.arange(300) % 2 == 0)

    def groups(_: pathlib.Path, split: str) -> tuple[str, ...]:
        assert split == "test"
        return ("White", "Black", "Asian") * 100

    monkeypatch.setattr(evaluation, "expressions", expressions)
    monkeypatch.setattr(evaluation, "portraits", portraits)
    monkeypatch.setattr("models_store.training.measure.fairness.utkface.races", groups)
    monkeypatch.setattr("models_store.training.measure.tolerance.sample", lambda _: None)
    monkeypatch.setattr("models_store.training.measure.tolerance.curves", lambda *_: {"shift": {}})
    calibration = Calibration(1.0, 1.0, (), (1.6,), 1.0, 0.5, 3.0, 1.0, 0.1)
    document = evaluate.measure(tmp_path, "facetrio-9.9.9", Random(), calibration)
    assert asked == ["valid", "valid", "test", "test"]
    committed = record.load(CARDS / "metrics.json")
    assert document["model"] == "facetrio-9.9.9"
    assert set(document) == set(committed)
    assert set(document["plots"]) == set(committed["plots"])
    for title, figures in committed["figures"].items():
        assert set(document["figures"][title]) == set(figures)
    record.write(tmp_path / "metrics.json", document)
    assert record.load(tmp_path / "metrics.json") == document


def test_one_face_takes_some_time() -> None:
    assert 0 < evaluate.one_face_ms(Random(), rounds=3) < 1000
