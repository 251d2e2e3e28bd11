"""The system at a glance, for administrators."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import chores
from accounts.models import Chore, User
from analysis.admin import glance
from analysis.models import Lane, Status, Worker

PAGE = reverse("admin:analysis_worker_changelist")


def test_it_is_for_administrators_only(client: Client, ann_client: Client, ada_client: Client, db: None) -> None:
    assert client.get(PAGE).status_code == 302
    assert ann_client.get(PAGE).status_code == 302
    assert ada_client.get(PAGE).status_code == 403
    assert PAGE not in ada_client.get(reverse("admin:index")).content.decode()


def test_administrators_find_it_on_the_first_page(rob_client: Client) -> None:
    assert f'<a href="{PAGE}">System at a glance</a>' in rob_client.get(reverse("admin:index")).content.decode()


def test_an_empty_installation_says_so(rob_client: Client) -> None:
    page = rob_client.get(PAGE).content.decode()
    for sentence in ("No photo waits.", "No worker is known", "None.", "Too few photos to say.", "none to try again"):
        assert sentence in page


def test_it_shows_what_waits_who_reads_and_what_failed(rob_client: Client, ann: User, make_photo: Any) -> None:
    now = timezone.now()
    make_photo(ann, status=Status.QUEUED, queued_at=now - timedelta(minutes=7))
    for _ in range(2):
        make_photo(ann, status=Status.FAILED, failure_code="too_many_pixels")
    for ms in (40.0, 60.0):
        make_photo(ann, timings_ms={"detect": ms})
    for pid, seen in ((11, now), (12, now - timedelta(hours=1))):
        Worker.objects.create(host="w", pid=pid, engine_version="e-1", model_version="m-1", seen_at=seen)
    page = " ".join(rob_client.get(PAGE).content.decode().split())
    for shown in ("<strong>1</strong> waiting", "7 minutes ago", "<strong>2</strong> failed", "too many pixels"):
        assert shown in page, shown
    assert "<td>warm</td>" in page.split("w:11")[1].split("w:12")[0]
    assert "<td>silent</td>" in page.split("w:12")[1]
    assert "50 ms" in page.split("Find faces")[1][:120]
    assert "ann@example.org" not in page


def test_it_shows_the_line_how_fast_it_goes_and_what_was_given_up(
    rob_client: Client, ann: User, make_photo: Any, settings: Any
) -> None:
    settings.QUEUE_MAX = 12345
    now = timezone.now()
    make_photo(ann, started_at=now - timedelta(seconds=4), finished_at=now)
    make_photo(ann, status=Status.QUEUED, lane=Lane.BATCH)
    make_photo(ann, status=Status.FAILED, failure_code="gave_up")
    assert "How long a photo takes is not known" in rob_client.get(PAGE).content.decode()
    Worker.objects.create(host="w", pid=1, engine_version="e", model_version="m")
    page = " ".join(rob_client.get(PAGE).content.decode().split())
    assert "The line, at most 12,345" in page
    assert '<td class="glance-number">1</td>' in page.split("many at once")[1][:80]
    assert "about 0.3 photos a second; one that is sent now is read in about 4 s." in page
    assert f'<strong>1</strong> of them given up: <a href="{reverse("admin:analysis_deadletter_changelist")}">' in page
    link = page.split("?status__exact=queued&amp;lane__exact=1")[0].rsplit('href="', 1)[1]
    assert len(rob_client.get(f"{link}?status__exact=queued&lane__exact=1").context["cl"].result_list) == 1


def test_it_shows_chores_and_which_of_them_nobody_does(rob_client: Client) -> None:
    row = '<th scope="row">sessions</th>'
    page = " ".join(rob_client.get(PAGE).content.decode().split())
    assert "<td>overdue</td>" in page.split(row)[1][:120]
    assert "chores should have run by now. Does the process for chores run?" in page
    chores.run("sessions")
    page = " ".join(rob_client.get(PAGE).content.decode().split())
    assert "<td>well</td>" in page.split(row)[1][:120]
    Chore.objects.update(error="OSError")
    page = " ".join(rob_client.get(PAGE).content.decode().split())
    assert "failed with OSError" in page.split(row)[1][:120]


def test_little_room_is_pointed_out() -> None:
    assert glance.Space(free=9, total=100).is_little
    assert not glance.Space(free=11, total=100).is_little


def test_it_can_only_be_looked_at(rob_client: Client) -> None:
    worker = Worker.objects.create(host="w", pid=1, engine_version="e", model_version="m")
    for name in ("change", "delete"):
        assert (
            rob_client.post(reverse(f"admin:analysis_worker_{name}", args=[worker.pk]), {"post": "yes"}).status_code
            == 403
        )
    assert Worker.objects.exists()


def test_the_page_asks_few_questions_however_many_rows(
    rob_client: Client, ann: User, make_photo: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        make_photo(ann)
    with django_assert_max_num_queries(16):
        rob_client.get(PAGE)
