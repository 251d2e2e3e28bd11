"""Photos in the API: owner, stranger, anonymous, bad input."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import ApiToken, User
from analysis.engine import accepted_words
from analysis.models import Analysis, Photo, Status
from tests.conftest import jpeg

LIST = "/api/v1/photos/"
Api = Callable[..., APIClient]


def file(name: str = "a.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg() if data is None else data)


def test_an_upload_tells_of_every_file(ann: User, api: Api) -> None:
    other = jpeg(colour=(90, 90, 90))
    answer = api(ann).post(LIST, {"photos": [file("a.jpg"), file("b.png", b"nothing"), file("c.jpg", other)]})
    assert answer.status_code == 202
    assert answer["Retry-After"] == "1"
    assert [photo["name"] for photo in answer.data["accepted"]] == ["a.jpg", "c.jpg"]
    assert answer.data["accepted"][0]["analysis"]["status"] == "queued"
    assert answer.data["rejected"] == [
        {
            "name": "b.png",
            "code": "unsupported",
            "detail": f"This is not a {accepted_words()} photo. Save it as one of these.",
        }
    ]
    assert set(Photo.objects.values_list("owner", flat=True)) == {ann.pk}


def test_an_upload_without_one_good_file_is_refused(ann: User, api: Api) -> None:
    assert api(ann).post(LIST, {"photos": [file("b.png", b"")]}).status_code == 400
    nothing = api(ann).post(LIST, {})
    assert (nothing.status_code, nothing.data["code"], nothing.data["errors"][0]["field"]) == (400, "invalid", "photos")


def test_the_list_holds_own_photos_only_newest_first_in_pages(ann: User, ben: User, api: Api, make_photo: Any) -> None:
    mine = [make_photo(ann) for _ in range(3)]
    make_photo(ben)
    first = api(ann).get(LIST, {"page_size": 2}).data
    assert [photo["id"] for photo in first["results"]] == [str(photo.uuid) for photo in reversed(mine[1:])]
    second = api(ann).get(first["next"]).data
    assert [photo["id"] for photo in second["results"]] == [str(mine[0].uuid)]
    assert second["next"] is None


def test_the_list_is_filtered(ann: User, api: Api, make_photo: Any) -> None:
    make_photo(ann, status=Status.FAILED)
    sad = make_photo(ann, faces=[{"emotion": "sadness", "gender": "male"}, {}])
    for query in ({"emotion": "sadness", "gender": "male"}, {"gender": "male"}, {"status": "done"}, {"age_to": 40}):
        assert [photo["id"] for photo in api(ann).get(LIST, query).data["results"]] == [str(sad.uuid)]
    both_but_of_different_faces = {"emotion": "happiness", "gender": "male"}
    assert api(ann).get(LIST, both_but_of_different_faces).data["results"] == []
    wrong = api(ann).get(LIST, {"emotion": "bored"})
    assert (wrong.status_code, wrong.data["errors"][0]["field"]) == (400, "emotion")


@pytest.mark.parametrize(("status", "most"), [(Status.DONE, 6), (Status.QUEUED, 7)])
def test_the_number_of_queries_does_not_grow_with_the_list(
    ann: User, api: Api, make_photo: Any, django_assert_max_num_queries: Any, status: Status, most: int
) -> None:
    for _ in range(10):
        make_photo(ann, status=status, faces=[{}, {}] if status == Status.DONE else None)
    client = api(ann)
    with django_assert_max_num_queries(most):
        assert len(client.get(LIST).data["results"]) == 10


def test_a_finished_photo_tells_all_about_its_faces(ann: User, api: Api, make_photo: Any) -> None:
    photo = make_photo(ann, faces=[{"gender": "", "gender_confidence": 0.6}], model_version="facetrio-1")
    data = api(ann).get(f"{LIST}{photo.uuid}/").data
    assert data["analysis"]["status"] == "done"
    assert data["analysis"]["error"] is None
    (face,) = data["analysis"]["faces"]
    assert face["box"] == {"x": 20.0, "y": 12.0, "width": 40.0, "height": 40.0}
    assert face["age"] == {"years": 34.0, "low": 27.0, "high": 41.0, "widening": 1.0, "bucket": [30, 40]}
    assert face["gender"] == {"label": None, "confidence": 0.6}
    assert face["emotion"]["label"] == "happiness"
    assert sum(face["emotion"]["probabilities"].values()) == pytest.approx(1)


def test_a_face_that_is_hard_to_read_says_why_in_codes_and_in_words(ann: User, api: Api, make_photo: Any) -> None:
    quality = {"size": 21.0, "sharpness": 0.15, "reasons": ["too_small"]}
    photo = make_photo(ann, faces=[{}, {"quality": quality, "age_widening": 1.25}])
    good, bad = api(ann).get(f"{LIST}{photo.uuid}/").data["analysis"]["faces"]
    assert good["quality"]["reasons"] == []
    assert bad["quality"]["reasons"] == [
        {
            "code": "too_small",
            "detail": "The face is small in the photo (21 pixels). Stand closer or send a larger photo.",
        }
    ]
    assert (bad["quality"]["size"], bad["quality"]["turn"], bad["quality"]["highlights"]) == (21.0, None, None)
    assert bad["age"]["widening"] == 1.25


def test_a_failed_photo_says_why_and_can_be_tried_again(ann: User, api: Api, make_photo: Any) -> None:
    photo = make_photo(ann, status=Status.FAILED)
    address = f"{LIST}{photo.uuid}/"
    assert api(ann).get(address).data["analysis"]["error"] == {"code": "unreadable", "detail": "The file is damaged."}
    assert api(ann).post(f"{address}retry/").data["analysis"]["status"] == "queued"
    again = api(ann).post(f"{address}retry/")
    assert (again.status_code, again.data["code"]) == (409, "not_failed")


def test_the_picture_comes_as_a_picture_and_nothing_else(ann: User, api: Api, make_photo: Any) -> None:
    answer = api(ann).get(f"{LIST}{make_photo(ann).uuid}/image/")
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8\xff")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "private" in answer["Cache-Control"]


def test_behind_a_proxy_the_proxy_sends_the_file(ann: User, api: Api, make_photo: Any, settings: Any) -> None:
    settings.MEDIA_ACCEL_PREFIX = "/_media/"
    photo = make_photo(ann)
    answer = api(ann).get(f"{LIST}{photo.uuid}/image/")
    assert answer["X-Accel-Redirect"] == f"/_media/{photo.image.name}"
    assert answer.content == b""


def test_delete_is_for_good(ann: User, api: Api, make_photo: Any) -> None:
    address = f"{LIST}{make_photo(ann).uuid}/"
    assert api(ann).delete(address).status_code == 204
    assert api(ann).get(address).status_code == 404
    assert not Analysis.objects.exists()


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", ""), ("delete", ""), ("get", "image/"), ("get", "analyses/"), ("post", "retry/"), ("post", "cancel/"),
     ("post", "reread/")],
)  # fmt: skip
def test_strangers_and_reviewers_do_not_reach_others_photos(
    ben: User, ann: User, api: Api, make_photo: Any, method: str, path: str
) -> None:
    address = f"{LIST}{make_photo(ann).uuid}/{path}"
    refused = getattr(api(ben), method)(address)
    assert (refused.status_code, refused.data["code"]) == (404, "not_found")
    assert refused["Content-Type"] == "application/problem+json"
    assert getattr(api(), method)(address).status_code == 401


def test_a_reviewer_may_see_the_picture_but_not_delete_it(ada: User, ann: User, api: Api, make_photo: Any) -> None:
    address = f"{LIST}{make_photo(ann).uuid}/"
    assert api(ada).get(f"{address}image/").status_code == 200
    assert api(ada).delete(address).status_code == 404


def test_a_token_opens_the_api_and_a_wrong_one_does_not(ann: User, client: Any) -> None:
    _, token = ApiToken.objects.create(user=ann, name="script")
    assert client.get("/api/v1/me/", headers={"Authorization": f"Token {token}"}).json()["email"] == ann.email
    refused = client.get("/api/v1/me/", headers={"Authorization": f"Token {token[:-1]}x"})
    assert (refused.status_code, refused.json()["code"]) == (401, "authentication_failed")
    assert token not in ApiToken.objects.get().digest


def test_wrong_methods_and_addresses_are_problems_too(ann: User, api: Api) -> None:
    wrong = api(ann).put(LIST)
    assert (wrong.status_code, wrong.data["code"]) == (405, "method_not_allowed")
    assert api(ann).get("/api/v1/nothing/").json()["code"] == "not_found"
    assert "end with a slash" in api(ann).get("/api/v1/photos").json()["detail"]


def test_a_mistyped_filter_or_field_is_not_dropped_in_silence(ann: User, api: Api) -> None:
    wrong = api(ann).get(LIST, {"emotoin": "sadness"})
    assert (wrong.status_code, wrong.data["errors"][0]["field"]) == (400, "emotoin")
    assert "emotion" in wrong.data["errors"][0]["message"]
    misnamed = api(ann).post(LIST, {"photo": [file()]})
    assert "called photos" in misnamed.data["errors"][0]["message"]
