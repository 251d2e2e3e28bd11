"""Whether a code is given more often to some people than to others, on chips that nobody spoilt.

A limit on brightness could take dark skin for bad light. The race labels are read for this table and for nothing else.
"""

from pathlib import Path
from typing import Any

import numpy as np

from models_store.training.data import utkface
from models_store.training.metrics import mean_figure
from vision.quality import measures
from vision.quality.rules import Code, Rule

MEASURES = {
    "too_dark": measures.brightness,
    "too_bright": measures.highlights,
    "blurred": measures.sharpness,
}
"""The codes that depend on the pixels of the face; the others on where it is."""


def shares(data: Path, rules: dict[Code, Rule]) -> list[dict[str, Any]]:
    """For each race label of the UTKFace validation chips the share that earns each code."""
    crops = utkface.reframe(utkface.load(data, "valid").chips)
    labels = np.array([race or "" for race in utkface.races(data, "valid")])
    rows: list[dict[str, Any]] = []
    for race in utkface.RACES:
        of_race = labels == race
        row: dict[str, Any] = {"race": race, "n": int(of_race.sum())}
        for code, function in MEASURES.items():
            if code in rules:
                values = np.array([function(crop) for crop in crops[of_race]])
                limit = rules[code].limit
                row[code] = mean_figure(values >= limit if code == "too_bright" else values < limit, "lower")
        rows.append(row)
    return rows
