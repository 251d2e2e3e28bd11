"""Results in columns, and what the README says about them."""

import csv
import io
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facet_client.answers import Photo
from facet_client.command import exits
from facet_client.command.rows import COLUMNS, DANGEROUS, Result, cell, result_of, write_csv, write_json, write_text
from facet_client.decoding import decode
from tests.clients.conftest import SOURCE, photo_json

FACE: dict[str, Any] = {
    "id": "f",
    "box": {"x": -3.5, "y": 1.0, "width": 40.0, "height": 41.0},
    "age": {"years": 34.0123456, "low": 27.0, "high": 41.0},
    "gender": {"label": None, "confidence": 0.6},
    "emotion": {"label": "happiness", "probabilities": {"happiness": 0.8, "neutral": 0.200004}},
    "quality": {"reasons": [{"code": "too_small", "detail": "Small."}, {"code": "blurred", "detail": "Blurred."}]},
    "correction": {"age_years": 41, "gender": "female", "not_a_face": True},
}


def table(*results: Result) -> list[dict[str, str]]:
    out = io.StringIO()
    write_csv(results, out)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def photo(*faces: dict[str, Any], **changes: Any) -> Photo:
    return decode(Photo, photo_json("p", faces=list(faces)) | changes)


def test_a_row_for_each_face() -> None:
    first, second = table(result_of(photo(FACE, FACE | {"correction": None}), "us.jpg"))
    assert tuple(first) == COLUMNS
    assert (first["file"], first["face"], second["face"]) == ("us.jpg", "1", "2")
    assert (first["age_years"], first["age_low"], first["age_high"]) == ("34.0", "27.0", "41.0")
    assert (first["gender"], first["expression"], first["expression_neutral"]) == ("not sure", "happiness", "0.2")
    assert (first["box_x"], first["hard_to_read"]) == ("-3.5", "too_small blurred")
    assert (first["corrected_age_years"], first["corrected_gender"], first["not_a_face"]) == ("41", "female", "yes")
    assert second["corrected_age_years"] == second["not_a_face"] == ""


def test_a_photo_without_a_face_and_a_file_without_a_photo_have_a_row_too() -> None:
    none, refused = table(
        result_of(photo(), "wall.jpg"), Result("bad.jpg", "rejected", None, "unsupported", "This is no photo.")
    )
    assert (none["status"], none["face"], none["photo_id"]) == ("done", "", "p")
    assert (refused["status"], refused["photo_id"], refused["error_code"]) == ("rejected", "", "unsupported")


def test_a_face_without_estimates_leaves_its_columns_empty() -> None:
    (row,) = table(result_of(photo({"id": "f", "box": FACE["box"]})))
    assert (row["face"], row["age_years"], row["gender"], row["expression"]) == ("1", "", "", "")


@given(st.text(max_size=20) | st.sampled_from(["=1+1", "@SUM(A1)", "-2+3|cmd", "\t=1", "  =1", "\uff1d1", "+1"]))
def test_no_text_is_a_formula(name: str) -> None:
    written = cell(name)
    assert isinstance(written, str)
    assert not written.lstrip(" ").startswith(DANGEROUS)
    assert written in {name, f"'{name}"}


def test_names_cannot_break_out_of_their_cell() -> None:
    odd = 'a","b\n=1+1\r\n,c.jpg'
    (row,) = table(Result(odd, "rejected", None, "x", "=HYPERLINK()"))
    assert (row["file"], row["error"]) == (odd, "'=HYPERLINK()")


def test_the_document_holds_what_the_server_says_in_addition() -> None:
    out = io.StringIO()
    write_json([result_of(photo(FACE, colour="blue")), Result("b", "rejected", None, "c", "d")], out)
    first, second = json.loads(out.getvalue())["photos"]
    assert first["photo"]["colour"] == "blue"
    assert first["error"] is None
    assert (second["photo"], second["error"]) == (None, {"code": "c", "detail": "d"})


def test_lines_for_people_do_not_steer_the_terminal() -> None:
    out = io.StringIO()
    write_text([result_of(photo(FACE), "\x1b]0;us.jpg")], out)
    assert out.getvalue().splitlines() == [
        "?]0;us.jpg: 1 face",
        "  1  34 years (27 to 41), gender not sure, happiness shown, corrected by you",
    ]


@pytest.fixture(scope="module")
def readme() -> str:
    return (SOURCE / "README.md").read_text(encoding="utf-8")


def test_the_readme_names_every_column_in_order(readme: str) -> None:
    section = readme.split("### Columns of the table")[1].split("###", maxsplit=1)[0]
    first_cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert re.findall(r"`(\w+)`", " ".join(first_cells)) == list(COLUMNS)


def test_the_readme_and_the_help_name_every_exit_code(readme: str) -> None:
    codes = {value for name, value in vars(exits).items() if name.isupper() and isinstance(value, int)}
    section = readme.split("### Exit codes")[1].split("##", maxsplit=1)[0]
    told = {int(code): words for code, words in re.findall(r"^\| (\d+) \| (.+) \|$", section, re.MULTILINE)}
    helped = {int(code): words for code, words in re.findall(r"^  (\d+) +(.+)$", exits.TABLE, re.MULTILINE)}
    assert set(told) == codes
    assert helped == told


def test_the_readme_names_every_error(readme: str) -> None:
    from facet_client import errors

    kinds = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
    assert {name for name in kinds if f"`{name}`" not in readme} == set()
