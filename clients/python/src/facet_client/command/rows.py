"""Results as a table with a row for each face, as JSON, and as lines for people."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TextIO

from facet_client.answers import EXPRESSIONS, Face, Photo, Tried, TriedFace
from facet_client.command.words import face_words, faces_found, plain_line, summary

COLUMNS: Final = (
    "file",
    "photo_id",
    "status",
    "face",
    "age_years",
    "age_low",
    "age_high",
    "gender",
    "gender_confidence",
    "expression",
    *(f"expression_{name}" for name in EXPRESSIONS),
    "box_x",
    "box_y",
    "box_width",
    "box_height",
    "hard_to_read",
    "corrected_age_years",
    "corrected_gender",
    "corrected_expression",
    "not_a_face",
    "error_code",
    "error",
)

DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What makes a spreadsheet take a cell for a formula, in full width too."""


@dataclass(frozen=True, slots=True)
class Result:
    """Of one file; with a photo, with what was read without keeping one, or with the reason why there is neither."""

    file: str
    status: str
    photo: Photo | None = None
    error_code: str = ""
    error: str = ""
    tried: Tried | None = None

    @property
    def faces(self) -> tuple[Face | TriedFace, ...]:
        """Largest first."""
        shown = self.tried or self.photo
        return shown.faces if shown else ()


def result_of(photo: Photo, file: str | None = None) -> Result:
    """What a photo has come to; `file` is the path on this machine, else the name at the server counts."""
    status, error = photo.analysis.status, photo.analysis.error
    code, detail = (error.code, error.detail) if error else ("", "")
    if status == "cancelled" and not code:
        code, detail = "cancelled", "Reading this photo was stopped. `facet analyse` with the same file tries again."
    return Result(file or photo.name, status, photo, code, detail)


def write_csv(results: Iterable[Result], out: TextIO) -> None:
    """A header, and at least one row for each result."""
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for result in results:
        writer.writerows({name: cell(value) for name, value in row.items()} for row in _rows(result))


def write_json(results: Iterable[Result], out: TextIO) -> None:
    """One document; photos are as the server wrote them."""
    photos = [
        {
            "file": result.file,
            "status": result.status,
            "photo": dict(result.photo.raw) if result.photo else None,
            **({"tried": dict(result.tried.raw)} if result.tried else {}),
            "error": {"code": result.error_code, "detail": result.error} if result.error_code else None,
        }
        for result in results
    ]
    json.dump({"photos": photos}, out, indent=2)
    out.write("\n")


def write_text(results: Iterable[Result], out: TextIO) -> None:
    """For people; what went wrong is told on standard error."""
    for result in results:
        if result.error_code:
            continue
        said = summary(result.photo) if result.photo else faces_found(len(result.faces))
        lines = [f"{result.file}: {said}"]
        lines += [f"  {number}  {face_words(face)}" for number, face in enumerate(result.faces, start=1)]
        out.writelines(f"{plain_line(line)}\n" for line in lines)


def cell(value: object) -> object:
    """Safe in a spreadsheet: text that it would take for a formula gets an apostrophe before it."""
    if isinstance(value, str) and value.lstrip(" ").startswith(DANGEROUS):
        return f"'{value}"
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else value


def _rows(result: Result) -> Iterator[Mapping[str, object]]:
    row: dict[str, object] = {
        "file": result.file,
        "photo_id": result.photo.id if result.photo else "",
        "status": result.status,
        "error_code": result.error_code,
        "error": result.error,
    }
    if not result.faces:
        yield row
    for number, face in enumerate(result.faces, start=1):
        yield row | {"face": number} | _face(face)


def _face(face: Face | TriedFace) -> dict[str, Any]:
    told: dict[str, Any] = {f"box_{name}": _tenth(getattr(face.box, name)) for name in ("x", "y", "width", "height")}
    if face.age:
        told |= {f"age_{name}": _tenth(getattr(face.age, name)) for name in ("years", "low", "high")}
    if face.gender:
        told |= {"gender": face.gender.label or "not sure", "gender_confidence": _share(face.gender.confidence)}
    if face.emotion:
        told["expression"] = face.emotion.label or "not sure"
        told |= {f"expression_{name}": _share(face.emotion.probabilities.get(name)) for name in EXPRESSIONS}
    if face.quality:
        told["hard_to_read"] = " ".join(reason.code for reason in face.quality.reasons)
    if isinstance(face, Face) and (said := face.correction):
        told |= {
            "corrected_age_years": said.age_years,
            "corrected_gender": said.gender,
            "corrected_expression": said.emotion,
            "not_a_face": said.not_a_face,
        }
    return told


def _tenth(value: float) -> float:
    """Of a year or a pixel: more digits say nothing."""
    return round(value, 1)


def _share(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
