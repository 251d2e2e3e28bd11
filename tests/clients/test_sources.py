"""Files on their way: named as the server names them, put together into bounded requests, matched with the answer."""

import html
from pathlib import Path
from typing import Any

import pytest
from django.http.multipartparser import MultiPartParser
from hypothesis import given
from hypothesis import strategies as st

from analysis.intake import safe_name
from facet_client import UnexpectedAnswer, sources
from facet_client.answers import Photo, Rejected, UploadAnswer
from facet_client.decoding import decode
from facet_client.sources import Item, Sent, plain
from facet_client.uploading import matched
from tests.clients.conftest import photo_json


@given(st.text(max_size=300) | st.sampled_from(["a&amp;amp;b.jpg", 'a"b.jpg', "a\\b.jpg", "..", "\u202egpj.exe", " "]))
def test_names_are_sent_as_the_server_keeps_them(name: str) -> None:
    sent = plain(name)
    arrived = MultiPartParser.sanitize_file_name(None, sent)  # type: ignore[arg-type]
    assert safe_name(arrived or "") == sent
    assert html.unescape(sent) == sent
    assert not set(sent) & set('"\\\r\n')


def item(name: str, size: int = 10) -> Item:
    return Item(f"folder/{name}", name, b"", size)


def test_requests_are_bounded_in_photos_and_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "BYTES_PER_REQUEST", 100)
    many = [item(str(number), 1) for number in range(120)]
    assert [len(group) for group in sources.requests_of(many)] == [50, 50, 20]
    large = [item("a", 60), item("b", 40), item("c", 1), item("d", 500), item("e", 1)]
    assert ["".join(one.name for one in group) for group in sources.requests_of(large)] == ["ab", "c", "d", "e"]
    assert list(sources.requests_of([])) == []


def test_no_two_of_the_same_name_go_together() -> None:
    groups = sources.requests_of([item("a"), item("b"), item("a"), item("c")])
    assert [[one.name for one in group] for group in groups] == [["a", "b"], ["a", "c"]]


def photo(name: str, number: int) -> Photo:
    return decode(Photo, photo_json(f"{number:04}") | {"name": name})


def test_an_answer_is_told_file_by_file() -> None:
    answer = UploadAnswer(
        accepted=(photo("b", 1), photo("d", 2)),
        linked=(photo("b", 3), photo("once called so", 4)),
        rejected=(Rejected(name="c", code="unsupported", detail="No."),),
    )
    told = matched([item(name) for name in "abcde"], answer)
    assert [(one.source, one.photo.id if one.photo else "refused", one.new) for one in told] == [
        ("folder/a", "0003", False),
        ("folder/b", "0001", True),
        ("folder/c", "refused", True),
        ("folder/d", "0002", True),
        ("folder/e", "0004", False),
    ]


def test_an_answer_that_leaves_a_file_out_is_none() -> None:
    with pytest.raises(UnexpectedAnswer, match="what became of b"):
        matched([item("a"), item("b")], UploadAnswer(accepted=(photo("a", 1),)))


@pytest.mark.parametrize("make", [lambda path: path / "missing.jpg", lambda path: path])
def test_what_cannot_be_opened_is_told_and_not_raised(tmp_path: Path, make: Any) -> None:
    told = sources.item_of(make(tmp_path), 0)
    assert isinstance(told, Sent)
    assert told.rejected is not None
    assert told.rejected.code == "cannot_open"


def test_files_are_open_only_while_they_are_sent(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"photo")
    one = sources.item_of(path, 0)
    assert isinstance(one, Item)
    with sources.opened([one]) as parts:
        ((field, (name, stream)),) = parts
        assert (field, name, stream.read()) == ("photos", "a.jpg", b"photo")
    assert stream.closed
