"""The detector's card: its sentences follow from the record, and change with it."""

import pathlib
from typing import Any

import pytest

from models_store.training.detection.measure import card, failures, pictures, record
from models_store.training.detection.measure.changes import CURVES
from models_store.training.detection.measure.subjects import papers
from models_store.training.errors import UserError
from models_store.training.measure.record import report_of, write
from models_store.training.metrics import Figure
from models_store.training.paths import CARDS, STORE

ABOUT = {
    "name": "facescout",
    "version": "9.9.9",
    "licence": "Research use only",
    "recipe": "training/configs/facescout-9.9.9.toml",
    "trained_on": ["scenes train", "UTKFace train"],
}
Json = dict[str, Any]


def figure(value: float, n: int = 100, *, better: str = "higher", half: float = 0.04) -> Json:
    return {"value": value, "low": value - half, "high": value + half, "n": n, "better": better}


def part(recall: float, *, landmarks: bool) -> Json:
    """The figures of one detector on one part."""
    at = "at 0.1 false boxes a photo"
    found = {
        f"recall {at}": figure(recall, 300),
        f"recall of hand-drawn boxes {at}": figure(recall - 0.1),
        f"false boxes on photos without faces {at}": figure(0.05, 60, better="lower"),
        "recall as shipped": figure(recall - 0.05),
        "false boxes on photos without faces as shipped": figure(0.04, 60, better="lower"),
        "recall, height 20-32": figure(recall - 0.3),
        "recall, height 32-48": figure(recall - 0.1),
        "recall, height 48-96": figure(recall),
        "recall, height 96+": figure(recall + 0.05, 20),
        "recall of hand-drawn boxes, with a mask": figure(recall - 0.2, 80),
        "recall of hand-drawn boxes, without a mask": figure(recall, 20),
        "recall, photos of one/place": figure(recall - 0.2, 40),
        "recall, photos of two/place": figure(recall - 0.04, 250),
        "recall, photos of few/faces": figure(0.1, 9),
    }
    if landmarks:
        found["landmark error"] = figure(0.06, better="lower")
        found["landmark error, not turned far"] = figure(0.045, better="lower")
    return found


def curves(drop: float) -> Json:
    """Each step away from what changes nothing costs `drop` of recall."""
    made: Json = {}
    for name, curve in CURVES.items():
        amounts = sorted((curve.neutral, *curve.amounts), key=lambda amount: abs(amount - curve.neutral))
        points = [{"amount": float(amount), "recall": figure(0.9 - drop * at)} for at, amount in enumerate(amounts)]
        points.sort(key=lambda point: point["amount"])
        made[name] = {"unit": curve.unit, "neutral": float(curve.neutral), "points": points}
    return made


@pytest.fixture
def document() -> Json:
    """A record of two detectors."""
    froc = {"false": [0.0, 0.01, 0.1, 1.0], "recall": [0.5, 0.7, 0.88, 0.93], "served": {"false": 0.05, "recall": 0.8}}
    return {
        "schema": record.SCHEMA,
        "model": "facescout-9.9.9",
        "thresholds": {},
        "figures": {
            "facescout, valid": part(0.9, landmarks=True),
            "facescout, test": part(0.88, landmarks=True),
            "haar, valid": part(0.4, landmarks=False),
            "haar, test": part(0.31, landmarks=False),
        },
        "froc": {"facescout": froc, "haar": froc},
        "tolerance": {"facescout": curves(0.04), "haar": curves(0.1)},
    }


def test_the_goals_stand_beside_both_detectors(document: Json) -> None:
    table = card.goals_table(report_of(document), "facescout")
    assert "| goal | must | aim | facescout |  | haar |" in table
    recall = "| recall at 0.1 false boxes a photo | at least 85 % | at least 94 % | 88.0 % (84.0 to 92.0) | met |"
    assert f"{recall} 31.0 % (27.0 to 35.0) |" in table
    assert (
        "| landmark error, of the eyes' distance | at most 6 % | at most 4 % | 6.0 % (2.0 to 10.0) | met | - |" in table
    )


def test_the_card_holds_every_figure_and_says_what_is_not_allowed(document: Json) -> None:
    text = card.card(ABOUT, document)
    assert text.startswith("# facescout-9.9.9\n")
    assert "does not recognise anybody" in text
    assert "Licence: Research use only." in text
    assert "Not allowed: commercial use" in text
    assert "| recall, height 96+ | 93.0 % (89.0 to 97.0) | 36.0 % (32.0 to 40.0) | 95.0 % (91.0 to 99.0) |" in text
    assert "| one/place | 68.0 % (64.0 to 72.0) | 11.0 % (7.0 to 15.0) | 40 |" in text
    for name in pictures.PICTURES:
        assert f"](facescout.{name}.png)" in text


def test_failures_are_those_of_the_figures(document: Json) -> None:
    lines = failures.bullets(document, "facescout").splitlines()
    assert lines[0].endswith("of those 20 to 32 pixels high it finds 58.0 %, of those of 32 to 48 78.0 %.")
    assert "with a mask it finds 68.0 %, of hand-drawn ones without 88.0 %" in lines[1]
    assert lines[2] == "- More faces than on the whole (88.0 %) are missed in the photos of one/place (68.0 %)."
    assert "100 photos without any face get 4 false boxes (0 to 8)" in lines[3]
    assert "off by 4.5 % of the distance between the eyes" in lines[4]
    assert "a photo turned by 45 degrees, 3 stops less light, a blur of 3 pixels, JPEG of quality 20" in lines[5]
    assert len(lines) == 6 + len(failures.UNMEASURED)


def test_what_is_no_worse_than_the_rest_is_not_called_a_failure(document: Json) -> None:
    figures = report_of(document)["facescout, test"]
    good = dict.fromkeys(figures, Figure(0.88, 0.8, 0.95, 100, "higher"))
    assert list(failures.sizes(good)) == list(failures.masks(good)) == list(failures.sources(good)) == []
    assert list(failures.landmarks({})) == []
    assert list(failures.costs(curves(0.0))) == []


def test_a_change_is_called_costly_in_both_directions(document: Json) -> None:
    (line,) = failures.costs({"jpeg": curves(0.2)["jpeg"]})
    assert "JPEG of quality 50;" in line


def test_every_picture_is_drawn_from_the_record_alone(document: Json, tmp_path: pathlib.Path) -> None:
    del document["figures"]["haar, test"]["recall of hand-drawn boxes, without a mask"]
    document["froc"]["haar"]["served"] = {"false": 0.0, "recall": 0.3}
    paths = pictures.draw_all(document, tmp_path, "facescout")
    assert [path.name for path in paths] == [f"facescout.{name}.png" for name in card.CAPTIONS]
    assert all(path.read_bytes().startswith(b"\x89PNG") and path.stat().st_size > 10_000 for path in paths)


def test_a_record_of_another_version_makes_no_card(
    document: Json, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "detection.json", document)
    monkeypatch.setattr(record, "RECORD", tmp_path / "detection.json")
    monkeypatch.setattr(card, "papers", lambda _: ABOUT | {"version": "1.0.0"})
    with pytest.raises(UserError, match=r"of facescout-9\.9\.9, not of facescout-1\.0\.0"):
        card.main()


def test_the_stored_card_is_what_its_command_writes() -> None:
    about = papers(STORE / "manifest.toml")
    assert (CARDS / f"{about['name']}.md").read_text(encoding="utf-8") == card.card(about, record.load(record.RECORD))
