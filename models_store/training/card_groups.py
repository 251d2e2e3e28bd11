"""The table of groups of people for the card, in Markdown."""

from collections.abc import Sequence
from typing import Final

from models_store.training.data.utkface import RACES
from models_store.training.measure.age_groups import BANDS
from models_store.training.measure.fairness import ANY, GENDERS, LEAST_COMPARED
from models_store.training.measure.record import Json
from models_store.training.measure.tables import MEASURES, group_name, shown, summary_rows

WHOLE: Final = ("mae", "bias", "within_5", "coverage", "gender_accuracy", "gender_not_sure")
"""Columns of the table over all ages; width says little beside coverage."""


def _markdown(rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def _marked(figure: Json | None, text: str) -> str:
    return f"{text} †" if figure is not None and figure["n"] < LEAST_COMPARED else text


def tables(fairness: Json) -> str:
    """Worst and best groups, all groups over all ages, every group by age."""
    parts = [
        "### Worst and best group",
        _markdown(summary_rows(fairness)),
        "### By one label, and by race and gender",
        whole(fairness),
        "### Age MAE in years by race, gender and age (faces)",
        crossed(fairness, "mae"),
        "### Gender accuracy by race, gender and age (faces)",
        crossed(fairness, "gender_accuracy"),
    ]
    return "\n\n".join(parts)


def whole(fairness: Json) -> str:
    """One row for everybody, each race, gender and band, and each race with gender."""
    rows = [["group", "faces", *(MEASURES[measure] for measure in WHOLE)]]
    for row in fairness["rows"]:
        if row["band"] == ANY or (row["race"] == ANY and row["gender"] == ANY):
            cells = [_marked(row[measure], shown(measure, row[measure], True)) for measure in WHOLE]
            rows.append([group_name(row), f"{row['n']:,}", *cells])
    return _markdown(rows)


def crossed(fairness: Json, measure: str) -> str:
    """One row for each race and gender, one column for each band, cells with their number of faces."""
    found = {(row["race"], row["gender"], row["band"]): row[measure] for row in fairness["rows"]}
    rows = [["group", *BANDS]]
    for race in RACES:
        for gender in GENDERS:
            figures = [found.get((race, gender, band)) for band in BANDS]
            cells = [
                _marked(figure, f"{shown(measure, figure)} ({figure['n']})") if figure else "-" for figure in figures
            ]
            rows.append([f"{race} {gender}", *cells])
    return _markdown(rows)
