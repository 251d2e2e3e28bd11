"""Somebody uses everything and is erased; then every table, file, cache entry, message and log line is searched."""

import io
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts import upkeep
from accounts.models import ApiToken, ErasureReceipt, User, Webhook
from accounts.orphans.looking import look
from accounts.scopes import Scope
from accounts.webhooks import delivery
from accounts.webhooks.sending import Outcome
from analysis import keeping, statements, tasks
from analysis.models import Analysis, Face, Keep, Photo, Verdict
from facet import logs
from suggestions.models import CatalogueItem
from tests.analysis.test_keeping import SeeingEngine
from tests.conftest import PASSWORD, jpeg

pytestmark = pytest.mark.django_db(transaction=True)
NAME: Final = "q7xbirthday"
ELSEWHERE: Final = "ann.private@q7x.example.org"


@pytest.fixture
def log() -> Iterator[Callable[[], str]]:
    """Everything that is logged, as it is written."""
    out = io.StringIO()
    handlers = [logging.StreamHandler(out) for _ in logs.STYLES]
    loggers = [logging.getLogger(name) for name in ("", *logs.OURS)]
    levels = [logger.level for logger in loggers]
    for handler, formatter in zip(handlers, (logs.Lines(), logs.json_formatter()), strict=True):
        handler.setFormatter(formatter)
        handler.addFilter(logs.AboutRequest())
        loggers[0].addHandler(handler)
    for logger in loggers:
        logger.setLevel("DEBUG")
    yield out.getvalue
    for handler in handlers:
        loggers[0].removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def everywhere(media: Path) -> Iterator[tuple[str, str]]:
    """Every place there is and what is in it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield f"table {table}", " ".join(str(value) for value in row).lower()
    for path in media.rglob("*"):
        yield "name of a file", str(path).lower()
        if path.is_file():
            yield f"file {path}", path.read_bytes().decode("latin-1").lower()
    for place in {settings.CACHES["default"].get("LOCATION", ""), settings.BROKER_URL}:
        if str(place).startswith("redis:"):
            yield from of_redis(str(place))
    for key, value in getattr(cache, "_cache", {}).items() if not settings.CACHE_URL else ():
        yield f"cache {key}", f"{key} {value.decode('latin-1')}".lower()


def of_redis(address: str) -> Iterator[tuple[str, str]]:
    """Every key of one of its databases, with the whole value, whatever its kind."""
    import redis

    with redis.Redis.from_url(address) as server:
        for key in server.scan_iter():
            kind = server.type(key).decode()
            read = {
                "list": lambda one: server.lrange(one, 0, -1),
                "set": server.smembers,
                "hash": server.hgetall,
                "zset": lambda one: server.zrange(one, 0, -1),
            }.get(kind, server.get)
            yield f"{address} {kind} {key!r}", f"{key!r} {read(key)!r}".lower()


def found(words: set[str], media: Path, log: str) -> set[str]:
    """Where one of the words is."""
    places = [*everywhere(media), ("log", log.lower())]
    return {f"{word} in {place}" for place, text in places for word in words if word in text}


def words_of(person: User, *more: str) -> set[str]:
    """What would tell of this person, as it may be written: uuids with hyphens or without."""
    analyses, faces = Analysis.objects.filter(owner=person), Face.objects.filter(analysis__owner=person)
    things = [
        person,
        *person.webhooks.all(),
        *Photo.objects.filter(owner=person),
        *analyses,
        *faces,
        *person.exports.all(),
    ]
    uuids = {str(thing.uuid) for thing in things}
    hashes = set(Photo.objects.filter(owner=person).values_list("sha256", flat=True))
    tokens = set(ApiToken.objects.filter(user=person).values_list("token_key", flat=True))
    return {word.lower() for word in {*uuids, *(one.replace("-", "") for one in uuids), *hashes, *tokens, *more}}


def use_everything(ann: User, ada: User, rob_client: Client, browser: Client) -> str:
    """What a person may leave behind; the token."""
    browser.post(reverse("account_login"), {"login": ann.email, "password": "wrong"})
    browser.post(reverse("account_login"), {"login": ann.email, "password": PASSWORD})
    EmailAddress.objects.create(user=ann, email=ELSEWHERE)
    sent = [SimpleUploadedFile(f"{NAME}-{shade}.jpg", jpeg(colour=(shade, 9, 9))) for shade in (1, 90, 180)]
    browser.post(reverse("analysis:upload"), {"photos": [*sent, SimpleUploadedFile(f"{NAME}.txt", b"no photo")]})
    tasks.read()
    photo = Photo.objects.filter(owner=ann).first()
    assert photo is not None
    face = Face.objects.filter(analysis__photo=photo).get()
    for address in (reverse("analysis:history"), reverse("analysis:photo", args=[photo.uuid]), "/account/"):
        browser.get(address)
    browser.post(reverse("analysis:correct", args=[face.uuid]), {"age_years": 50, "note": f"{NAME} note"})
    statements.review_face(face=face, reviewer=ada, verdict=Verdict.ACCEPTED, note="")
    statements.review_face(face=face, reviewer=ada, verdict=Verdict.UNUSABLE, note="")
    item = CatalogueItem.objects.filter(active=True).first()
    if item:
        browser.post(reverse("suggestions:feedback", args=[item.slug]), {"kind": "liked", "photo": str(photo.uuid)})
    _, token = ApiToken.objects.create(user=ann, name=f"{NAME} program", scopes=list(Scope))
    program = APIClient(headers={"Authorization": f"Token {token}"})
    program.get("/api/v1/photos/")
    TOTP.activate(ann, generate_totp_secret())
    keeping.choose(ann, keeping.Decision(Keep.FACES, None))
    keeping.apply_to_earlier(ann)
    keeping.thin_all()
    hook = {"target_url": f"https://hooks.example.org/{NAME}?key={NAME}", "events": ["photo.done", "photo.erased"]}
    assert program.post("/api/v1/webhooks/", hook, format="json").status_code == 201
    browser.post(f"/account/webhooks/{Webhook.objects.get(person=ann).uuid}/rotate/")
    sent = SimpleUploadedFile(f"{NAME}-late.jpg", jpeg(colour=(9, 200, 9)))
    browser.post(reverse("analysis:upload"), {"photos": [sent]})
    tasks.read()
    delivery.deliver_due(lambda *_: Outcome("status", 500, f"{NAME} was not taken", 1))
    assert program.post("/api/v1/exports/").status_code == 202
    upkeep.make_exports()
    program.delete(f"/api/v1/photos/{photo.uuid}/")
    Client().post(reverse("account_login"), {"login": ann.email, "password": "wrong"})
    Client().post(reverse("account_login"), {"login": ann.email, "password": PASSWORD})  # stops at the second factor
    Client().post(reverse("account_reset_password"), {"email": ann.email})
    rob_client.post(
        reverse("admin:accounts_user_change", args=[ann.pk]), {"email": ann.email, "role": "person", "is_active": "on"}
    )
    return token


def test_nothing_is_found_but_the_receipt(
    ann: User, ben: User, ada: User, rob_client: Client, make_photo: Any, monkeypatch: Any, log: Any
) -> None:
    monkeypatch.setattr(tasks, "reader", SeeingEngine)
    cache.clear()
    media, browser = Path(settings.MEDIA_ROOT), Client()
    kept = make_photo(ben)
    first = words_of(ann)
    token = use_everything(ann, ada, rob_client, browser)
    current_app.send_task("analysis.read")  # what the tests otherwise keep from the broker
    words = first | words_of(ann, ann.email, ELSEWHERE, NAME, token)
    assert len({where.split(" in ")[0] for where in found(words, media, log())}) > 10  # it is there to be erased
    rob_client.post(reverse("admin:accounts_user_delete", args=[ann.pk]), {"post": "yes"})
    upkeep.finish_erasures()
    assert found(words, media, log()) == set()
    receipts = ErasureReceipt.objects.order_by("-pk")
    assert receipts[0].counts["rows"]["photos"] == 3
    assert receipts[0].counts["sessions"] >= 2
    assert not User.objects.filter(pk=ann.pk).exists()
    assert browser.get("/account/").status_code == 302
    assert list(Photo.objects.all()) == [kept]
    check = look()
    assert check.is_well
    assert check.files == 2


def test_nothing_is_found_after_people_erased_themselves(
    ann: User, ada: User, rob_client: Client, monkeypatch: Any, log: Any
) -> None:
    monkeypatch.setattr(tasks, "reader", SeeingEngine)
    cache.clear()
    browser = Client()
    token = use_everything(ann, ada, rob_client, browser)
    words = words_of(ann, ann.email, ELSEWHERE, NAME, token)
    answer = browser.post("/account/delete/", {"password": PASSWORD}, follow=True)
    assert "An account was erased" in answer.content.decode()
    assert found(words, Path(settings.MEDIA_ROOT), log()) == set()


def test_a_reviewer_who_goes_leaves_decisions_without_a_number(ann: User, ada: User, make_photo: Any) -> None:
    make_photo(ann)
    statements.review_face(face=Face.objects.get(), reviewer=ada, verdict=Verdict.ACCEPTED)
    number = ada.pk
    ada.delete()
    history = Face.objects.get().review.history
    assert history.count() >= 1
    assert not history.filter(reviewer_id=number).exists()
    assert not history.filter(history_user_id=number).exists()


def test_what_is_deleted_is_overwritten_in_an_sqlite_file(tmp_path: Path) -> None:
    import sqlite3

    from facet.settings import SQLITE_OPTIONS

    path = tmp_path / "x.sqlite3"
    database = sqlite3.connect(path, isolation_level=None)
    for statement in SQLITE_OPTIONS["init_command"].split(";"):
        database.execute(statement)
    database.execute("CREATE TABLE t (a TEXT)")
    database.execute("INSERT INTO t VALUES ('q7xsecret')")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"q7xsecret" in path.read_bytes()
    database.execute("DELETE FROM t")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    left = path.read_bytes() + b"".join(each.read_bytes() for each in tmp_path.glob("*-wal"))
    database.close()
    assert b"q7xsecret" not in left
