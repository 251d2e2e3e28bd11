"""Who looked at what of whom is written down where it is shown, and read by whose it is."""

import html
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import personal, upkeep
from accounts.accesslog.admin import NotedAdmin
from accounts.accesslog.models import Kind, Place
from accounts.accesslog.noting import Seen, note
from accounts.exports import making
from accounts.models import AccessEntry, User
from analysis.models import Face, Status

FACES = reverse("admin:analysis_face_changelist")
JOBS = reverse("admin:analysis_analysis_changelist")


def kinds(**about: Any) -> list[str]:
    return sorted(AccessEntry.objects.filter(**about).values_list("kind", flat=True))


def test_every_page_of_the_admin_about_a_table_of_people_notes_what_it_shows() -> None:
    silent = {
        model._meta.label_lower
        for model, page in admin.site._registry.items()
        if model._meta.label_lower in personal.models() and not isinstance(page, NotedAdmin)
    }
    assert not silent, "let the page be a NotedAdmin (accounts/accesslog/admin.py)"


def test_a_page_of_faces_is_one_line_an_hour_for_each_owner_and_says_which_photos(
    ada: User, ada_client: Client, ann: User, ben: User, make_photo: Any
) -> None:
    photos = [make_photo(ann, faces=[{}, {}]), make_photo(ann)]
    make_photo(ben)
    for _ in range(2):
        ada_client.get(FACES)
    (entry,) = AccessEntry.objects.filter(person=ann)
    assert (entry.actor, entry.role, entry.place, entry.kind) == (ada, "reviewer", "admin", "listed")
    assert (entry.photo, set(entry.photos)) == (None, {str(photo.uuid) for photo in photos})
    (entry,) = AccessEntry.objects.filter(person=ben)
    assert entry.photos == [str(entry.photo)]
    AccessEntry.objects.update(hour=timezone.now() - timedelta(hours=3))
    ada_client.get(FACES)
    assert kinds(person=ann) == ["listed"] * 2


def test_another_page_within_the_hour_is_another_line(ada_client: Client, ann: User, make_photo: Any) -> None:
    for gender in ("female", "male"):
        for _ in range(2):
            make_photo(ann, faces=[{"gender": gender}])
    for gender in ("female", "male"):
        ada_client.get(FACES, {"gender__exact": gender})
    first, second = AccessEntry.objects.values_list("photos", flat=True)
    assert len({*first, *second}) == 4


def pictures_of(client: Client, page: str) -> list[str]:
    """The addresses of the pictures of a list."""
    found = re.findall(r'(?:src|<image href)="(/photos/[^"]+)"', client.get(page).content.decode())
    assert found
    return [html.unescape(address) for address in found]


@pytest.mark.parametrize(("page", "width"), [(FACES, 40.0), (FACES, 9.0), (JOBS, 40.0)])
def test_small_pictures_of_a_list_are_noted_with_it_and_only_for_who_asked_for_it(
    ada_client: Client, rob_client: Client, ann: User, make_photo: Any, page: str, width: float
) -> None:
    for _ in range(2):
        make_photo(ann, faces=[{"width": width}])
    for address in pictures_of(ada_client, page):
        assert ada_client.get(address).headers["Content-Type"] == "image/jpeg"
    assert kinds() == ["listed"]
    for address in pictures_of(ada_client, page):
        rob_client.get(address)
    assert {*kinds(role="administrator")} <= {"picture", "face"}
    assert len(kinds(role="administrator")) == 2


def test_a_picture_of_a_list_is_a_look_of_its_own_when_its_hour_is_over_or_the_proof_is_another_s(
    ada_client: Client, ann: User, make_photo: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_photo(ann), make_photo(ann)
    proofs = [address.partition("?")[2] for address in pictures_of(ada_client, JOBS)]
    ada_client.get(reverse("analysis:thumbnail", args=[second.uuid]) + "?" + proofs[1])  # the newest is first
    assert kinds(thing=second.uuid) == ["picture"]
    ada_client.get(reverse("analysis:image", args=[first.uuid]) + "?" + proofs[1])
    assert kinds(thing=first.uuid) == ["picture"], "the large picture is never covered by a list"
    AccessEntry.objects.all().delete()
    address = reverse("analysis:thumbnail", args=[first.uuid]) + "?" + proofs[1]
    now = timezone.now()
    monkeypatch.setattr("analysis.listed.timezone.now", lambda: now + timedelta(hours=1, minutes=2))
    ada_client.get(address)
    assert kinds(thing=first.uuid) == ["picture"]


def test_pictures_that_come_just_after_the_hour_are_still_noted_with_their_list(
    ada_client: Client, ann: User, make_photo: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_photo(ann)
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    monkeypatch.setattr("analysis.listed.timezone.now", lambda: hour - timedelta(seconds=5))
    (address,) = pictures_of(ada_client, JOBS)
    monkeypatch.setattr("analysis.listed.timezone.now", lambda: hour + timedelta(seconds=30))
    ada_client.get(address)
    assert kinds() == ["listed"]


def test_a_page_of_fifty_faces_costs_no_more_statements_than_one_of_two(
    ada_client: Client, ann: User, make_photo: Any
) -> None:
    def cost() -> tuple[int, int]:
        costs = []
        for _ in range(2):
            with CaptureQueriesContext(
                connection,
            ) as captured:
                assert ada_client.get(FACES).status_code == 200
            costs.append(len(captured))
        return costs[0], costs[1]

    make_photo(ann, faces=[{}, {}])
    ada_client.get(FACES)
    AccessEntry.objects.all().delete()
    few = cost()
    AccessEntry.objects.all().delete()
    for _ in range(6):
        make_photo(ann, faces=[{}] * 8)
    assert cost() == few
    assert few[0] - few[1] == 1  # the one statement that writes
    (entry,) = AccessEntry.objects.all()
    assert len(entry.photos) == 7


def test_one_s_own_is_no_access(ada: User, ada_client: Client, make_photo: Any) -> None:
    photo = make_photo(ada)
    ada_client.get(FACES)
    assert ada_client.get(reverse("analysis:image", args=[photo.uuid])).status_code == 200
    assert not AccessEntry.objects.exists()


def test_pictures_pages_and_decisions_are_told_apart(ada_client: Client, ann: User, make_photo: Any) -> None:
    photo = make_photo(ann)
    face = Face.objects.get()
    ada_client.get(reverse("analysis:thumbnail", args=[photo.uuid]))
    ada_client.get(reverse("admin:analysis_face_change", args=[face.pk]))
    assert kinds() == ["picture", "result"]
    face.corrections.create(author=ann, age_years=3)
    ada_client.get(reverse("admin:analysis_face_change", args=[face.pk]))
    ada_client.post(FACES, {"action": "mark_accepted", "_selected_action": [face.pk]})
    assert set(kinds()) == {"correction", "picture", "result", "review"}
    assert set(AccessEntry.objects.values_list("photo", flat=True)) == {photo.uuid}


def test_what_administrators_do_about_a_job_is_noted(rob_client: Client, ann: User, make_photo: Any) -> None:
    job = make_photo(ann, status=Status.FAILED).analyses.get()
    rob_client.post(JOBS, {"action": "retry", "_selected_action": [job.pk]})
    assert kinds(role="administrator") == ["work"]
    rob_client.post(reverse("admin:analysis_analysis_delete", args=[job.pk]), {"post": "yes"})
    assert set(kinds()) == {"deleted", "listed", "result", "work"}


def test_what_was_given_up_and_is_tried_again_is_noted(rob_client: Client, ann: User, make_photo: Any) -> None:
    job = make_photo(ann, status=Status.FAILED, failure_code="gave_up").analyses.get()
    rob_client.get(reverse("admin:analysis_deadletter_changelist"))
    rob_client.post(reverse("admin:analysis_deadletter_again", args=[job.pk]))
    assert kinds(photo=job.photo.uuid) == ["listed", "work"]


def test_looking_into_an_account_is_noted_also_on_the_server(rob_client: Client, ann: User) -> None:
    rob_client.get(reverse("admin:accounts_user_change", args=[ann.pk]))
    call_command("role", ann.email, stdout=io.StringIO())
    call_command("rescue", ann.email, stdout=io.StringIO())
    found = AccessEntry.objects.filter(person=ann).values_list("place", "kind", "role", "actor__email")
    assert set(found) == {
        ("admin", "account", "administrator", "rob@example.org"),
        ("command", "account", "administrator", None),
        ("command", "rescued", "administrator", None),
    }
    assert len(found) == 3


def test_who_may_not_see_a_page_is_not_said_to_have_seen_it(ada_client: Client, ann: User) -> None:
    assert ada_client.get(reverse("admin:accounts_user_change", args=[ann.pk])).status_code == 403
    assert ada_client.get(reverse("admin:accounts_user_history", args=[ann.pk])).status_code == 403
    assert not AccessEntry.objects.exists()


def test_what_cannot_be_noted_is_not_shown(
    ada_client: Client, ann: User, make_photo: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = make_photo(ann)

    def full(*_: Any, **__: Any) -> None:
        raise OSError("no room")

    monkeypatch.setattr("django.db.models.query.QuerySet.bulk_create", full)
    with pytest.raises(OSError, match="no room"):
        ada_client.get(reverse("analysis:image", args=[photo.uuid]))


def test_old_lines_go(ann: User, ada: User, settings: Any) -> None:
    settings.ACCESS_LOG_DAYS = 10
    note(ada, Place.ADMIN, [Seen(ann.pk, Kind.ACCOUNT, ann.uuid)])
    AccessEntry.objects.update(at=timezone.now() - timedelta(days=9))
    upkeep.forget_looks()
    assert AccessEntry.objects.count() == 1
    AccessEntry.objects.update(at=timezone.now() - timedelta(days=11))
    upkeep.forget_looks()
    assert not AccessEntry.objects.exists()


def test_lines_go_with_whose_data_it_was_and_lose_who_looked(ann: User, ben: User, ada: User) -> None:
    for person in (ann, ben):
        note(ada, Place.ADMIN, [Seen(person.pk, Kind.ACCOUNT, person.uuid)])
    ann.delete()
    assert [entry.person for entry in AccessEntry.objects.all()] == [ben]
    ada.delete()
    entry = AccessEntry.objects.get()
    assert (entry.actor, entry.role) == (None, "reviewer")


def test_the_archive_tells_when_and_in_which_role_and_not_who(ann: User, ada: User) -> None:
    note(ada, Place.API, [Seen(ann.pk, Kind.ACCOUNT, ann.uuid)])
    for person, key in ((ann, "accesses to my data"), (ada, "accesses by me")):
        person.exports.create()
        assert making.make_next()
        with person.exports.get().file.open("rb") as stored, zipfile.ZipFile(stored) as archive:
            told = archive.read("data.json").decode()
        (line,) = json.loads(told)[key]
        assert (line["role"], line["kind"], line["place"]) == ("reviewer", "account", "api")
        (other,) = {ann.email, ada.email} - {person.email}
        assert other not in told


def test_administrators_read_the_log_and_cannot_change_it(rob_client: Client, ada: User, ann: User, ben: User) -> None:
    for person in (ann, ben):
        note(ada, Place.ADMIN, [Seen(person.pk, Kind.ACCOUNT, person.uuid)])
    address = reverse("admin:accounts_accessentry_changelist")
    page = rob_client.get(address).content.decode()
    assert "ada@example.org" in page
    assert f"person {ann.pk}" in page
    assert "ann@example.org" not in page
    found = rob_client.get(address, {"q": "ann@example.org"}).context["cl"].result_list
    assert [entry.person for entry in found] == [ann]
    for query, count in (
        ({"role": "reviewer"}, 2),
        ({"role": "administrator"}, 0),
        ({"who": ada.pk}, 2),
        ({"kind__exact": "picture"}, 0),
    ):
        assert rob_client.get(address, query).context["cl"].result_count == count
    entry = AccessEntry.objects.all()[0]
    assert rob_client.post(reverse("admin:accounts_accessentry_change", args=[entry.pk]), {}).status_code == 403
    assert (
        rob_client.post(reverse("admin:accounts_accessentry_delete", args=[entry.pk]), {"post": "yes"}).status_code
        == 403
    )
    assert AccessEntry.objects.count() == 2


def test_the_log_is_the_administrators(ada_client: Client) -> None:
    assert ada_client.get(reverse("admin:accounts_accessentry_changelist")).status_code == 403


def test_programs_of_the_owner_read_it_by_the_page(
    ann: User, ben: User, ada: User, api: Callable[..., APIClient]
) -> None:
    for person in (ann, ben):
        note(ada, Place.ADMIN, [Seen(person.pk, Kind.ACCOUNT, person.uuid)])
    answer = api(ann).get("/api/v1/access/")
    (told,) = answer.json()["results"]
    assert {name: told[name] for name in told if name != "at"} == {
        "role": "reviewer", "kind": "account", "place": "admin", "about": str(ann.uuid), "photo": None,
        "photos": [],
    }  # fmt: skip
    assert "no-store" in answer["Cache-Control"]
    assert api(ann).get("/api/v1/access/", {"cursor": "nonsense"}).status_code == 400


def test_nothing_of_others_can_be_shown_to_nobody(ann: User) -> None:
    with pytest.raises(TypeError, match="not signed in"):
        note(AnonymousUser(), Place.API, [Seen(ann.pk, Kind.ACCOUNT, ann.uuid)])
    assert not AccessEntry.objects.exists()
