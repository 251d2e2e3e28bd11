"""The commands `facet list`, `show`, `reread` and `delete`, against a server that runs."""

import json
import subprocess
from typing import Any

from accounts.models import User
from analysis.models import Analysis, Photo, Status
from tests.clients.conftest import Shell, rows


def test_the_list_is_narrowed_and_bounded(signed_in: Shell, ann: User, make_photo: Any) -> None:
    for _ in range(3):
        make_photo(ann)
    sad = make_photo(ann, faces=[{"emotion": "sadness"}, {}])
    failed = make_photo(ann, status=Status.FAILED)
    lines = signed_in("list", "--limit", "2").stdout.splitlines()
    assert [line.split()[0] for line in lines] == [str(failed.uuid), str(sad.uuid)]
    assert lines[0].endswith("holiday.jpg: The file is damaged.")
    assert lines[1].endswith("holiday.jpg: 2 faces")
    assert len(rows(signed_in("list", "--emotion", "sadness", "--csv").stdout)) == 2
    assert len(json.loads(signed_in("list", "--json", "--since", "2020-01-01").stdout)["photos"]) == 5
    refused = signed_in("list", "--age-from", "999")
    assert (refused.returncode, "less than or equal to" in refused.stderr) == (4, True)


def test_one_photo_is_shown_and_its_picture_saved(signed_in: Shell, ann: User, make_photo: Any) -> None:
    uuid = str(make_photo(ann, faces=[{"quality": {"size": 21.0, "reasons": ["too_small"]}}]).uuid)
    shown = signed_in("show", uuid, "--image", "picture.jpg")
    assert shown.returncode == 0
    assert "34 years (27 to 41), female, happiness shown" in shown.stdout
    assert "The face is small" in shown.stdout
    assert (signed_in.home / "picture.jpg").read_bytes().startswith(b"\xff\xd8\xff")
    assert signed_in("show", uuid, "--image", "picture.jpg").returncode == 2
    assert json.loads(signed_in("show", uuid, "--json").stdout)["id"] == uuid
    assert signed_in("show", "../me").returncode == 2


def test_photos_are_deleted_and_strangers_ones_are_not(signed_in: Shell, ann: User, ben: User, make_photo: Any) -> None:
    mine, others = str(make_photo(ann).uuid), str(make_photo(ben).uuid)
    done = signed_in("delete", mine, others, "nonsense")
    assert (done.returncode, done.stdout) == (1, "Deleted 1 photo.\n")
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == [others, "nonsense"]
    assert [str(photo.uuid) for photo in Photo.objects.all()] == [others]


def test_photos_are_read_again_one_by_one_all_at_once_and_not_any_more(
    signed_in: Shell, ann: User, make_photo: Any, worker: Any
) -> None:
    old = [str(make_photo(ann, model_version="facetrio-0").uuid) for _ in range(3)]
    current = str(make_photo(ann, engine_version="haar+litert/1", model_version="facetrio-1").uuid)
    done = signed_in("reread", old[0], current)
    assert (done.returncode, done.stdout) == (1, "1 photo queued to be read again.\n")
    assert done.stderr.startswith(f"{current}: ")
    done = signed_in("reread", "--all")
    assert done.stdout == "2 photos queued to be read again so far, 2 still waiting.\n"
    assert signed_in("reread", "--stop").stdout.startswith("Stopped.")
    assert Analysis.objects.filter(status=Status.CANCELLED).count() == 2
    Analysis.objects.exclude(photo__uuid=current).delete()
    assert signed_in("reread", "--all").stdout == "There is nothing to read again.\n"
    assert signed_in("reread").returncode == signed_in("reread", "--all", current).returncode == 2


def test_a_reader_that_has_enough_is_no_error_in_python(signed_in: Shell, ann: User, make_photo: Any) -> None:
    make_photo(ann)
    line = f"{' '.join(signed_in.command('list'))} | true"
    done = subprocess.run(line, shell=True, capture_output=True, text=True, check=False, env=signed_in.environment)
    assert "Traceback" not in done.stderr
