"""A program's way: token, upload, result, delete, over HTTP against a running server."""

from pathlib import Path

import httpx
import pytest

from tests.journey.conftest import wait_until

pytestmark = pytest.mark.slow


def finished(api: httpx.Client, uuid: str) -> dict[str, object] | None:
    photo = api.get(f"/photos/{uuid}/").raise_for_status().json()
    return photo if photo["analysis"]["status"] in {"done", "failed"} else None


def test_from_token_to_result_to_nothing_left(api: httpx.Client, astronaut_jpeg: bytes) -> None:
    assert api.get("/me/").raise_for_status().json()["email"].startswith("person")
    files = [("photos", ("a.jpg", astronaut_jpeg)), ("photos", ("b.jpg", b"broken"))]
    answer = api.post("/photos/", files=files)
    assert answer.status_code == 202
    assert [bad["name"] for bad in answer.json()["rejected"]] == ["b.jpg"]
    (accepted,) = answer.json()["accepted"]

    photo = wait_until(lambda: finished(api, accepted["id"]), seconds=30, what="the worker")

    analysis = photo["analysis"]
    assert (analysis["status"], analysis["attempts"]) == ("done", 1)  # type: ignore[index]
    (face,) = analysis["faces"]  # type: ignore[index]
    assert face["age"]["low"] <= face["age"]["years"] <= face["age"]["high"]
    assert api.get("/photos/").json()["results"][0]["id"] == accepted["id"]
    assert api.get(f"/photos/{accepted['id']}/image/").content.startswith(b"\xff\xd8")
    assert api.delete(f"/photos/{accepted['id']}/").status_code == 204
    assert api.get("/photos/").json()["results"] == []


def test_without_a_token_there_is_nothing_to_see(api: httpx.Client) -> None:
    refused = httpx.get(f"{api.base_url}photos/")
    assert (refused.status_code, refused.json()["code"]) == (401, "not_authenticated")


@pytest.mark.shared
def test_a_table_full_of_people_is_read_whole(api: httpx.Client, shared: Path) -> None:
    data = (shared / "photos" / "group_table.jpg").read_bytes()
    uuid = api.post("/photos/", files=[("photos", ("table.jpg", data))]).json()["accepted"][0]["id"]
    photo = wait_until(lambda: finished(api, uuid), seconds=30, what="the worker")
    assert len(photo["analysis"]["faces"]) >= 8  # type: ignore[index]
