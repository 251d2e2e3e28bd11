"""The record of figures and the manifest, read for the page; and their words."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis import engine
from analysis.model_card import words
from analysis.model_card.papers import papers_of
from analysis.model_card.parse import parse
from analysis.model_card.record import current_record
from analysis.model_card.types import Figure, Record, RecordError
from facet.env import BASE_DIR


def test_everything_of_the_record_is_read(record: Record) -> None:
    assert record.model == "facetrio-9.9.9"
    assert record.figure("FER+ test, emotion", "accuracy, official") == Figure(0.87, 0.859, 0.881, 400, "higher")
    assert record.figure("FER+ test, emotion", "beauty") is None
    assert record.risk_coverage["emotion"].served == (0.8, 0.08)
    assert record.groups[-1].gender_accuracy is None
    assert [group.is_few for group in record.groups] == [False, False, False, True, True]


def _drop(key: str) -> Callable[[dict[str, Any]], None]:
    def drop(document: dict[str, Any]) -> None:
        del document[key]

    return drop


def _uneven(document: dict[str, Any]) -> None:
    document["plots"]["confusion"]["counts"].pop()


def _not_a_number(document: dict[str, Any]) -> None:
    document["plots"]["age_error"][0]["mae"]["value"] = float("nan")


def _lost_points(document: dict[str, Any]) -> None:
    document["plots"]["risk_coverage"]["age"]["risk"].pop()


@pytest.mark.parametrize(
    "spoil", [*map(_drop, ["schema", "model", "figures", "plots", "fairness"]), _uneven, _not_a_number, _lost_points]
)
def test_a_record_that_is_out_of_order_is_refused(
    document: dict[str, Any], spoil: Callable[[dict[str, Any]], None]
) -> None:
    spoil(document)
    with pytest.raises(RecordError):
        parse(document)


def test_a_group_without_a_face_is_left_out(document: dict[str, Any]) -> None:
    empty = copy.deepcopy(document["plots"]["age_decades"][0]) | {"n": 0, "coverage": None}
    document["plots"]["age_decades"].append(empty)
    assert len(parse(document).decades) == 2


def test_a_record_is_read_once_until_it_changes(commit_record: Callable[..., Path], document: dict[str, Any]) -> None:
    commit_record(document)
    first = current_record()
    assert current_record() is first
    commit_record(document | {"model": "facetrio-10.0.0"})
    assert current_record().model == "facetrio-10.0.0"


def test_the_committed_record_can_be_drawn() -> None:
    path = BASE_DIR / "models_store" / "cards" / "metrics.json"
    if '"schema": 2' not in path.read_text(encoding="utf-8")[:40]:
        pytest.skip("the committed record is of an earlier schema; run make evaluate")
    from analysis.model_card.page import card_of

    card = card_of(current_record())
    assert len(card.headlines) == 3
    assert card.tolerance


def test_the_manifest_in_use_comes_first_and_further_versions_follow() -> None:
    manifest = engine.manifest_document()
    later: dict[str, Any] = {"version": "3", "weights": {"path": "weights/small.tflite", "sha256": "ab" * 32}}
    papers = papers_of(manifest | {"detector": later, "earlier": [{"name": "facetrio", "version": "0.9.0"}]})
    assert papers.in_use.model == f"{manifest['attributes']['name']}-{manifest['attributes']['version']}"
    assert [release.model for release in papers.releases[1:]] == ["detector-3", "facetrio-0.9.0"]
    assert papers.releases[1].files[0].name == "small.tflite"
    assert "UTKFace" in papers.licence


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("FER+ test, emotion", "Expression shown: FER+ test faces"),
        ("UTKFace valid, age", "Age: UTKFace validation faces"),
        ("Somewhere else", "Somewhere else"),
    ],
)
def test_titles_are_said_in_plain_words(title: str, said: str) -> None:
    assert words.set_title(title) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("accuracy, official", "Right answers"),
        ("accuracy, age 13+", "Right answers, ages 13 and over"),
        ("MAE, age 4-12", "Average error, ages 4 to 12"),
        ("MAE without age 26", "Average error, without age 26"),
        ("interval width, age 60+", "Width of the age range, ages 60 and over"),
        ("recall of fear", "Found: fear"),
        ("anything new", "anything new"),
    ],
)
def test_figures_are_named_in_plain_words(name: str, said: str) -> None:
    assert words.figure_name(name) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("MAE", "5.2 years (5.0 to 5.5)"),
        ("bias, age 60+", "+5.2 years (+5.0 to +5.5)"),
        ("AURC, MAE", "5.2 years (5.0 to 5.5)"),
        ("NLL against votes", "5.23 (4.98 to 5.48)"),
    ],
)
def test_figures_come_with_unit_and_interval(name: str, said: str) -> None:
    assert words.figure_text(name, Figure(5.23, 4.98, 5.48, 100, "lower")) == said


def test_shares_are_never_rounded_to_all_or_to_none() -> None:
    assert words.percent(0.999) == "99%"
    assert words.percent(0.0004, 1) == "0.1%"
    assert words.percent(1) == "100%"
    assert words.percent(0) == "0%"
    assert words.figure_text("recall of fear", Figure(0.337, 0.244, 0.442, 86, "higher")) == "33.7% (24.4 to 44.2)"
    assert words.figure_text("mae", None) == "–"  # noqa: RUF001
