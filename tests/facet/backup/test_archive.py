"""Damaged and hostile archives."""

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import connection

from analysis.models import Photo
from tests.facet.installations import every_file, every_row, left_in, run

MakePhoto = Callable[..., Photo]


def damaged_at(path: Path, member: str) -> None:
    """Turn over one bit in the middle of a member."""
    with tarfile.open(path) as tar:
        info = tar.getmember(member)
    with path.open("r+b") as handle:
        handle.seek(info.offset_data + info.size // 2)
        byte = handle.read(1)[0]
        handle.seek(-1, os.SEEK_CUR)
        handle.write(bytes([byte ^ 1]))


def refused(path: Path, match: str) -> None:
    """Checking refuses it, and a restore refuses it and changes nothing."""
    rows, stored = every_row(), every_file()
    for words, options in ((("backup",), {"verify": path}), (("restore", str(path)), {"replace": True})):
        with pytest.raises(CommandError, match=match):
            run(*words, **options)
    assert (every_row(), every_file()) == (rows, stored)


def test_one_turned_bit_anywhere_is_found(made: Path, tmp_path: Path) -> None:
    with tarfile.open(made) as tar:
        names = tar.getnames()
    assert len(names) == 11
    for name in names:
        copy = tmp_path / "copy.tar"
        shutil.copy(made, copy)
        damaged_at(copy, name)
        refused(
            copy,
            "is not what was written"
            if name != "backup.json"
            else "damaged|is not what was written|later format|not all there",
        )


def test_an_archive_that_is_cut_off_anywhere_is_found(made: Path, tmp_path: Path) -> None:
    whole = made.read_bytes()
    with tarfile.open(made) as tar:
        ends = [info.offset for info in tar.getmembers()] + [tar.getmember("SHA256SUMS").offset_data + 5]
    for end in [*ends, 1, 511, 700, len(whole) // 2]:
        copy = tmp_path / "copy.tar"
        copy.write_bytes(whole[:end])
        refused(copy, "not all there|damaged|no backup of Facet")


@pytest.mark.parametrize("content", [b"", b"not a tar" * 1000, bytes(20480)])
def test_other_files_are_no_backups(lived_in: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)
    refused(tmp_path / "other", "no backup of Facet")


def test_a_name_without_a_file_and_a_folder_are_told_so(lived_in: Path, tmp_path: Path) -> None:
    refused(tmp_path / "nothing", "is not there")
    refused(tmp_path, "is a folder")


def crafted(made: Path, path: Path, extra: tarfile.TarInfo, data: bytes = b"evil") -> Path:
    """The archive with a member before its SHA256SUMS, listed there and counted as an honest one would be."""
    with tarfile.open(made) as old, tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as new:
        members = [(info, old.extractfile(info).read()) for info in old.getmembers()]  # type: ignore[union-attr]
        told = json.loads(members[0][1])
        told["sums_at"] = members[-1][0].offset + (1024 if extra.isreg() else 512)
        told["files"], told["files_bytes"] = told["files"] + 1, told["files_bytes"] + len(data)
        members[0] = (members[0][0], json.dumps(told).encode().ljust(members[0][0].size))
        sums = b"".join(
            f"{hashlib.sha256(content).hexdigest()}  {info.name}\n".encode()
            for info, content in [*members[:-1], (extra, data)]
        )
        extra.size = len(data) if extra.isreg() else 0
        members[-1][0].size = len(sums)
        for info, content in [*members[:-1], (extra, data), (members[-1][0], sums)]:
            new.addfile(info, io.BytesIO(content))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def test_the_way_to_craft_an_archive_makes_a_good_one(made: Path, tmp_path: Path) -> None:
    """Else the next test would refuse for another reason."""
    assert "is whole" in run("backup", verify=crafted(made, tmp_path / "ok.tar", member("media/photos/a.jpg")))


@pytest.mark.parametrize(
    "hostile",
    [
        member("../evil"), member("media/../../evil"), member("/tmp/evil"), member("media//tmp/evil"),
        member("media/./evil"), member("media/a\\..\\evil"), member("media/a\nb"), member("media/"), member("evil"),
        member("media/link", tarfile.SYMTYPE, "/etc/passwd"), member("media/link", tarfile.LNKTYPE, "backup.json"),
        member("media/pipe", tarfile.FIFOTYPE), member("media/disk", tarfile.BLKTYPE),
        member("media/folder", tarfile.DIRTYPE),
    ],
    ids=lambda info: f"{info.name!r} {info.type!r}",
)  # fmt: skip
def test_members_that_no_backup_holds_are_refused(made: Path, tmp_path: Path, hostile: tarfile.TarInfo) -> None:
    refused(crafted(made, tmp_path / "hostile.tar", hostile), "something that no backup of Facet holds")
    assert not list(tmp_path.parent.rglob("evil"))


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"format": 2}, "later format"),
        ({"vendor": "postgresql", "database": "database.dump"}, "a database of PostgreSQL.*uses SQLite"),
        ({"migrations": ["analysis.9999_from_the_future"]}, "newer Facet.*analysis.9999_from_the_future"),
        ({"rows": {'x"; DROP TABLE y': 1}}, "backup.json is damaged"),
        ({"database_bytes": "many"}, "backup.json is damaged"),
        ({"sums_at": -1}, "backup.json is damaged"),
        ({"database_bytes": 10}, "database in the archive is damaged"),
        ({"rows": {"analysis_photo": 5}}, "database in the archive is damaged"),
    ],
)
def test_contents_that_do_not_fit_are_refused_and_nothing_is_changed(
    made: Path, change: dict[str, Any], match: str
) -> None:
    rows, stored = every_row(), every_file()
    told = json.loads(tell(made)) | change
    retell(made, told)
    with pytest.raises(CommandError, match=match):
        run("restore", str(made), replace=True)
    assert (every_row(), every_file()) == (rows, stored)
    assert left_in(Path(connection.settings_dict["NAME"]).parent) & {"restore.unfinished"} in (
        set(),
        {"restore.unfinished"},
    )


def tell(path: Path) -> bytes:
    with tarfile.open(path) as tar:
        stream = tar.extractfile("backup.json")
        assert stream is not None
        return stream.read()


def retell(path: Path, told: dict[str, Any]) -> None:
    """Write another backup.json of the same length, and its sha256."""
    size = len(tell(path))
    text = json.dumps(told).encode().ljust(size)
    assert len(text) == size
    with tarfile.open(path) as tar:
        sums_at = tar.getmember("SHA256SUMS").offset_data
    with path.open("r+b") as handle:
        handle.seek(512)
        handle.write(text)
        handle.seek(sums_at)
        handle.write(hashlib.sha256(text).hexdigest().encode())
