"""`python -m vision`."""

import json
from pathlib import Path

import pytest

from vision.__main__ import main


@pytest.fixture
def photo(tmp_path: Path, astronaut_jpeg: bytes) -> Path:
    path = tmp_path / "astronaut.jpg"
    path.write_bytes(astronaut_jpeg)
    return path


def test_json_is_one_document_a_line(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(photo), str(photo), "--json"]) == 0
    documents = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(documents) == 2
    assert documents[0]["photo"] == str(photo)
    assert documents[0]["faces"][0]["age"]["low"] <= documents[0]["faces"][0]["age"]["years"]


def test_a_bad_photo_fails_and_the_others_are_read(
    photo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"nothing")
    assert main([str(broken), str(tmp_path / "absent.jpg"), str(photo)]) == 1
    out = capsys.readouterr().out
    assert "not a JPEG" in out
    assert "cannot be opened" in out
    assert "expression shown" in out
