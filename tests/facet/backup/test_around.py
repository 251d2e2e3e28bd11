"""Storages, terminals and the operator's guide."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.core.management import CommandError

from analysis.models import Photo
from facet.backup import archive, files, making
from facet.backup.contents import Contents
from facet.backup.progress import Progress
from facet.env import BASE_DIR
from tests.facet.installations import left_in, run

MakePhoto = Callable[..., Photo]


def test_a_storage_without_paths_is_asked_through_its_api(
    lived_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As S3 is: no folder, no path."""
    far, other = InMemoryStorage(), InMemoryStorage()
    names = [str(name) for pair in Photo.objects.values_list("image", "thumbnail") for name in pair]
    for name in names:
        far.save(name, ContentFile(name.encode()))
    monkeypatch.setattr(files, "default_storage", far)
    monkeypatch.setattr(making, "default_storage", far)
    run("backup", to=tmp_path / "facet.tar")
    assert archive.contents_of(tmp_path / "facet.tar").files == len(names) == 8

    other.save("photos/zz/old.jpg", ContentFile(b"of a photo that was replaced"))
    other.save("elsewhere/kept.txt", ContentFile(b"not ours"))
    monkeypatch.setattr(files, "default_storage", other)
    run("restore", str(tmp_path / "facet.tar"), replace=True)
    for name in names:
        assert other.open(name).read() == name.encode()
    assert not other.exists("photos/zz/old.jpg")
    assert other.exists("elsewhere/kept.txt")


def test_a_storage_that_fails_in_its_own_words_is_quoted(
    lived_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class BucketError(Exception):
        """As a library of a storage raises."""

    def unreachable(name: str) -> None:
        raise BucketError("no route to the bucket")

    monkeypatch.setattr(files.default_storage, "open", unreachable, raising=False)
    with pytest.raises(CommandError, match="storage of the photos says: BucketError: no route to the bucket"):
        run("backup", to=tmp_path / "out" / "facet.tar")
    assert left_in(tmp_path / "out") == set()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_on_a_terminal_and_nothing_elsewhere(made: Path) -> None:
    seen, silent = Terminal(), io.StringIO()
    archive.check(made, Progress(seen))
    archive.check(made, Progress(silent))
    assert "checking:" in seen.getvalue()
    assert "\n" not in seen.getvalue()
    assert seen.getvalue().endswith("\r\x1b[K")
    assert silent.getvalue() == ""


def test_an_expected_error_is_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"], "FACET_ENV_FILE": os.devnull, "FACET_SECRET_KEY": "x" * 60,
        "FACET_VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "facet.settings",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "manage.py", "backup", "--verify", str(tmp_path / "nothing.tar")],
        cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"CommandError: {tmp_path}/nothing.tar is not there. Check the name."]


def test_the_commands_of_the_operators_guide_are_understood() -> None:
    from facet.management.commands import backup, restore

    guide = (BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")
    section = guide.split("## Backup and restore")[1].split("\n## ")[0]
    found = re.findall(r"manage\.py (backup|restore)([^`\n|<>'&]*)", section)
    assert {name for name, _ in found} == {"backup", "restore"}
    assert len(found) >= 5
    for name, words in found:
        command = {"backup": backup, "restore": restore}[name].Command()
        command.create_parser("manage.py", name).parse_args(words.split())


def test_the_archive_keeps_no_list_of_its_files_in_memory(tmp_path: Path) -> None:
    """tarfile remembers every member unless told otherwise."""
    contents = Contents(
        facet="1", made_at="now", vendor="sqlite", migrations=[], rows={}, database="database.dump", database_bytes=0
    )
    path = tmp_path / "many.tar"
    with archive.Writer(path, contents, tmp_path / "sums") as writer:
        for number in range(50):
            writer.add(f"media/{number}", io.BytesIO(b"x"), 1)
            assert writer._tar.members == []
        writer.finish(files=50, files_bytes=50, files_missing=0)
    assert archive.check(path, Progress()).files == 50
