"""The section "On detected boxes" of the attribute network's card, from `cards/detected.json`."""

import json
from pathlib import Path
from typing import Final

from models_store.training.detected import RECORD, SCHEMA
from models_store.training.errors import UserError
from models_store.training.measure.detected.tables import COLUMNS, HEADS, rows, shown
from models_store.training.measure.record import Json

HOW: Final = """\
The figures above are measured on pictures that the data sets cut out themselves. Here a detector had to find the face
first. Faces with labels exist only as such cut-out pictures, so each was laid, at its own size, into a photo without
faces of the same split, with a rim that fades into the photo; then it was found, cut out and read as in any photo. A
face counts as found where the detection's square and the picture's overlap by 0.35 (IoU). Both columns hold the same
faces, those found; the difference has its own interval over these faces. "When sure" answers are not of the same
faces. What this leaves out: other photos around a face, and faces that the data sets' own detectors missed."""


def section(document: Json | None, model: str) -> list[str]:
    """The section as paragraphs of Markdown; none without a record of `model`, name and version."""
    if document is None or document["model"] != model:
        return []
    parts = ["## On detected boxes", HOW]
    heads = document["splits"]["test"]
    for name, title in HEADS.items():
        found = heads[name]["found"]
        parts.append(
            f"### {title}\n\nThe detector `{document['detector']}` finds {shown('found', found, 'detected')} of "
            f"{found['n']:,} test faces."
        )
        header = ["| figure, test | " + " | ".join(["on chips", "on detected boxes", "difference", "faces"]) + " |"]
        header.append("|---" * (len(COLUMNS) + 2) + "|")
        parts.append("\n".join([*header, *("| " + " | ".join(row) + " |" for row in rows(heads[name]))]))
    return parts


def recorded(path: Path = RECORD) -> Json | None:
    """The record, None where there is none yet. Raises `UserError` when it is of another schema."""
    if not path.is_file():
        return None
    document: Json = json.loads(path.read_text(encoding="utf-8"))
    if document.get("schema") != SCHEMA:
        raise UserError(f"{path} has schema {document.get('schema')}, not {SCHEMA}: run detected --accept")
    return document
