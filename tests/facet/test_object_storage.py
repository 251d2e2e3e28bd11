"""Photos in a bucket: what the settings and the checks make of the variables. The bucket itself: tests/services."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import override_settings

from analysis.media import photo_response
from facet import checks
from facet.object_storage import PrivateBucket


def told(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """What a fresh process says about the storage with these settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FACET_", "AWS_"))}
    environment |= {"FACET_ENV_FILE": os.devnull, "FACET_SECRET_KEY": "x" * 60, "FACET_VAR_DIR": str(tmp_path)}
    environment |= {"DJANGO_SETTINGS_MODULE": "facet.settings"} | variables
    code = (
        "import sys, importlib.util as u\n"
        "if 'WITHOUT' in __import__('os').environ:\n"
        "    found = u.find_spec\n"
        "    u.find_spec = lambda name, *rest: None if name == 'storages' else found(name, *rest)\n"
        "import django; django.setup()\n"
        "from django.core.files.storage import storages\n"
        "storage, names = storages['default'], ('bucket_name', 'endpoint_url', 'default_acl')\n"
        "print(type(storage).__name__, *(getattr(storage, name, '-') for name in names))"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)


def test_without_a_bucket_photos_are_files(tmp_path: Path) -> None:
    assert told(tmp_path).stdout.split() == ["DurableFileSystemStorage", "-", "-", "-"]


def test_with_a_bucket_they_are_objects_without_an_acl(tmp_path: Path) -> None:
    done = told(tmp_path, FACET_S3_BUCKET="photos", FACET_S3_ENDPOINT_URL="http://127.0.0.1:9")
    assert done.stdout.split() == ["PrivateBucket", "photos", "http://127.0.0.1:9", "None"]


def test_a_bucket_without_the_package_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    done = told(tmp_path, FACET_S3_BUCKET="photos", WITHOUT="1")
    assert done.returncode != 0
    assert "Install requirements/scale.txt" in done.stderr


@pytest.mark.parametrize(
    ("bucket", "access", "secret", "ids"),
    [
        ("", "", "", []),
        ("photos", "a", "b", []),
        ("photos", "a", "", ["facet.E004"]),
        ("photos", "", "b", ["facet.E004"]),
        ("photos", "", "", ["facet.W002"]),
    ],
)
def test_missing_keys_are_found_by_the_system_checks(bucket: str, access: str, secret: str, ids: list[str]) -> None:
    with override_settings(S3_BUCKET=bucket, S3_ACCESS_KEY=access, S3_SECRET_KEY=secret):
        found = checks.bucket_can_be_opened(None)
    assert [message.id for message in found] == ids
    assert all(message.hint for message in found)


def test_the_proxy_is_not_asked_to_send_what_lies_in_a_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db.models.fields.files import FieldFile

    from analysis.models import Photo

    field = Photo._meta.get_field("image")
    stored = FieldFile(Photo(), field, "photos/aa/one.jpg")
    stored.storage = PrivateBucket(bucket_name="photos", region_name="us-east-1")
    monkeypatch.setattr(PrivateBucket, "_open", lambda *_: ContentFile(b"jpeg"))
    with override_settings(MEDIA_ACCEL_PREFIX="/_media/"):
        response = photo_response(stored, "one.jpg")
    assert "X-Accel-Redirect" not in response.headers
    assert b"".join(response) == b"jpeg"
