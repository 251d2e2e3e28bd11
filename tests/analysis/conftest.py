"""The record of figures that the page of the models is tested with: small, invented, schema 2."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis.model_card.parse import parse
from analysis.model_card.types import Record
from analysis.model_card.ways import PLACEBO, PLAIN

LABELS = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]


def figure(value: float, margin: float = 0.02, n: int = 400) -> dict[str, Any]:
    return {"value": value, "low": value - margin, "high": value + margin, "n": n, "better": "higher"}


def plots() -> dict[str, Any]:
    counts = [[90 if row == column else 1 for column in range(8)] for row in range(8)]
    counts[6] = [5, 0, 40, 0, 0, 0, 35, 0]  # fear, mostly called surprise
    counts[7] = [12, 0, 0, 0, 0, 0, 0, 0]  # contempt, never found, and hardly there
    bins = [{"confidence": at / 10, "right": at / 10 - 0.05, "low": at / 10 - 0.1, "high": at / 10, "n": 100}
            for at in range(4, 10)]  # fmt: skip
    curve = {"coverage": [0.25, 0.5, 0.75, 1.0], "risk": [0.01, 0.03, 0.07, 0.13]}
    ages = {"mae": figure(5.2, 0.3), "bias": figure(-3.4, 0.5), "coverage": figure(0.84), "width": figure(21.5, 0.4)}
    points = [
        {"amount": amount, "emotion_accuracy": figure(0.87 - amount / 100), "gender_accuracy": figure(0.94),
         "age_mae": figure(5.1 + amount / 10, 0.3)}
        for amount in (0, 8, 16)
    ]  # fmt: skip
    return {
        "confusion": {"labels": LABELS, "counts": counts},
        "reliability": {"emotion": bins, "gender": bins, "emotion_votes": bins},
        "risk_coverage": {
            "emotion": curve | {"served": {"coverage": 0.8, "risk": 0.08}},
            "gender": curve | {"served": None},
            "age": {"coverage": [0.5, 1.0], "risk": [3.1, 5.2], "served": None},
        },
        "age_error": [{"band": "20-39", "n": 300, **ages}, {"band": "60+", "n": 40, **ages}],
        "age_decades": [
            {"decade": "20-29", "n": 200, "coverage": figure(0.93), "width": figure(20, 1)},
            {"decade": "80+", "n": 30, "coverage": figure(0.81), "width": figure(28, 1)},
        ],
        "tolerance": {"shift": {"unit": "% of the face's side", "neutral": 0, "points": points}},
    }


def fairness() -> dict[str, Any]:
    def row(race: str, gender: str, band: str, n: int, right: float | None) -> dict[str, Any]:
        same = {name: figure(5.0, 0.2, n) for name in ("mae", "bias", "width")}
        shares = {name: figure(0.6, 0.02, n) for name in ("within_5", "coverage", "gender_not_sure")}
        accuracy = None if right is None else figure(right, 0.02, n)
        return {"race": race, "gender": gender, "band": band, "n": n, "gender_accuracy": accuracy} | same | shares

    return {
        "rows": [
            row("all", "all", "all", 700, 0.94),
            row("White", "male", "all", 400, 0.96),
            row("Black", "female", "all", 120, 0.91),
            row("Other", "female", "all", 20, 0.99),
            row("Other", "female", "0-3", 12, None),
        ],
        "summary": [
            {
                "measure": "gender_accuracy",
                "over": "race and gender",
                "worst": {"group": "Black female", "figure": figure(0.91)},
                "best": {"group": "White male", "figure": figure(0.96)},
                "gap": figure(0.05, 0.06),
            }
        ],
    }


@pytest.fixture
def document() -> dict[str, Any]:
    """A whole record as JSON holds it; tests may change theirs."""
    age = {"MAE": figure(5.23, 0.25), "within 5 years": figure(0.63), "interval coverage": figure(0.905),
           "interval width": figure(22.1, 0.5), "children (0-12) read as adults (20+)": figure(0.03, 0.01)}  # fmt: skip
    gender = {"accuracy, all ages": figure(0.93, 0.01), "accuracy when sure": figure(0.98, 0.005),
              "not sure": figure(0.2), "accuracy, age 13+": figure(0.955, 0.01)}  # fmt: skip
    emotion = {"accuracy, official": figure(0.87, 0.011), "accuracy when sure": figure(0.95, 0.01),
               "not sure": figure(0.22), "recall of happiness": figure(0.92),
               "recall of contempt": figure(0.1, 0.1, 12)}  # fmt: skip
    return {
        "schema": 2,
        "model": "facetrio-9.9.9",
        "figures": {"FER+ test, emotion": emotion, "UTKFace test, age": age, "UTKFace test, gender": gender},
        "plots": plots(),
        "fairness": fairness(),
    }


@pytest.fixture
def record(document: dict[str, Any]) -> Record:
    """The same, read."""
    return parse(document)


@pytest.fixture
def comparison() -> dict[str, Any]:
    """The ways of telling the expression head age and gender, invented: FiLM is no better than chance."""

    def against(points: float, p: float) -> dict[str, Any]:
        return {"accuracy": figure(points / 100, 0.006, 3000), "macro F1": figure(points / 50, 0.02, 3000), "p": p}

    def way(points: float, *changes: float) -> dict[str, Any]:
        claims = ("other gender", "20 years older", "20 years younger")
        changed = {f"answers that change: {claim}": figure(share, 0.004) for claim, share in zip(claims, changes)}  # noqa: B905
        figures = {"accuracy": figure(0.81 + points / 100, 0.013, 3000), "macro F1": figure(0.6), **changed}
        return {"figures": figures, f"against {PLAIN}": against(points, 0.004), f"against {PLACEBO}": against(0.1, 0.6)}

    ways = {"expression alone": way(-0.9), PLAIN: way(0), "FiLM": way(0.4, 0.021, 0.034, 0.045),
            PLACEBO: way(0.3, 0.005, 0.006, 0.005), "hierarchy of heads": way(-0.2, 0.055, 0.07, 0.081)}  # fmt: skip
    for name in (PLAIN, PLACEBO):
        del ways[name][f"against {name}"]
    return {"schema": 1, "seeds": 4, "faces": 3000, "released": PLAIN, "helpful": [], "ways": ways}


@pytest.fixture
def detection() -> dict[str, Any]:
    """The record of two detectors, invented."""

    def one(recall: float, *more: str) -> dict[str, Any]:
        shares = ("recall at 0.1 false boxes a photo", "recall as shipped", "recall, height 32-48", *more)
        found = {name: figure(recall, 0.03, 460) for name in shares}
        found["recall, height 20-32"] = figure(recall - 0.3, 0.05, 470)
        found["recall, height 96+"] = figure(recall + 0.02, 0.02, 35)
        found["recall, photos of few/faces"] = figure(recall, 0.1, 9)
        for name, n in (("a photo", 293), ("on photos without faces", 111)):
            found[f"false boxes {name} as shipped"] = figure(0.031, 0.03, n)
        return found

    def curves(drop: float) -> dict[str, Any]:
        points = [{"amount": turn, "recall": figure(0.9 - drop * turn / 60, 0.05)} for turn in (0, 15, 30, 45, 60)]
        return {"rotation": {"unit": "degrees", "neutral": 0, "points": points}}

    froc = {"false": [0.0, 0.01, 0.09, 0.8], "recall": [0.5, 0.7, 0.88, 0.93], "served": {"false": 0.04, "recall": 0.8}}
    never = {"false": [0.0, 0.02], "recall": [0.2, 0.29], "served": {"false": 0.0, "recall": 0.2}}
    masks = (f"recall of hand-drawn boxes, {who} a mask" for who in ("with", "without"))
    return {
        "schema": 1,
        "model": "facescout-9.9.9",
        "thresholds": {"facescout": {"valid": 0.4, "test": 0.41, "shipped": 0.5}},
        "figures": {
            "facescout, valid": one(0.9),
            "facescout, test": one(0.88, "landmark error", *masks),
            "haar, test": one(0.31),
        },
        "froc": {"facescout": froc, "haar": never},
        "tolerance": {"facescout": curves(0.1), "haar": curves(0.9)},
    }


@pytest.fixture
def commit_record(settings: Any, tmp_path: Path) -> Callable[..., Path]:
    """Puts a document, or a text that is none, where the page looks for the record."""

    def commit(content: str | dict[str, Any], name: str = "metrics.json") -> Path:
        path = tmp_path / "models_store" / "cards" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    settings.BASE_DIR = tmp_path
    return commit
