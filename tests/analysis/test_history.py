"""All photos of a person."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from analysis import filters, paging
from analysis.models import Analysis, Photo, Status
from analysis.statements import correct_face
from analysis.views import history

URL = "/photos/"
MakePhoto = Callable[..., Photo]


def shown(client: Client, query: str = "") -> set[str]:
    """The uuids of the photos on the page."""
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200
    return {str(card.photo.uuid) for card in response.context["cards"]}


def test_the_owner_sees_their_photos_with_results(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    page = ann_client.get(URL).content.decode()
    assert f"/photos/{photo.uuid}/thumbnail/" in page
    assert "About 34, female, happiness shown" in page


def test_strangers_and_reviewers_do_not(
    ben_client: Client, ada_client: Client, ann: User, make_photo: MakePhoto
) -> None:
    make_photo(ann)
    assert shown(ben_client) == set()
    assert shown(ada_client) == set()


def test_visitors_are_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get(URL).headers["Location"].startswith(reverse("account_login"))


def test_nothing_can_be_posted_here(ann_client: Client) -> None:
    assert ann_client.post(URL).status_code == 405


def test_without_photos_the_next_step_is_to_upload(ann_client: Client) -> None:
    assert "No photos yet" in ann_client.get(URL).content.decode()


@pytest.mark.parametrize("count", [1, 5])
def test_the_number_of_queries_does_not_grow_with_the_photos(
    ann_client: Client,
    ann: User,
    make_photo: MakePhoto,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    for _ in range(count):
        photo = make_photo(ann, faces=[{}, {"gender": ""}])
        assert photo.latest is not None
        correct_face(face=photo.latest.faces.all()[0], author=ann, age_years=30)
        make_photo(ann, status=Status.QUEUED)
    ann_client.get(URL)  # the session is read from the cache from now on
    # the person, the count, photos, analyses, faces with reviews, corrections; of the queue the places, the workers,
    # how long the latest took, and whether anybody reads; what could be read again, and by which models
    with django_assert_num_queries(12):
        ann_client.get(URL)


def test_a_page_holds_24_and_the_pager_keeps_the_filters(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    for _ in range(25):
        make_photo(ann)
    assert len(shown(ann_client)) == 24
    assert len(shown(ann_client, "page=2")) == 1
    page = ann_client.get(f"{URL}?gender=female&age_from=").content.decode()
    assert 'href="?gender=female&amp;page=2"' in page


@pytest.mark.parametrize("number", ["99", "0", "-1", "two", ""])
def test_a_page_that_does_not_exist_shows_the_nearest(
    ann_client: Client, ann: User, make_photo: MakePhoto, number: str
) -> None:
    photo = make_photo(ann)
    assert shown(ann_client, f"page={number}") == {str(photo.uuid)}


FILTERS = [
    ("gender=female", {"woman", "both"}),
    ("gender=male", {"man", "both"}),
    ("emotion=happiness", {"woman", "both"}),
    ("gender=male&emotion=happiness", set()),  # both hold for `both`, but not for the same face
    ("age_from=34&age_to=34", {"woman", "both"}),
    ("age_from=35", {"man"}),
    ("age_to=33", {"both"}),
    ("unsure=any", {"man", "both"}),
    ("unsure=gender", {"man"}),
    ("unsure=emotion", {"both"}),
    ("state=read", {"woman", "man", "both", "empty"}),
    ("state=no-face", {"empty"}),
    ("state=unfinished", {"waiting", "running"}),
    ("state=failed", {"failed"}),
    ("state=stopped", {"stopped"}),
    ("until=2020-01-31", {"woman"}),
    ("since=2020-01-31&state=failed", {"failed"}),
    ("since=2020-01-01&until=2020-01-02", {"woman"}),
    ("since=2020-01-02&until=2020-01-02", set()),
]


@pytest.fixture
def album(ann: User, make_photo: MakePhoto) -> dict[str, str]:
    """Photos by what is in them; the uuid to the name."""
    photos = {
        "woman": make_photo(ann, faces=[{}]),
        "man": make_photo(
            ann,
            faces=[
                {"gender": "male", "emotion": "anger", "age_years": 60.2},
                {"gender": "", "emotion": "anger", "age_years": 50},
            ],
        ),
        "both": make_photo(ann, faces=[{"age_years": 34.4}, {"gender": "male", "emotion": "", "age_years": 8}]),
        "empty": make_photo(ann, faces=[]),
        "waiting": make_photo(ann, status=Status.QUEUED),
        "running": make_photo(ann, status=Status.RUNNING),
        "failed": make_photo(ann, status=Status.FAILED),
        "stopped": make_photo(ann, status=Status.CANCELLED),
    }
    old = timezone.datetime(2020, 1, 1, 12, tzinfo=timezone.get_current_timezone())  # type: ignore[attr-defined]
    Photo.objects.filter(pk=photos["woman"].pk).update(created_at=old)
    return {str(photo.uuid): name for name, photo in photos.items()}


@pytest.mark.parametrize(("query", "expected"), FILTERS)
def test_filters(ann_client: Client, album: dict[str, str], query: str, expected: set[str]) -> None:
    assert {album[uuid] for uuid in shown(ann_client, query)} == expected


def test_only_the_latest_analysis_counts(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    Analysis.objects.create(photo=photo, owner=photo.owner, status=Status.DONE)
    assert shown(ann_client, "gender=female") == set()
    assert shown(ann_client, "state=no-face") == {str(photo.uuid)}


def test_what_the_owner_said_stands_for_the_estimate(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann)
    face = photo.analyses.get().faces.get()
    correct_face(face=face, author=ann, age_years=61)
    correct_face(face=face, author=ann, age_years=12, emotion="sadness")
    assert "12, female, sadness shown, as you said" in ann_client.get(URL).content.decode()
    for query in ("emotion=sadness", "age_to=12", "age_from=12&age_to=12&emotion=sadness&gender=female"):
        assert shown(ann_client, query) == {str(photo.uuid)}, query
    for query in ("emotion=happiness", "age_from=30", "age_from=61"):
        assert shown(ann_client, query) == set(), query


def test_what_the_owner_called_no_face_is_found_by_no_face_filter(
    ann_client: Client, ann: User, make_photo: MakePhoto
) -> None:
    photo = make_photo(ann)
    correct_face(face=photo.analyses.get().faces.get(), author=ann, not_a_face=True)
    assert shown(ann_client, "emotion=happiness") == set()
    assert "Not a face, as you said" in ann_client.get(URL).content.decode()


def test_a_note_alone_changes_no_value(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    correct_face(face=make_photo(ann).analyses.get().faces.get(), author=ann, note="hm")
    assert "About 34, female, happiness shown</li>" in ann_client.get(URL).content.decode()


def test_each_filter_is_a_chip_that_takes_itself_off(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    make_photo(ann)
    response = ann_client.get(f"{URL}?gender=female&age_from=20&since=2020-01-31&page=1")
    chips = {chip.text: chip.query for chip in response.context["chips"]}
    assert chips == {
        "female": "age_from=20&since=2020-01-31",
        "from 20 years": "gender=female&since=2020-01-31",
        "since 31 January 2020": "gender=female&age_from=20",
    }


def test_when_no_photo_matches_the_way_back_is_offered(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    make_photo(ann)
    assert "No photo matches" in ann_client.get(f"{URL}?gender=male").content.decode()


@pytest.mark.parametrize("query", ["gender=x", "age_from=old", "age_to=500", "since=yesterday", "state=%00"])
def test_a_filter_that_makes_no_sense_is_explained_and_ignored(
    ann_client: Client, ann: User, make_photo: MakePhoto, query: str
) -> None:
    photo = make_photo(ann)
    response = ann_client.get(f"{URL}?{query}")
    assert {card.photo for card in response.context["cards"]} == {photo}
    assert 'class="errors"' in response.content.decode()


def test_a_failed_photo_can_be_tried_again_from_here(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann, status=Status.FAILED)
    page = ann_client.get(URL).content.decode()
    assert "The file is damaged." in page
    assert reverse("analysis:retry", args=[photo.uuid]) in page


def test_the_poll_slows_down_with_the_age_of_the_youngest(ann_client: Client, ann: User, make_photo: MakePhoto) -> None:
    photo = make_photo(ann, status=Status.QUEUED)
    for age, seconds in ((0, 0.25), (5, 1.0), (20, 3.0), (90, 10.0)):
        Analysis.objects.filter(photo=photo).update(queued_at=timezone.now() - timedelta(seconds=age))
        assert f"every {seconds}s, shown" in ann_client.get(URL).content.decode()


@pytest.mark.parametrize(
    ("face", "window"),
    [
        ({"x": 40.0, "y": 40.0, "width": 16.0, "height": 16.0}, "0.0 12.0 96.0 72.0"),  # of 96 x 192
        ({"x": 0.0, "y": 0.0, "width": 16.0, "height": 16.0}, "0.0 0.0 96.0 72.0"),
        ({"x": 40.0, "y": 180.0, "width": 16.0, "height": 16.0}, "0.0 120.0 96.0 72.0"),
    ],
)
def test_a_tile_shows_the_part_of_the_photo_where_the_faces_are(
    ann_client: Client, ann: User, make_photo: MakePhoto, face: dict[str, float], window: str
) -> None:
    make_photo(ann, faces=[face])
    Photo.objects.update(height=192)
    assert f'viewBox="{window}"' in ann_client.get(URL).content.decode()


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two photos to a page, three pages counted, one more than is asked for."""
    monkeypatch.setattr(history, "PER_PAGE", 2)
    monkeypatch.setattr(history, "KNOWN", 3)
    monkeypatch.setattr(history, "KNOWN_FILTERED", 2)
    monkeypatch.setattr(paging, "AHEAD", 1)


@pytest.mark.parametrize(
    ("query", "photos", "lead"),
    [
        ("", 6, "6 photos, page 1 of 3"),
        ("", 7, "More than 6 photos, page 1"),
        ("page=3", 9, "More than 8 photos, page 3"),
        ("page=4", 9, "9 photos, page 4 of 5"),
        ("gender=female", 4, "4 photos match, page 1 of 2"),
        ("gender=female", 5, "More than 4 photos match, page 1"),
    ],
)
def test_no_more_is_counted_than_needed_to_leaf_on(
    short: None, ann_client: Client, ann: User, make_photo: MakePhoto, query: str, photos: int, lead: str
) -> None:
    for _ in range(photos):
        make_photo(ann)
    page = ann_client.get(f"{URL}?{query}").content.decode()
    assert f'<p class="lead">{lead}</p>' in page
    assert ("set “Uploaded to”" in page) is lead.startswith("More")


def test_leafing_shows_every_photo_once_to_the_end(
    short: None, ann_client: Client, ann: User, make_photo: MakePhoto
) -> None:
    photos = {str(make_photo(ann).uuid) for _ in range(11)}
    seen: list[str] = []
    for number in range(1, 7):
        response = ann_client.get(f"{URL}?page={number}")
        seen += [str(card.photo.uuid) for card in response.context["cards"]]
        assert response.context["page"].has_next() is (number < 6)
    assert len(seen) == 11
    assert set(seen) == photos


def test_faces_are_searched_in_the_newest_photos_and_older_ones_are_the_next_step(
    monkeypatch: pytest.MonkeyPatch, ann_client: Client, ann: User, make_photo: MakePhoto
) -> None:
    monkeypatch.setattr(filters, "SEARCHED", 2)
    photos = [make_photo(ann, faces=[{"gender": gender}]) for gender in ("male", "male", "female", "female")]
    for day, photo in enumerate(photos, start=1):
        moment = timezone.datetime(2024, 5, day, 12, tzinfo=timezone.get_current_timezone())  # type: ignore[attr-defined]
        Photo.objects.filter(pk=photo.pk).update(created_at=moment)
    page = ann_client.get(f"{URL}?gender=male").content.decode()
    assert "No photo matches so far" in page
    assert "back to 2 May 2024" in page
    assert 'href="?gender=male&amp;until=2024-05-02"' in page
    assert shown(ann_client, "gender=male&until=2024-05-02") == {str(photo.uuid) for photo in photos[:2]}
    assert shown(ann_client, "gender=female") == {str(photo.uuid) for photo in photos[2:]}
    assert "Search older ones" in ann_client.get(f"{URL}?gender=female").content.decode()
    assert "Search older ones" not in ann_client.get(URL).content.decode()


SHOWN = [
    (Status.DONE, Status.QUEUED),
    (Status.DONE, Status.FAILED),
    (Status.FAILED, Status.DONE),
    (Status.FAILED, Status.CANCELLED),
    (Status.CANCELLED, Status.QUEUED),
    (Status.CANCELLED, Status.FAILED),
]


@pytest.mark.parametrize("statuses", SHOWN)
def test_the_filter_goes_by_what_is_shown_of_a_photo(
    ann_client: Client, ann: User, make_photo: MakePhoto, statuses: tuple[Status, Status]
) -> None:
    photo = make_photo(ann, status=statuses[0])
    Analysis.objects.create(photo=photo, owner=ann, status=statuses[1])
    assert photo.latest is not None
    words = {
        "done": "read",
        "queued": "unfinished",
        "running": "unfinished",
        "failed": "failed",
        "cancelled": "stopped",
    }
    found = {state for state in set(words.values()) if shown(ann_client, f"state={state}")}
    assert found == {words[photo.latest.status]}
