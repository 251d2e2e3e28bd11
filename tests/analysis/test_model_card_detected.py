"""Answers on faces that were found in a photo: the section of the page of the models."""

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from analysis.model_card.detected import parse_detected
from analysis.model_card.record import DETECTED
from analysis.model_card.types import RecordError

Commit = Callable[..., Path]
Document = dict[str, Any]


def figure(value: float, margin: float = 0.02, n: int = 400) -> Document:
    return {"value": value, "low": value - margin, "high": value + margin, "n": n, "better": "higher"}


def pair(chip: float, detected: float, *, same: bool = True) -> Document:
    both = {"chip": figure(chip), "detected": figure(detected)}
    return {**both, "difference": figure(detected - chip, 0.01)} if same else both


@pytest.fixture
def detected() -> Document:
    """An invented record: finding costs two points of expressions and half a year."""
    heads = {
        "emotion": {
            "found": figure(0.91, n=3000),
            "accuracy": pair(0.87, 0.85),
            "macro F1": pair(0.66, 0.63),
            "accuracy when sure": pair(0.95, 0.94, same=False),
        },
        "age": {"found": figure(0.97), "MAE": pair(5.1, 5.6), "interval coverage": pair(0.9, 0.88)},
        "gender": {"found": figure(0.97), "accuracy, all ages": pair(0.93, 0.93)},
    }
    return {"schema": 1, "model": "facetrio-9.9.9", "detector": "haar", "splits": {"valid": heads, "test": heads}}


@pytest.fixture
def show(client: Client, db: None, commit_record: Commit, document: Document) -> Callable[[Document | str | None], str]:
    """The page with this record, or with none."""

    def page(found: Document | str | None) -> str:
        commit_record(document)
        if found is not None:
            commit_record(found, DETECTED)
        response = client.get("/models/")
        assert response.status_code == 200
        return " ".join(response.content.decode().split())

    return page


def section_of(page: str) -> str:
    found = re.search(r'<section class="card-section" id="detected".*?</section>', page)
    assert found is not None
    return found[0]


def test_it_says_what_finding_costs(show: Callable[[Document], str], detected: Document) -> None:
    page = show(detected)
    section = section_of(page)
    assert "Of 100 faces put into photos, Haar finds 91 of FER+ and 97 of UTKFace." in section
    assert "the expression is right for 85 of 100 (87 on the cut-out pictures)" in section
    assert "the gender for 93 (93), and the age is 5.6 years off on average (5.1)." in section
    assert "Measured for facetrio-9.9.9." in section
    assert page.index('id="people"') < page.index('id="detected"') < page.index('id="failures"')
    assert 'href="#detected"' in page
    assert " style=" not in section


def test_both_columns_and_the_difference_stand_side_by_side(
    show: Callable[[Document], str], detected: Document
) -> None:
    section = section_of(show(detected)).replace("> <", "><")
    assert section.count("<table") == 3
    row = "<td>87.0% (85.0 to 89.0)</td><td>85.0% (83.0 to 87.0)</td><td>−2.0 points (−3.0 to −1.0)</td><td>400</td>"  # noqa: RUF001
    assert f'<th scope="row">Right answers</th>{row}' in section
    assert "<td>5.1 years (5.1 to 5.1)</td><td>5.6 years (5.6 to 5.6)</td><td>+0.5 years (+0.5 to +0.5)</td>" in section
    assert "<td>0.660 (0.640 to 0.680)</td><td>0.630 (0.610 to 0.650)</td><td>−0.030 (−0.040 to −0.020)</td>" in section  # noqa: RUF001
    assert "<td>91.0% (89.0 to 93.0)</td><td>–</td><td>3,000</td>" in section  # noqa: RUF001


def test_no_difference_has_no_minus_sign(detected: Document) -> None:
    detected["splits"]["test"]["gender"]["accuracy, all ages"]["difference"] = figure(-0.0001, 0.01)
    rows = parse_detected(detected).tables[2].rows
    assert rows[1].cells[3] == "+0.0 points (−1.0 to +1.0)"  # noqa: RUF001


def test_figures_of_different_faces_have_no_difference(detected: Document) -> None:
    rows = parse_detected(detected).tables[0].rows
    sure = next(row for row in rows if row.cells[0] == "Right answers, when it gives one")
    assert sure.cells[3] == "–"  # noqa: RUF001


def test_without_the_file_the_section_is_left_out_quietly(
    show: Callable[[None], str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        page = show(None)
    assert 'id="detected"' not in page
    assert "#detected" not in page
    assert not [entry for entry in caplog.records if entry.name.startswith("analysis")]


def _other_schema(document: Document) -> None:
    document["schema"] = 2


def _no_test_split(document: Document) -> None:
    del document["splits"]["test"]


def _no_accuracy(document: Document) -> None:
    del document["splits"]["test"]["emotion"]["accuracy"]


def _no_number(document: Document) -> None:
    document["splits"]["test"]["age"]["MAE"]["chip"]["value"] = "five"


@pytest.mark.parametrize("spoil", [_other_schema, _no_test_split, _no_accuracy, _no_number])
def test_a_record_that_is_out_of_shape_is_left_out_and_logged(
    show: Callable[[Document], str],
    detected: Document,
    spoil: Callable[[Document], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    spoil(detected)
    with pytest.raises(RecordError):
        parse_detected(detected)
    with caplog.at_level(logging.WARNING):
        page = show(detected)
    assert 'id="detected"' not in page
    assert "right for" in page
    assert any("faces found in photos" in entry.message for entry in caplog.records)
