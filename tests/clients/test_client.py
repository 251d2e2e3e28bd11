"""Every method against a server that runs."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import ApiToken, User
from analysis.models import Analysis, Correction, Lane, Photo, Status
from facet_client import (
    Conflict,
    Facet,
    Invalid,
    NotAuthenticated,
    NotFound,
    QueueFull,
    QuotaReached,
    ScopeMissing,
    TooManyRequests,
    Uploaded,
)
from suggestions.models import CatalogueItem, Feedback
from tests.clients.conftest import FakeClock, read_all
from tests.conftest import jpeg


def names(uploaded: Uploaded) -> list[tuple[str, str]]:
    return [
        (one.source, one.rejected.code if one.rejected else "new" if one.new else "known") for one in uploaded.files
    ]


def test_whose_token_it_is(facet: Facet, ann: User) -> None:
    person = facet.me()
    assert (person.email, person.id, person.is_reviewer) == (ann.email, str(ann.uuid), False)


def test_a_token_that_was_deleted_opens_nothing(facet: Facet) -> None:
    ApiToken.objects.all().delete()
    with pytest.raises(NotAuthenticated) as raised:
        facet.me()
    assert (raised.value.status, raised.value.code) == (401, "authentication_failed")


def test_a_token_without_the_scope_says_which(facet: Facet) -> None:
    ApiToken.objects.update(scopes=["read"])
    assert facet.me().scopes == ("read",)
    with pytest.raises(ScopeMissing, match="lacks the scope “upload”") as raised:
        facet.photos.delete("0" * 32)
    assert raised.value.code == "scope_missing"


def test_files_and_bytes_are_sent_and_each_is_told_of(facet: Facet, tmp_path: Path) -> None:
    good, bad, odd = tmp_path / "good.jpg", tmp_path / "bad.jpg", tmp_path / 'so "called" &amp; \u202e.jpg'
    good.write_bytes(jpeg(40, 40))
    bad.write_bytes(b"nothing")
    odd.write_bytes(jpeg(41, 41))
    missing = tmp_path / "missing.jpg"
    uploaded = facet.photos.upload(
        [good, str(bad), missing, ("bytes.jpg", jpeg(42, 42)), odd, ("again.jpg", jpeg(40, 40)), jpeg(43, 43)],
        lane="batch",
    )
    assert names(uploaded) == [
        (str(good), "new"),
        (str(bad), "unsupported"),
        (str(missing), "cannot_open"),
        ("bytes.jpg", "new"),
        (str(odd), "new"),
        ("again.jpg", "known"),
        ("photo-7", "new"),
    ]
    assert [photo.name for photo in uploaded.accepted] == ["good.jpg", "bytes.jpg", "so 'called' & .jpg", "photo-7"]
    assert [photo.id for photo in uploaded.linked] == [uploaded.photos[0].id]
    assert len(uploaded.rejected) == 2
    assert set(Analysis.objects.values_list("lane", flat=True)) == {Lane.BATCH}


def test_one_photo_alone_needs_no_list(facet: Facet, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg())
    ways: list[Any] = [path, str(path), path.read_bytes(), ("a.jpg", path.read_bytes())]
    assert [len(facet.photos.upload(way).photos) for way in ways] == [1, 1, 1, 1]
    assert Photo.objects.count() == 1


def test_nothing_readable_is_told_file_by_file_too(facet: Facet) -> None:
    uploaded = facet.photos.upload([("a.jpg", b"nothing"), ("b.jpg", b"")])
    assert [one.name for one in uploaded.rejected] == ["a.jpg", "b.jpg"]
    assert facet.photos.upload([]).files == ()


def test_a_server_that_takes_fewer_at_once_gets_fewer(facet: Facet, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3
    uploaded = facet.photos.upload([(f"{side}.jpg", jpeg(side, side)) for side in range(40, 50)])
    assert [photo.name for photo in uploaded.accepted] == [f"{side}.jpg" for side in range(40, 50)]


def test_results_are_waited_for(facet: Facet, time_stands: FakeClock) -> None:
    uploaded = facet.photos.upload([jpeg(40, 40), jpeg(41, 41)])
    photos = facet.photos.wait(uploaded.photos, timeout=60)
    assert [photo.id for photo in photos] == [photo.id for photo in uploaded.photos]
    assert time_stands.slept == [5]  # as long as the server says while it does not know how fast it reads
    (face,) = photos[0].faces
    assert face.age is not None
    assert (face.age.low, face.age.years, face.age.high, face.age.bucket) == (27, 34, 41, (30, 40))
    assert face.emotion is not None
    assert face.emotion.label == "happiness"
    assert sum(face.emotion.probabilities.values()) == pytest.approx(1)


def test_what_has_not_changed_comes_without_a_body(facet: Facet, time_stands: FakeClock, live_server: Any) -> None:
    (photo,) = facet.photos.upload(jpeg()).photos
    Analysis.objects.update(status=Status.RUNNING, started_at=timezone.now())
    time_stands.while_asleep = lambda: read_all() if len(time_stands.slept) > 3 else None
    (photo,) = facet.photos.wait([photo])
    assert photo.analysis.status == "done"
    first, *others = time_stands.slept
    assert first == 1
    assert others == [1.5, 2.25, 3.375]  # each after a 304, which says nothing of when to come back


def test_the_list_is_fetched_page_by_page(facet: Facet, ann: User, ben: User, make_photo: Any) -> None:
    mine = [str(make_photo(ann).uuid) for _ in range(5)]
    sad = str(make_photo(ann, faces=[{"emotion": "sadness"}]).uuid)
    make_photo(ben)
    assert [photo.id for photo in facet.photos.list(page_size=2)] == [sad, *reversed(mine)]
    assert [photo.id for photo in facet.photos.list(emotion="sadness", since="2020-01-01")] == [sad]
    with pytest.raises(Invalid) as raised:
        list(facet.photos.list(emotion="bored"))
    assert [field.field for field in raised.value.errors] == ["emotion"]


def test_a_photo_and_its_picture_until_it_is_deleted(facet: Facet, ann: User, make_photo: Any) -> None:
    uuid = make_photo(ann).uuid
    assert facet.photos.get(uuid).name == "holiday.jpg"
    assert facet.photos.image(str(uuid)).startswith(b"\xff\xd8\xff")
    facet.photos.delete(uuid)
    for call in (facet.photos.get, facet.photos.image, facet.photos.delete):
        with pytest.raises(NotFound):
            call(uuid)


def test_others_photos_are_not_there(facet: Facet, ben: User, make_photo: Any) -> None:
    with pytest.raises(NotFound, match="not yours"):
        facet.photos.get(make_photo(ben).uuid)


def test_stop_try_again_and_read_again(facet: Facet, ann: User, make_photo: Any, worker: Any) -> None:
    uuid = make_photo(ann, status=Status.QUEUED).uuid
    assert facet.photos.cancel(uuid).analysis.status == "cancelled"
    with pytest.raises(Conflict) as raised:
        facet.photos.cancel(uuid)
    assert raised.value.code == "not_unfinished"
    assert facet.photos.retry(uuid).analysis.status == "queued"
    old = make_photo(ann, model_version="facetrio-0").uuid
    photo = facet.photos.reread(old, lane="batch")
    assert (photo.analysis.status, photo.pending and photo.pending.lane) == ("done", "batch")
    assert not photo.is_finished
    assert [reading.status for reading in facet.photos.readings(old)] == ["queued", "done"]


def test_all_photos_are_read_again_and_that_is_stopped(facet: Facet, ann: User, make_photo: Any, worker: Any) -> None:
    for _ in range(3):
        make_photo(ann, model_version="facetrio-0")
    assert (facet.photos.rereading().found, facet.photos.rereading().is_under_way) == (3, False)
    for _ in range(2):
        state = facet.photos.reread_all()
        assert (state.queued, state.waiting, state.is_under_way) == (3, 3, True)
    facet.photos.stop_rereading()
    assert (facet.photos.rereading().state, facet.photos.rereading().found) == ("idle", 3)


def test_a_face_is_corrected_and_the_correction_withdrawn(facet: Facet, ann: User, make_photo: Any) -> None:
    photo = facet.photos.get(make_photo(ann).uuid)
    said = facet.faces.correct(photo.faces[0].id, age_years=41, gender="male", note="me")
    assert (said.age_years, said.gender, said.not_a_face) == (41, "male", False)
    corrected = facet.photos.get(photo.id).faces[0].correction
    assert corrected == said
    facet.faces.withdraw(photo.faces[0].id)
    assert not Correction.objects.exists()
    with pytest.raises(Invalid, match="Say what is wrong"):
        facet.faces.correct(photo.faces[0].id)


def test_suggestions_and_what_is_said_about_them(facet: Facet, ann: User, make_photo: Any) -> None:
    CatalogueItem.objects.all().delete()
    CatalogueItem.objects.create(slug="a-walk", kind="activity", title="A walk", emotions={}, age_from=0, age_to=99)
    uuid = make_photo(ann).uuid
    listed = facet.suggestions.for_photo(uuid, limit=3)
    (walk,) = listed.suggestions
    assert (listed.faces, walk.slug, walk.liked, walk.minutes) == (1, "a-walk", False, None)
    assert walk.score == pytest.approx(sum(term.points for term in walk.terms))
    facet.suggestions.say("a-walk", "liked", photo=uuid)
    assert facet.suggestions.for_photo(uuid).suggestions[0].liked
    facet.suggestions.take_back("a-walk")
    assert not Feedback.objects.exists()
    with pytest.raises(Conflict) as raised:
        facet.suggestions.for_photo(make_photo(ann, status=Status.QUEUED).uuid)
    assert raised.value.code == "not_finished"


def test_a_full_line_is_waited_for_and_a_quota_is_not(
    facet: Facet, ann: User, make_photo: Any, settings: Any, time_stands: FakeClock
) -> None:
    settings.QUEUE_MAX = 1
    make_photo(ann, status=Status.QUEUED)
    assert len(facet.photos.upload(jpeg()).accepted) == 1
    assert time_stands.slept == [60]
    settings.PHOTOS_PER_DAY = 1
    read_all()
    with pytest.raises(QuotaReached) as raised:
        facet.photos.upload(jpeg(40, 40))
    assert (raised.value.retry_after or 0) > 3600
    settings.PHOTOS_PER_DAY = 0
    make_photo(ann, status=Status.QUEUED)
    time_stands.while_asleep = lambda: None
    with pytest.raises(QueueFull):
        facet.photos.upload(jpeg(41, 41))


def test_too_many_requests_are_slowed_down(facet: Facet, time_stands: FakeClock, settings: Any) -> None:
    settings.API_RATES = settings.API_RATES | {"default": (1, 86_400)}
    facet.me()
    with pytest.raises(TooManyRequests) as raised:
        facet.me()
    assert raised.value.code == "throttled"
    assert time_stands.slept == []
