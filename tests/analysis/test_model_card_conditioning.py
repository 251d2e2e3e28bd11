"""Does telling the expression head age and gender help: the section of the page of the models."""

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from analysis.model_card.conditioning import conditioning_of
from analysis.model_card.record import WAYS, current_ways
from analysis.model_card.types import RecordError
from analysis.model_card.ways import PLACEBO, PLAIN, parse_ways

Commit = Callable[..., Path]
Document = dict[str, Any]


@pytest.fixture
def show(client: Client, db: None, commit_record: Commit, document: Document) -> Callable[[Document | str | None], str]:
    """The page with this comparison, or with none."""

    def page(comparison: Document | str | None) -> str:
        commit_record(document)
        if comparison is not None:
            commit_record(comparison, WAYS)
        response = client.get("/models/")
        assert response.status_code == 200
        return " ".join(response.content.decode().split())

    return page


def section_of(page: str) -> str:
    found = re.search(r'<section class="card-section" id="conditioning".*?</section>', page)
    assert found is not None
    return found[0]


def test_it_answers_and_says_what_the_answer_rests_on(show: Callable[[Document], str], comparison: Document) -> None:
    page = show(comparison)
    section = section_of(page)
    assert "No. No network that was told them was clearly right more often than both" in section
    assert "The released network is told nothing." in section
    assert "5 ways, each trained 4 times from different seeds, on 3,000 validation faces" in section
    assert "<code>docs/conditioning.md</code>" in section
    assert page.index('id="people"') < page.index('id="conditioning"') < page.index('id="failures"')
    assert 'href="#conditioning"' in page


def test_the_pictures_have_names_and_their_numbers_in_tables(
    show: Callable[[Document], str], comparison: Document
) -> None:
    section = section_of(show(comparison))
    assert section.count('<figure class="chart"') == section.count("<details>") == section.count("<table") == 2
    assert section.count("<title id=") == section.count("<desc id=") == section.count("<figcaption>") == 2
    assert "<td>+0.4 points (−0.2 to +1.0)</td> <td>under 0.01</td>".replace("> <", "><") in section  # noqa: RUF001
    assert "<td>4.5% (4.1 to 4.9)</td>" in section
    assert " style=" not in section
    assert "http" not in section


def test_each_picture_says_what_to_see_in_it(comparison: Document) -> None:
    differences, claims = conditioning_of(parse_ways(comparison)).charts
    assert "“FiLM” does best: +0.4 points (−0.2 to +1.0), which may be chance." in differences.says  # noqa: RUF001
    assert "“six heads” and “20 years younger”: 8.1%. The released network takes no claim" in claims.says
    assert [tick.text for tick in differences.plots[0].x_ticks] == ["−1", "0", "+1"]  # noqa: RUF001


def test_the_line_of_no_difference_lies_at_nought(comparison: Document) -> None:
    plot = conditioning_of(parse_ways(comparison)).charts[0].plots[0]
    nought = next(tick.at for tick in plot.x_ticks if tick.text == "0")
    assert plot.paths[0].kind == "ideal"
    assert plot.paths[0].d.startswith(f"M{nought:g} ")


@pytest.mark.parametrize(
    ("helpful", "released", "answer", "then"),
    [
        ([], "FiLM", "No. No network", "is told them by “FiLM”, although that did not help."),
        (["FiLM"], "FiLM", "Yes. The network told by “FiLM” was", "is told them by “FiLM”."),
        (
            ["FiLM", "hierarchy of heads"],
            PLAIN,
            "Yes. The network told by “FiLM” and that told by “six heads” were",
            "is told nothing all the same.",
        ),
    ],
)
def test_the_answer_follows_the_verdict_of_the_record(
    comparison: Document, helpful: list[str], released: str, answer: str, then: str
) -> None:
    section = conditioning_of(parse_ways(comparison | {"helpful": helpful, "released": released}))
    assert section.answer.startswith(answer)
    assert then in section.released
    assert ("takes no claim" in section.charts[1].says) is (released == PLAIN)


def test_without_the_file_the_section_is_left_out_quietly(
    show: Callable[[None], str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        page = show(None)
    assert "conditioning" not in page
    assert "right for" in page
    assert not [entry for entry in caplog.records if entry.name.startswith("analysis")]


def _no_placebo(document: Document) -> None:
    del document["ways"][PLACEBO]


def _no_verdict(document: Document) -> None:
    del document["helpful"]


def _uneven_claims(document: Document) -> None:
    del document["ways"]["FiLM"]["figures"]["answers that change: other gender"]


def _another_schema(document: Document) -> None:
    document["schema"] = 2


@pytest.mark.parametrize("spoil", [_no_placebo, _no_verdict, _uneven_claims, _another_schema])
def test_a_comparison_out_of_order_costs_the_section_only(
    show: Callable[[Document], str], comparison: Document, spoil: Callable[[Document], None],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    spoil(comparison)
    with pytest.raises(RecordError):
        parse_ways(comparison)
    page = show(comparison)
    assert 'id="conditioning"' not in page
    assert "right for" in page
    assert "leaves out what knowing age and gender changes" in caplog.text


@pytest.mark.parametrize("content", ["", "[]", "null", "{"])
def test_a_file_that_is_none_costs_the_section_only(show: Callable[[str], str], content: str) -> None:
    page = show(content)
    assert 'id="conditioning"' not in page
    assert "right for" in page


def test_the_answer_stands_without_the_other_figures(
    client: Client, db: None, commit_record: Commit, comparison: Document
) -> None:
    commit_record(comparison, WAYS)
    page = client.get("/models/").content.decode()
    assert "The figures are not available" in page
    assert 'id="conditioning"' in page


def test_the_committed_comparison_can_be_drawn() -> None:
    ways = current_ways()
    if ways is None:
        pytest.skip("no comparison is committed; run make ablation")
    assert len(conditioning_of(ways).charts) == 2
