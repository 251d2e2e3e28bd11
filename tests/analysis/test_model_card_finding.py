"""How well faces are found: the section of the page of the models."""

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from analysis.model_card.detectors import parse_detectors
from analysis.model_card.finding import finding_of
from analysis.model_card.record import DETECTION, current_detectors
from analysis.model_card.types import RecordError

Commit = Callable[..., Path]
Document = dict[str, Any]


@pytest.fixture
def show(client: Client, db: None, commit_record: Commit, document: Document) -> Callable[[Document | str | None], str]:
    """The page with this record of the detectors, or with none."""

    def page(detectors: Document | str | None) -> str:
        commit_record(document)
        if detectors is not None:
            commit_record(detectors, DETECTION)
        response = client.get("/models/")
        assert response.status_code == 200
        return " ".join(response.content.decode().split())

    return page


def section_of(page: str) -> str:
    found = re.search(r'<section class="card-section" id="finding".*?</section>', page)
    assert found is not None
    return found[0]


def test_it_says_how_many_faces_are_found_and_on_what_that_rests(
    show: Callable[[Document], str], detection: Document
) -> None:
    page = show(detection)
    section = section_of(page)
    assert "FaceScout finds 88 of 100 faces and puts 3 false boxes into 100 photos without a face." in section
    assert "Haar finds 31 of 100 faces" in section
    assert "Measured for facescout-9.9.9 on 293 whole photographs with 460 faces of 32 pixels or more" in section
    assert "recognises nobody" in section
    assert page.index('id="finding"') < page.index('id="expressions"')
    assert 'href="#finding"' in page
    assert "<dt>Scenes</dt>" in page


def test_the_pictures_have_names_and_their_numbers_in_tables(
    show: Callable[[Document], str], detection: Document
) -> None:
    section = section_of(show(detection))
    assert re.findall(r'<figure class="chart" id="([\w-]+)"', section) == [
        "finding-froc", "finding-sizes", "finding-rotation",
    ]  # fmt: skip
    assert section.count("<details") == section.count("<table") == 4
    assert section.count("<title id=") == section.count("<desc id=") == section.count("<figcaption>") == 3
    assert '<th scope="row">Found in photos of few/faces<span class="visually-hidden"> (few faces)</span>' in section
    assert "<td>0.03 (0.00 to 0.06)</td>" in section
    assert " style=" not in section


def test_each_picture_says_what_to_see_in_it(detection: Document) -> None:
    froc, sizes, turned = finding_of(parse_detectors(detection)).charts
    assert "With one false box in ten photos FaceScout finds 88 of 100 faces, Haar 31." in froc.says
    assert "as it runs: 80, with 0.04 false boxes a photo" in froc.says
    assert "Of the faces 20 to 32 px high it finds 58 of 100, of those of 32 to 48 px 88." in sizes.says
    assert "behind a mask, marked by people, it finds 88 of 100" in sizes.says
    assert turned.says == "With the photo turned by 60 degrees, FaceScout finds 80 of 100 faces instead of 90."
    assert [key.text for key in turned.keys] == ["FaceScout", "Haar"]


def test_the_curve_climbs_in_steps_and_the_mark_is_where_it_serves(detection: Document) -> None:
    plot = finding_of(parse_detectors(detection)).charts[0].plots[0]
    at = {tick.text: tick.at for tick in plot.x_ticks}
    up = {tick.text: tick.at for tick in plot.y_ticks}
    assert list(at) == ["0.01", "0.1", "1"]
    assert at["0.1"] - at["0.01"] == pytest.approx(at["1"] - at["0.1"], abs=0.2)  # a logarithmic axis
    assert plot.paths[0].d.startswith(f"M{at['0.1']:g} ")
    assert f" H{at['0.01']:g} V" in plot.paths[1].d
    served = plot.dots[0]
    assert at["0.01"] < served.x < at["0.1"]
    assert served.y == up["80%"]
    assert plot.dots[1].x == plot.left  # without any false box it stands at the left


def test_the_table_stops_where_a_detector_has_no_more_to_say(detection: Document) -> None:
    rows = finding_of(parse_detectors(detection)).charts[0].table.rows
    assert [row.cells for row in rows][:2] == [("0", "50.0%", "20.0%"), ("0.01", "70.0%", "20.0%")]
    assert rows[-1].cells == ("1", "93.0%", "29.0%")


def test_few_faces_are_not_spoken_of(detection: Document) -> None:
    for name, found in detection["figures"]["facescout, test"].items():
        if "height" in name or "mask" in name:
            found["n"] = 49
    assert finding_of(parse_detectors(detection)).charts[1].says == ""


def test_one_detector_alone_makes_a_section_too(detection: Document) -> None:
    for curves in (detection["froc"], detection["tolerance"]):
        del curves["haar"]
    section = finding_of(parse_detectors(detection))
    assert "Haar" not in section.answer
    assert section.table.columns == ("Figure", "FaceScout", "Faces or photos")


def test_without_tolerance_curves_there_is_no_picture_of_them(detection: Document) -> None:
    detection["tolerance"] = {"facescout": {}, "haar": {}}
    assert [chart.slug for chart in finding_of(parse_detectors(detection)).charts] == ["finding-froc", "finding-sizes"]


def test_without_the_file_the_section_is_left_out_quietly(
    show: Callable[[None], str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        page = show(None)
    assert 'id="finding"' not in page
    assert 'href="#finding"' not in page
    assert "right for" in page
    assert not [entry for entry in caplog.records if entry.name.startswith("analysis")]


def _no_figure(document: Document) -> None:
    del document["figures"]["facescout, test"]["recall as shipped"]


def _no_detector(document: Document) -> None:
    document["froc"] = {}


def _uneven(document: Document) -> None:
    document["froc"]["haar"]["recall"].pop()


def _one_point(document: Document) -> None:
    document["tolerance"]["haar"]["rotation"]["points"] = document["tolerance"]["haar"]["rotation"]["points"][:1]


def _another_schema(document: Document) -> None:
    document["schema"] = 2


@pytest.mark.parametrize("spoil", [_no_figure, _no_detector, _uneven, _one_point, _another_schema])
def test_a_record_out_of_order_costs_the_section_only(
    show: Callable[[Document], str], detection: Document, spoil: Callable[[Document], None],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    spoil(detection)
    with pytest.raises(RecordError):
        parse_detectors(detection)
    page = show(detection)
    assert 'id="finding"' not in page
    assert "right for" in page
    assert "leaves out how well faces are found" in caplog.text


@pytest.mark.parametrize("content", ["", "[]", "null", "{"])
def test_a_file_that_is_none_costs_the_section_only(show: Callable[[str], str], content: str) -> None:
    page = show(content)
    assert 'id="finding"' not in page
    assert "right for" in page


def test_the_committed_record_can_be_drawn() -> None:
    detectors = current_detectors()
    assert detectors is not None
    assert len(finding_of(detectors).charts) == 3
