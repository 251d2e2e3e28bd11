"""The committed record of figures, `cards/metrics.json`, and whether a new measurement falls behind it.

Schema 2, which the product's page of the model reads too. "figures" holds every `Figure` by data set, split and head;
"plots" the numbers of the pictures (`plots`, `tolerance`); "fairness" the table of `fairness`. Shares are 0 to 1, ages
years; numbers have five digits after the point.
"""

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from models_store.training.errors import UserError
from models_store.training.measure.figures import Figures
from models_store.training.metrics import Figure

SCHEMA: Final = 2
DIGITS: Final = 5

Report = dict[str, Figures]
"""Figures by data set and head, for example "FER+ test, emotion"."""

Json = dict[str, Any]


def document(model: str, report: Report, plots: Json, fairness: Json) -> Json:
    """What `write` writes, for `model`, name and version. `plots` and `fairness` may hold `Figure` objects."""
    return {
        "schema": SCHEMA,
        "model": model,
        "figures": plain(report),
        "plots": plain(plots),
        "fairness": plain(fairness),
    }


def plain(value: Any) -> Any:
    """Figures to dictionaries and floats rounded, all the way down. Raises `ValueError` for what is no number."""
    if isinstance(value, Figure):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float):
        if value != value or abs(value) == float("inf"):  # noqa: PLR0124  (nan alone differs from itself)
            raise ValueError("a figure of the record is not a number")
        return round(value, DIGITS) + 0.0  # no minus zero
    return value


def write(path: Path, written: Json) -> None:
    """Write a `document`, one line for each figure and each list of numbers."""
    text = json.dumps(written, indent=1, allow_nan=False)
    innermost = re.compile(r"\{[^{}\[\]]*\}|\[[^{}\[\]]*\]")
    path.write_text(innermost.sub(lambda part: re.sub(r"\s*\n\s*", " ", part.group()), text) + "\n", encoding="utf-8")


def load(path: Path) -> Json:
    """The document that `write` wrote. Raises `UserError` when it is of another schema."""
    read_: Json = json.loads(path.read_text(encoding="utf-8"))
    if read_.get("schema") != SCHEMA:
        raise UserError(f"{path} has schema {read_.get('schema')}, not {SCHEMA}: run evaluate --accept")
    return read_


def report_of(document_: Json) -> Report:
    """The figures of a document, of schema 1 or 2."""
    return {
        title: {name: Figure(**values) for name, values in figures.items()}
        for title, figures in document_["figures"].items()
    }


def read(path: Path) -> tuple[str, Report]:
    """The model and figures of a record, of schema 1 or 2."""
    read_ = json.loads(path.read_text(encoding="utf-8"))
    return read_["model"], report_of(read_)


def worse(report: Report, record: Report) -> list[str]:
    """A sentence for each figure that is outside the record's interval on the bad side, or missing."""
    lines: list[str] = []
    for title, figures in record.items():
        for name, old in figures.items():
            new = report.get(title, {}).get(name)
            if new is None:
                lines.append(f"{title}: {name} is no longer measured")
            elif _fell(new, old):
                span = f"{old.low:.4f} to {old.high:.4f}"
                lines.append(f"{title}: {name} is {new.value:.4f}; the record is {old.value:.4f} ({span})")
    return lines


def _fell(new: Figure, old: Figure) -> bool:
    if old.better == "higher":
        return new.value < old.low
    return old.better == "lower" and new.value > old.high
