"""The command `facet analyse` as somebody types it, against a server that runs."""

import json
import signal
import subprocess
import threading
from typing import Any

import pytest

from accounts.models import ApiToken
from analysis import tasks
from analysis.models import Analysis, Batch, Lane, Photo
from tests.clients.conftest import NOBODY, Shell, at_a_terminal, photos, read_all, rows
from tests.conftest import jpeg


def test_a_real_photo_goes_in_and_a_row_comes_out(
    signed_in: Shell, astronaut_jpeg: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "analysis.tasks.ring_for_new", lambda _: tasks.read()
    )  # the real engine, in the thread of the request
    (signed_in.home / "-astronaut.jpg").write_bytes(astronaut_jpeg)
    done = signed_in("analyse", "--csv", "--", "-astronaut.jpg")
    assert (done.returncode, done.stderr) == (0, "")
    (row,) = rows(done.stdout)
    assert (row["file"], row["status"], row["face"]) == ("'-astronaut.jpg", "done", "1")
    assert float(row["age_low"]) <= float(row["age_years"]) <= float(row["age_high"])
    assert float(row["expression_happiness"]) > 0.5


def test_one_bad_file_stops_none_of_the_others(signed_in: Shell, read_when_sent: None) -> None:
    files = photos(signed_in, 40, 41)
    (signed_in.home / "bad.jpg").write_bytes(b"nothing")
    done = signed_in("analyse", files[0], "bad.jpg", "missing.jpg", files[1], files[0], "--csv", "--out", "faces.csv")
    assert (done.returncode, done.stdout) == (1, "")
    told = [(row["file"], row["status"]) for row in rows((signed_in.home / "faces.csv").read_text("utf-8"))]
    assert told == [
        ("40.jpg", "done"),
        ("bad.jpg", "rejected"),
        ("missing.jpg", "rejected"),
        ("41.jpg", "done"),
        ("40.jpg", "done"),
    ]
    complaints = done.stderr.splitlines()
    assert len(complaints) == 2
    assert complaints[0].startswith("bad.jpg: This is not a")
    assert complaints[1] == "missing.jpg: No such file or directory."
    assert Photo.objects.count() == 2


def test_results_are_waited_for_as_the_server_asks(signed_in: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    from analysis.api.batches import BatchView

    asked: list[Any] = []
    answer = BatchView.get

    def read_after_the_first_look(view: BatchView, *more: Any) -> Any:
        told = answer(view, *more, **view.kwargs)
        asked.append((told.headers.get("Retry-After"), told.data["finished"]))
        read_all()
        return told

    monkeypatch.setattr("analysis.api.waits.UNKNOWN_S", 1)
    monkeypatch.setattr(BatchView, "get", lambda view, request, **_: read_after_the_first_look(view, request))
    done = signed_in("analyse", *photos(signed_in, 40, 41), "--batch")
    assert (done.returncode, done.stderr) == (0, "")
    face = "  1  34 years (27 to 41), female, happiness shown"
    assert done.stdout.splitlines() == ["40.jpg: 1 face", face, "41.jpg: 1 face", face]
    assert asked == [("1", 0), (None, 2)], "asked for the batch, not for each photo"
    assert set(Analysis.objects.values_list("lane", flat=True)) == {Lane.BATCH}


def test_without_waiting_the_photos_are_only_sent(signed_in: Shell) -> None:
    done = signed_in("analyse", *photos(signed_in, 40), "--no-wait", "--json")
    assert done.returncode == 0
    (told,) = json.loads(done.stdout)["photos"]
    assert (told["file"], told["status"]) == ("40.jpg", "queued")
    late = signed_in("analyse", *photos(signed_in, 40, 41), "--timeout", "0.2")
    assert (late.returncode, "2 photos are not read yet" in late.stderr) == (1, True)


def test_what_this_run_brought_is_deleted_once_it_is_written(signed_in: Shell, read_when_sent: None) -> None:
    signed_in("analyse", *photos(signed_in, 40))
    done = signed_in("analyse", *photos(signed_in, 40, 41, 42), "--delete", "--json", "--out", "all.json")
    assert done.returncode == 0
    assert "1 photo had been sent before this run, and stays" in done.stderr
    assert [photo.name for photo in Photo.objects.all()] == ["40.jpg"]
    told = json.loads((signed_in.home / "all.json").read_text("utf-8"))["photos"]
    assert [one["photo"]["analysis"]["status"] for one in told] == ["done"] * 3


def test_a_file_that_cannot_be_written_is_told_before_anything_is_sent(signed_in: Shell) -> None:
    done = signed_in("analyse", *photos(signed_in, 40), "--out", "missing/faces.csv")
    assert (done.returncode, "cannot be written" in done.stderr) == (2, True)
    assert not Photo.objects.exists()


def test_an_earlier_table_survives_a_run_that_fails(signed_in: Shell) -> None:
    (signed_in.home / "faces.csv").write_text("precious", "utf-8")
    done = signed_in("analyse", *photos(signed_in, 40), "--out", "faces.csv", FACET_URL=NOBODY)
    assert done.returncode == 4
    assert (signed_in.home / "faces.csv").read_text("utf-8") == "precious"
    assert sorted(path.name for path in signed_in.home.iterdir()) == ["40.jpg", "faces.csv"]


def test_a_quota_reached_on_the_way_leaves_what_was_sent(
    signed_in: Shell, read_when_sent: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PHOTOS_PER_DAY = 1
    files = [*photos(signed_in, 40), "other/40.jpg"]  # the same name: another request
    (signed_in.home / "other").mkdir()
    (signed_in.home / files[1]).write_bytes(jpeg(41, 41))
    done = signed_in("analyse", *files, "--csv")
    assert done.returncode == 1
    assert [(row["status"], row["error_code"]) for row in rows(done.stdout)] == [
        ("done", ""),
        ("not_sent", "quota_reached"),
    ]
    assert done.stderr.startswith("other/40.jpg: Not sent: You can send 1 photos a day")


def test_what_is_there_is_written_when_the_token_ends_on_the_way(
    signed_in: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.tasks.ring_for_new", lambda _: ApiToken.objects.all().delete())
    done = signed_in("analyse", *photos(signed_in, 40), "--csv")
    assert (done.returncode, [row["status"] for row in rows(done.stdout)]) == (3, ["queued"])


def heeds_control_c() -> None:
    """In the child: a shell starts what it runs in the background deaf to SIGINT, and so would be all that we start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_control_c_says_what_was_sent(signed_in: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    from analysis.api.batches import BatchView

    asked = threading.Event()
    answer = BatchView.get

    def tell(view: BatchView, request: Any, **named: Any) -> Any:
        asked.set()
        return answer(view, request, **named)

    monkeypatch.setattr(BatchView, "get", tell)
    words = signed_in.command("analyse", *photos(signed_in, 40, 41), "--csv")
    running = subprocess.Popen(
        words,
        cwd=signed_in.home,
        env=signed_in.environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=heeds_control_c,  # noqa: PLW1509  it only sets a signal
    )
    assert asked.wait(60)
    running.send_signal(signal.SIGINT)
    out, complaints = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "2 of 2 photos had been sent and stay at" in complaints
    assert "Traceback" not in complaints
    assert [row["status"] for row in rows(out)] == ["queued", "queued"]


def test_a_terminal_shows_how_far_it_is(signed_in: Shell, read_when_sent: None) -> None:
    seen = at_a_terminal(signed_in, "", "analyse", *photos(signed_in, 40, 41), "--csv", "--out", "faces.csv")
    assert f"Sending  [{'#' * 30}] 2 of 2" in seen
    assert f"Reading  [{'#' * 30}] 2 of 2" in seen
    assert len(rows((signed_in.home / "faces.csv").read_text("utf-8"))) == 2


def test_what_is_tried_is_shown_and_nowhere(signed_in: Shell, astronaut_jpeg: bytes) -> None:
    (signed_in.home / "me.jpg").write_bytes(astronaut_jpeg)
    (signed_in.home / "bad.jpg").write_bytes(b"nothing")
    done = signed_in("analyse", "--try", "--csv", "me.jpg", "bad.jpg", "missing.jpg")
    assert done.returncode == 1
    told = [(row["file"], row["status"], row["photo_id"], row["face"]) for row in rows(done.stdout)]
    assert told == [("me.jpg", "done", "", "1"), ("bad.jpg", "rejected", "", ""), ("missing.jpg", "rejected", "", "")]
    assert len(done.stderr.splitlines()) == 2
    assert not Photo.objects.exists()
    assert not Batch.objects.exists()
    shown = signed_in("analyse", "--try", "me.jpg")
    assert shown.stdout.splitlines()[0] == "me.jpg: 1 face"
    (one,) = json.loads(signed_in("analyse", "--try", "--json", "me.jpg").stdout)["photos"]
    assert (one["photo"], len(one["tried"]["faces"])) == (None, 1)


def test_trying_ends_with_what_was_tried(signed_in: Shell, settings: Any, astronaut_jpeg: bytes) -> None:
    (signed_in.home / "me.jpg").write_bytes(astronaut_jpeg)
    settings.TRY = False
    off = signed_in("analyse", "--try", "me.jpg")
    assert (off.returncode, "does not" in off.stderr) == (4, True)


@pytest.mark.parametrize("more", ["--batch", "--delete", "--no-wait", "--label=Sunday", "--timeout=5"])
def test_what_is_tried_has_nothing_to_wait_for_or_to_delete(signed_in: Shell, more: str) -> None:
    done = signed_in("analyse", "--try", more, *photos(signed_in, 40))
    assert (done.returncode, "--try keeps nothing" in done.stderr) == (2, True)


def test_all_photos_of_a_run_are_one_batch_with_its_label(signed_in: Shell, read_when_sent: None) -> None:
    (signed_in.home / "other").mkdir()
    (signed_in.home / "other" / "40.jpg").write_bytes(jpeg(42, 42))  # the same name: another request
    done = signed_in("analyse", *photos(signed_in, 40, 41), "other/40.jpg", "--label", "Sunday")
    assert done.returncode == 0
    batch = Batch.objects.get()
    assert (batch.label, batch.links.count()) == ("Sunday", 3)


def test_a_batch_goes_with_its_photos(signed_in: Shell, read_when_sent: None) -> None:
    assert signed_in("analyse", *photos(signed_in, 40), "--delete", "--label", "Sunday").returncode == 0
    assert not Photo.objects.exists()
    assert not Batch.objects.exists(), "its label and the names of what was rejected would stay"
