"""The commands that measure: what they print, when they fail, what they write."""

import copy
import json
import pathlib
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from models_store.training.detection.measure import __main__ as look
from models_store.training.detection.measure import evaluate, record, subjects, tolerance
from models_store.training.detection.measure.changes import CURVES
from models_store.training.detection.measure.subjects import Subject
from models_store.training.detection.scenes import Scene
from models_store.training.errors import UserError
from models_store.training.measure.record import write
from vision.detectors import Detection

Find = Callable[..., list[Detection]]


@pytest.fixture
def two(photos: list[Scene], detections: Find, scripted: type) -> dict[str, Subject]:
    """One that finds every face with landmarks, and one that finds nothing but a wrong box."""
    good = [detections(*[(0.9, tuple(box)) for box in photo.boxes], landmarks=True) for photo in photos]
    bad = detections((30.0, (150.0, 150.0, 40.0, 40.0)))
    return {
        "facescout": Subject("facescout-9.9.9", scripted(*good), 0.5),
        "haar": Subject("haar", scripted(bad), -np.inf),
    }


@pytest.fixture
def document(monkeypatch: pytest.MonkeyPatch, photos: list[Scene], two: dict[str, Subject]) -> dict[str, Any]:
    """What is measured of the two on the small photos."""
    asked: list[str] = []

    def read(_: pathlib.Path, part: str) -> list[Scene]:
        asked.append(part)
        return photos

    monkeypatch.setattr(evaluate, "read_scenes", read)
    monkeypatch.setattr(tolerance, "CURVES", {"blur": CURVES["blur"]})
    made = evaluate.measure(pathlib.Path(), two)
    assert asked == ["valid", "test"]
    return made


def test_the_whole_document_is_measured(document: dict[str, Any], tmp_path: pathlib.Path) -> None:
    assert document["model"] == "facescout-9.9.9"
    assert list(document["figures"]) == ["facescout, valid", "facescout, test", "haar, valid", "haar, test"]
    test = document["figures"]["facescout, test"]
    assert test["recall at 0.1 false boxes a photo"]["value"] == 1
    assert document["figures"]["haar, test"]["recall at 0.1 false boxes a photo"]["value"] == 0
    assert document["thresholds"]["facescout"] == {"valid": None, "test": None, "shipped": 0.5}
    assert document["thresholds"]["haar"]["test"] == pytest.approx(30)
    assert set(document["froc"]) == set(document["tolerance"]) == {"facescout", "haar"}
    assert document["tolerance"]["haar"]["blur"]["points"][0]["recall"]["value"] == 0
    write(tmp_path / "detection.json", document)
    assert record.load(tmp_path / "detection.json") == document


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, document: dict[str, Any]) -> dict[str, Any]:
    """A document as what is measured, a copy of it as the record; changes to it are what was measured."""
    write(tmp_path / "detection.json", copy.deepcopy(document))
    monkeypatch.setattr(record, "RECORD", tmp_path / "detection.json")
    monkeypatch.setattr(evaluate, "released", dict)
    monkeypatch.setattr(evaluate, "measure", lambda *_: document)
    monkeypatch.setattr(evaluate, "shared_data", lambda: tmp_path)
    monkeypatch.setattr(sys, "argv", ["evaluate"])
    return document


def test_the_same_figures_are_not_worse(measured: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main() == 0
    shown = capsys.readouterr().out
    assert "no figure is worse than the record" in shown
    for part in ("recall, height 48-96", "Recall under blur", "Goals, facescout, test", "Goals, haar, test"):
        assert part in shown


def test_a_worse_figure_fails_and_leaves_the_record(
    measured: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    before = record.RECORD.read_bytes()
    measured["figures"]["facescout, test"]["recall as shipped"]["value"] = 0.8
    assert evaluate.main() == 1
    assert "facescout, test: recall as shipped is 0.8000" in capsys.readouterr().out
    assert record.RECORD.read_bytes() == before


def test_accept_makes_the_figures_the_record(measured: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    measured["figures"]["facescout, test"]["recall as shipped"]["value"] = 0.8
    monkeypatch.setattr(sys, "argv", ["evaluate", "--accept"])
    assert evaluate.main() == 0
    assert record.load(record.RECORD) == measured


def test_the_first_run_writes_the_record(measured: dict[str, Any]) -> None:
    record.RECORD.unlink()
    assert evaluate.main() == 0
    assert record.load(record.RECORD) == measured


@pytest.mark.parametrize("content", [None, '{"schema": 7}'])
def test_no_record_and_another_schema_are_said(tmp_path: pathlib.Path, content: str | None) -> None:
    path = tmp_path / "detection.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(UserError, match="evaluate"):
        record.load(path)


def test_a_look_prints_the_figures_and_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], photos: list[Scene], two: dict[str, Subject],
    tmp_path: pathlib.Path,
) -> None:  # fmt: skip
    monkeypatch.setattr(
        look, "read_scenes", lambda _, part: photos if part == "valid" else pytest.fail("test was read")
    )
    monkeypatch.setattr(look, "shared_data", lambda: tmp_path)
    monkeypatch.setattr(look, "subject", lambda name, side: two[name] if side is None else pytest.fail("a side"))
    monkeypatch.setattr(sys, "argv", ["measure", "--detector", "haar"])
    assert look.main() == 0
    shown = capsys.readouterr().out
    assert "haar, valid" in shown
    assert "shipped: from -inf" in shown
    assert list(tmp_path.iterdir()) == []


def test_only_what_can_be_measured_is_named(tmp_path: pathlib.Path) -> None:
    with pytest.raises(UserError, match="side of haar is fixed"):
        subjects.subject("haar", 320)
    with pytest.raises(UserError, match="known are facescout, haar"):
        subjects.subject("mtcnn")
    with pytest.raises(UserError, match="there is no"):
        subjects.candidate(tmp_path / "nothing.tflite", None, 320, 0.5)
    assert subjects.subject("haar").shipped == -np.inf


def test_a_manifest_without_a_detector_is_said(tmp_path: pathlib.Path) -> None:
    (tmp_path / "manifest.toml").write_text(f"[attributes]\nname = {json.dumps('facetrio')}\n")
    with pytest.raises(UserError, match="no section detector"):
        subjects.papers(tmp_path / "manifest.toml")
