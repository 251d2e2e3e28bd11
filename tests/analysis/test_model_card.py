"""How good the estimates are: the page of the models."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from analysis import engine
from analysis.models import Photo

URL = "/models/"
Commit = Callable[..., Path]


def page_of(client: Client) -> str:
    response = client.get(URL)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def words_of(page: str) -> str:
    """What a person reads, without the drawings."""
    text = re.sub(r"<svg.*?</svg>", "", page)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@pytest.fixture
def page(client: Client, db: None, commit_record: Commit, document: dict[str, Any]) -> str:
    commit_record(document)
    return page_of(client)


def test_it_has_a_name_and_needs_no_account(client: Client, db: None) -> None:
    assert reverse("models") == URL
    assert client.get(URL).status_code == 200
    assert client.head(URL).status_code == 200
    assert client.post(URL).status_code == 405


def test_the_headline_figures_are_sentences_with_intervals(page: str) -> None:
    words = words_of(page)
    assert "Age off by 5.2 years on average (5.0 to 5.5)" in words
    assert "Gender right for 93 of 100 faces of the test set (92 to 94)" in words
    assert "Expression right for 87 of 100 faces of the test set (86 to 88)" in words
    assert "right for 95 of 100 (94 to 96)" in words


def test_every_kind_of_picture_is_there_with_its_numbers_in_a_table(page: str) -> None:
    slugs = re.findall(r'<figure class="chart" id="([\w-]+)"', page)
    assert slugs == [
        "confusion", "expressions-found", "risk-emotion", "risk-gender", "risk-age", "reliability-emotion",
        "reliability-emotion-votes", "reliability-gender", "age-error", "age-direction", "age-range",
        "tolerance-shift", "fairness-gender-accuracy", "fairness-mae", "fairness-coverage",
    ]  # fmt: skip
    for figure in re.findall(r"<figure.*?</figure>", page):
        assert '<svg class="plot"' in figure
        assert "<details" in figure
        assert "<caption>" in figure


def test_pictures_say_to_screen_readers_what_they_show(page: str) -> None:
    for picture in re.findall(r'<svg class="plot".*?</svg>', page):
        named = re.search(r'role="img" aria-labelledby="([\w-]+)" aria-describedby="([\w-]+)"', picture)
        assert named is not None
        assert f'<title id="{named[1]}">' in picture
        assert f'<desc id="{named[2]}">' in picture
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_nothing_needs_what_the_content_security_policy_forbids(client: Client, page: str) -> None:
    assert " style=" not in page
    assert "<style" not in page
    assert "onclick" not in page
    assert not re.search(r"(?:href|src)=\"https?://", page)


def test_groups_of_few_faces_are_grey_and_said_to_be(page: str) -> None:
    assert '<tr class="few"><th scope="row">Other<span class="visually-hidden"> (few faces)</span></th>' in page
    assert "Grey: fewer than 50 faces" in page
    assert "Black female: 91.0% (89.0 to 93.0)" in page
    assert "5.0 points (−1.0 to 11.0)" in page  # noqa: RUF001
    assert "The gap may be chance." in page
    assert "no race input and no race output" in page


def test_failures_come_from_the_figures(page: str) -> None:
    words = words_of(page)
    assert "Fear is mostly missed: found in 44 of 100 faces that show it (80 faces in the test)." in words
    assert "Contempt is mostly missed: found in 0 of 100 faces that show it (12 faces in the test, too few" in words
    assert "Read too young on average: ages 20 to 39 by 3.4 years, ages 60 and over by 3.4 years." in words
    assert "It falls short for ages 80 and over (81)." in words


def test_the_licence_is_said_where_an_operator_reads_it(page: str) -> None:
    words = words_of(page)
    assert "UTKFace, whose terms allow non-commercial research only" in words
    assert engine.manifest_document()["attributes"]["licence"] in words
    assert "make evaluate" in words


def test_every_version_and_file_of_the_manifest_is_listed(page: str) -> None:
    attributes = engine.manifest_document()["attributes"]
    assert f"{attributes['name']}-{attributes['version']}" in page
    for entry in attributes.values():
        if isinstance(entry, dict):
            assert Path(entry["path"]).name in page
            assert entry["sha256"][:12] in page


def test_figures_of_another_model_are_not_passed_off_as_this_ones(page: str) -> None:
    assert "measured for facetrio-9.9.9, but" in page
    assert "They do not describe it" in page


def test_figures_of_this_model_need_no_warning(
    client: Client, db: None, commit_record: Commit, document: dict[str, Any]
) -> None:
    attributes = engine.manifest_document()["attributes"]
    document["model"] = f"{attributes['name']}-{attributes['version']}"
    commit_record(document)
    assert "They do not describe it" not in page_of(client)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"schema": 1}', '{"schema": 2}', '{"schema": 2, "plots": 7}']
)
def test_without_a_record_that_can_be_read_it_says_so_and_what_to_do(
    client: Client, db: None, commit_record: Commit, content: str
) -> None:
    commit_record(content)
    words = words_of(page_of(client))
    assert "The figures are not available" in words
    assert "make evaluate" in words
    assert "non-commercial research only" in words


def test_without_any_record_the_page_stands(client: Client, db: None, settings: Any, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    assert "The figures are not available" in page_of(client)


def test_without_a_manifest_the_figures_stand(
    client: Client, db: None, commit_record: Commit, document: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> dict[str, Any]:
        raise engine.EngineError("there is no manifest")

    monkeypatch.setattr(engine, "manifest_document", missing)
    commit_record(document)
    page = page_of(client)
    assert "papers of the weights cannot be read" in page
    assert "right for" in page


def test_a_new_record_shows_at_once(client: Client, db: None, commit_record: Commit, document: dict[str, Any]) -> None:
    commit_record(document)
    assert "facetrio-9.9.9" in page_of(client)
    commit_record(document | {"model": "facetrio-10.0.0"})
    assert "facetrio-9.9.9" not in page_of(client)


def test_numbers_lead_here(
    client: Client, ann_client: Client, ann: User, make_photo: Callable[..., Photo], db: None
) -> None:
    assert client.get("/").content.decode().count(f'href="{URL}"') == 2
    photo = reverse("analysis:photo", args=[make_photo(ann).uuid])
    assert ann_client.get(photo).content.decode().count(f'href="{URL}"') == 2
    assert f'href="{URL}"' in ann_client.get("/photos/").content.decode()


class _Balance(HTMLParser):
    """Every element that is opened is closed, in order."""

    EMPTY = {"meta", "link", "input", "path", "rect", "circle", "line", "img", "br"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            assert self.open.pop() == tag


def test_the_page_is_well_formed(page: str) -> None:
    balance = _Balance()
    balance.feed(page)
    assert balance.open == []
