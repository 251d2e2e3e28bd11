"""Photos in a bucket: uploaded, read by a worker, shown, erased. The store is moto's server, a process of its own."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from django.core.files.base import ContentFile

from benchmarks.stack.installation import Installation
from benchmarks.stack.program import Program, clean_environment, free_port
from facet.object_storage import PrivateBucket
from tests.services.conftest import UNHURRIED, Person

KEYS = {"access_key": "facet", "secret_key": "facet-secret"}


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[str]:
    """The address of an empty S3-compatible store."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    moto = Program(command, folder / "moto.log", environment=clean_environment(), cwd=folder)
    try:
        moto.wait_until(lambda: _answers(url), 60)
        yield url
    finally:
        moto.kill()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/moto-api/", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def bucket(store: str) -> Any:
    session = boto3.Session(aws_access_key_id=KEYS["access_key"], aws_secret_access_key=KEYS["secret_key"])
    made = session.resource("s3", endpoint_url=store, region_name="us-east-1").Bucket("photos")
    made.create()
    return made


@pytest.fixture(scope="module")
def ann(
    bucket: Any, store: str, folder: Path, ann_of: Callable[[Installation], Any]
) -> Iterator[tuple[Person, Installation]]:
    environment = {
        "FACET_S3_BUCKET": "photos", "FACET_S3_ENDPOINT_URL": store, "FACET_S3_REGION": "us-east-1",
        "FACET_S3_ACCESS_KEY": KEYS["access_key"], "FACET_S3_SECRET_KEY": KEYS["secret_key"],
        "FACET_MEDIA_ACCEL_PREFIX": "/_media/", **UNHURRIED,
    }  # fmt: skip
    with Installation(folder / "facet", environment=environment) as facet:
        facet.initialise(static=False)
        facet.start_web()
        facet.start_worker()
        facet.wait_until_ready(90)
        with ann_of(facet) as person:
            yield person, facet


@pytest.mark.services
@pytest.mark.slow
def test_a_photo_lives_in_the_bucket_from_upload_to_deletion(ann: tuple[Person, Installation], bucket: Any) -> None:
    person, facet = ann
    (uuid,) = person.upload()
    assert person.outcomes([uuid]) == [("done", 1)]
    keys = {found.key for found in bucket.objects.all()}
    assert keys == {f"{folder}/{uuid[:2]}/{uuid}.jpg" for folder in ("photos", "thumbnails")}

    shown = person.api.get(f"/photos/{uuid}/image/")
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
    assert shown.content == bucket.Object(f"photos/{uuid[:2]}/{uuid}.jpg").get()["Body"].read()
    assert "X-Accel-Redirect" not in shown.headers  # the proxy cannot see the bucket

    assert person.api.delete(f"/photos/{uuid}/").status_code == 204
    assert list(bucket.objects.all()) == []
    assert not (facet.folder / "var" / "media").exists()


@pytest.mark.services
@pytest.mark.slow
def test_a_picture_that_is_gone_is_not_found(ann: tuple[Person, Installation], bucket: Any) -> None:
    person, _ = ann
    (uuid,) = person.upload()
    person.outcomes([uuid])
    bucket.Object(f"photos/{uuid[:2]}/{uuid}.jpg").delete()
    assert person.api.get(f"/photos/{uuid}/image/").status_code == 404
    assert person.api.delete(f"/photos/{uuid}/").status_code == 204


@pytest.mark.services
def test_the_bucket_is_a_storage_like_the_folder(store: str, bucket: Any) -> None:
    storage = PrivateBucket(bucket_name="photos", endpoint_url=store, region_name="us-east-1", **KEYS)
    assert storage.save("one.jpg", ContentFile(b"first")) == "one.jpg"
    assert storage.save("one.jpg", ContentFile(b"second")) == "one.jpg"
    with storage.open("one.jpg") as stored:
        assert stored.read() == b"second"
    grants = bucket.Object("one.jpg").Acl().grants
    assert [grant["Permission"] for grant in grants] == ["FULL_CONTROL"]
    storage.delete("one.jpg")
    storage.delete("one.jpg")
    with pytest.raises(FileNotFoundError):
        storage.open("one.jpg")


@pytest.mark.services
def test_a_bucket_that_is_not_there_is_no_missing_picture(store: str) -> None:
    """Somebody has to mend it: a page must not say 404 for what is still there."""
    from botocore.exceptions import ClientError

    storage = PrivateBucket(bucket_name="elsewhere", endpoint_url=store, region_name="us-east-1", **KEYS)
    with pytest.raises(ClientError, match="NoSuchBucket"):
        storage.open("one.jpg")
