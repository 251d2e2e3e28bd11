"""The section "Faces that are hard to read" of the attribute network's card, from `cards/quality.json`."""

import json
from pathlib import Path
from typing import Final

from models_store.training.errors import UserError
from models_store.training.measure.quality.tables import value
from models_store.training.measure.record import Json
from models_store.training.quality import RECORD, SCHEMA

HOW: Final = """\
Validation faces were made smaller, darker, brighter, more blurred and cut off by known amounts; turned faces, which
cannot be made, are those of the validation and training splits. A code is given from where on a face is read with at
least {extra:.0f} % more errors than an unchanged one (mean of expression, gender and age; every worse step must have as
many, measurably). Where the 90 % age interval would hold less often than it says it is widened; where the answers given
would be wrong more often, more confidence is asked for. What too few faces could tell takes the strictest of the
others. Small, dark and blurred faces of real cameras also have noise, which was not made."""

SAID: Final = {
    "too_small": "smaller than {:g} pixels",
    "too_dark": "mean grey level under {:.0%}",
    "too_bright": "{:.0%} or more burnt out",
    "blurred": "sharpness under {:g}",
    "turned": "nose {:g} eye distances or more off the middle",
    "cut_off": "{:.0%} or more outside the photo",
}
COLUMNS: Final = ("code", "given when", "unchanged faces that get it", "interval holds, before", "after",
                  "expression right when sure, before", "after", "gender right when sure, before", "after")  # fmt: skip


def section(document: Json | None, model: str) -> list[str]:
    """The section as paragraphs of Markdown; none without a record of `model`, name and version."""
    if document is None or document["model"] != model:
        return []
    rows = [COLUMNS, ("---",) * len(COLUMNS)]
    rows += [_row(code, entry) for code, entry in document["codes"].items() if entry["limit"] is not None]
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    how = HOW.format(extra=100 * (document["factor"] - 1))
    return ["## Faces that are hard to read", how, table, *_never(document), _groups(document)]


def _row(code: str, entry: Json) -> tuple[str, ...]:
    cells = [code, SAID[code].format(entry["limit"]), _percent(entry["good_with_code"]["people"])]
    for head, figure in (("age", "coverage"), ("emotion", "accuracy_when_sure"), ("gender", "accuracy_when_sure")):
        cells += [_percent(entry[when][head][figure]) for when in ("before", "after")]
    return tuple(cells)


def _percent(figure: Json | None) -> str:
    return "-" if figure is None else f"{value(figure)} %"


def _never(document: Json) -> list[str]:
    """Codes for which no limit was found."""
    codes = [code for code, entry in document["codes"].items() if entry["limit"] is None]
    return [f"No limit could be measured for {', '.join(codes)}: never given."] if codes else []


def _groups(document: Json) -> str:
    """A limit on brightness must not take skin for bad light."""
    codes = [code for code in document["groups"][0] if code not in {"race", "n"}]
    rows = [("race label (chips)", *codes), ("---",) * (len(codes) + 1)]
    rows += [(f"{row['race']} ({row['n']})", *(_percent(row[code]) for code in codes)) for row in document["groups"]]
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    return f"Share of unspoilt UTKFace validation chips that get a code:\n\n{table}"


def recorded(path: Path = RECORD) -> Json | None:
    """The record, None where there is none yet. Raises `UserError` when it is of another schema."""
    if not path.is_file():
        return None
    document: Json = json.loads(path.read_text(encoding="utf-8"))
    if document.get("schema") != SCHEMA:
        raise UserError(f"{path} has schema {document.get('schema')}, not {SCHEMA}: run quality")
    return document
