"""The figures on detected boxes beside those on chips, for a terminal and for the card."""

from typing import Final

from models_store.training.measure.record import Json
from models_store.training.measure.tables import aligned, underlined

HEADS: Final = {"emotion": "FER+, expression", "age": "UTKFace, age", "gender": "UTKFace, gender"}
YEARS: Final = ("MAE", "bias", "interval width")
PLAIN: Final = ("macro F1",)
COLUMNS: Final = ("chip", "detected", "difference")


def shown(name: str, figure: Json | None, column: str) -> str:
    """A figure with its interval: shares in per cent, their differences in points, ages in years."""
    if figure is None:
        return "-"
    factor, digits = (1, 2) if name in YEARS else (1, 3) if name in PLAIN else (100, 1)
    sign = "+" if column == "difference" or name == "bias" else ""
    value, low, high = (
        f"{round(factor * figure[key], digits) + 0.0:{sign}.{digits}f}" for key in ("value", "low", "high")
    )
    unit = "" if name in (*YEARS, *PLAIN) else " points" if column == "difference" else " %"
    return f"{value}{unit} ({low} to {high})"


def rows(head: Json) -> list[list[str]]:
    """One row for each figure of a head, without the share found."""
    return [
        [name, *(shown(name, pair.get(column), column) for column in COLUMNS), f"{pair['detected']['n']:,}"]
        for name, pair in head.items()
        if name != "found"
    ]


def text(document: Json) -> str:
    """All figures as tables for a terminal."""
    lines: list[str] = []
    for split, heads in document["splits"].items():
        for name, title in HEADS.items():
            found = shown("found", heads[name]["found"], "detected")
            lines += underlined(f"{title}, {split}: {document['detector']} finds {found}")
            lines += aligned([["figure", "on chips", "on detected boxes", "difference", "faces"], *rows(heads[name])])
    return "\n".join(lines[1:])
