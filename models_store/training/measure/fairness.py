"""How good the answers are for different groups of people: race x gender x age on UTKFace.

The only module that reads race labels, and it only counts with them. The words and the binary gender are the data
set's. Groups are crossed as Buolamwini & Gebru 2018 (Gender Shades, PMLR 81) ask for.
"""

from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models_store.training.data import utkface
from models_store.training.measure.age_groups import BANDS, within
from models_store.training.measure.answers import AgeAnswers, GenderAnswers
from models_store.training.metrics import Array, Better, Bools, Figure, interval, resampled_rows

LEAST_SHOWN: Final = 10
LEAST_COMPARED: Final = 50
"""Fewer faces than this are shown in grey and never compared."""

ANY: Final = "all"
GENDERS: Final = ("female", "male")
AXES: Final = ("race", "gender", "band")
OVER: Final[dict[str, tuple[str, ...]]] = {
    "race": ("race",),
    "gender": ("gender",),
    "race and gender": ("race", "gender"),
    "band": ("band",),
}
COMPARED: Final = ("mae", "within_5", "coverage", "gender_accuracy", "gender_not_sure")
"""Measures with a better direction; more coverage counts as better, for too narrow an interval is the harm."""


@dataclass(frozen=True)
class Measure:
    """Values (N,) whose mean over a group is published; faces outside `counted` (N,) have no value."""

    values: Array
    counted: Bools
    better: Better


def measures(age: AgeAnswers, gender: GenderAnswers) -> dict[str, Measure]:
    """What the table shows. Gender counts the faces whose label means something, "not sure" as served."""
    everyone = np.ones(len(age.truth), dtype=np.bool_)

    def over(values: npt.ArrayLike, counted: Bools, better: Better) -> Measure:
        return Measure(np.asarray(values, dtype=np.float64), counted, better)

    return {
        "mae": over(abs(age.error), everyone, "lower"),
        "bias": over(age.error, everyone, "neither"),
        "within_5": over(abs(age.error) <= 5, everyone, "higher"),
        "coverage": over(age.inside, everyone, "neither"),
        "width": over(age.width, everyone, "lower"),
        "gender_accuracy": over(gender.right, gender.due, "higher"),
        "gender_not_sure": over(~gender.answered, gender.due, "lower"),
    }


def groups(races: tuple[str | None, ...], female: Bools, ages: Array) -> dict[tuple[str, str, str], Bools]:
    """Masks (N,) of every combination of race, gender and band that occurs, `ANY` first on each axis."""
    labels = np.array([race or "" for race in races])
    everyone = np.ones(len(labels), dtype=np.bool_)
    by_race = {ANY: everyone} | {race: labels == race for race in utkface.RACES}
    by_gender = {ANY: everyone, "female": female, "male": ~female}
    by_band = {ANY: everyone} | {name: within(ages, group) for name, group in BANDS.items()}
    crossed = {
        (race, gender, band): by_race[race] & by_gender[gender] & by_band[band]
        for race, gender, band in product(by_race, by_gender, by_band)
    }
    return {key: mask for key, mask in crossed.items() if mask.any()}


@dataclass(frozen=True)
class Means:
    """Means of one measure over G groups: `value` and `count` (G,), and on resamples of all faces (R, G)."""

    value: Array
    count: Array
    draws: Array

    @classmethod
    def of(cls, measure: Measure, masks: Array, weights: Array) -> "Means":
        """`masks` (N, G) 0/1; `weights` (R, N) how often each resample drew each face (Efron 1979)."""
        counted = masks * measure.counted[:, np.newaxis]
        summed = counted * measure.values[:, np.newaxis]
        with np.errstate(invalid="ignore", divide="ignore"):
            value = summed.sum(axis=0) / counted.sum(axis=0)
            draws = (weights @ summed) / (weights @ counted)
        return cls(value, counted.sum(axis=0), draws)

    def figure(self, at: int, better: Better) -> Figure | None:
        """Of one group; None where it has fewer than `LEAST_SHOWN` faces."""
        if self.count[at] < LEAST_SHOWN:
            return None
        return Figure(float(self.value[at]), *interval(self.draws[:, at]), int(self.count[at]), better)


def fairness(races: tuple[str | None, ...], age: AgeAnswers, gender: GenderAnswers) -> dict[str, list[dict[str, Any]]]:
    """The rows of the table and the summaries, as the record keeps them."""
    by_group = groups(races, gender.female, age.truth)
    keys, masks = list(by_group), np.stack(list(by_group.values()), axis=1).astype(np.float64)
    count = len(age.truth)
    weights = np.stack([np.bincount(rows, minlength=count) for rows in resampled_rows(count)]).astype(np.float64)
    every = measures(age, gender)
    means = {name: Means.of(measure, masks, weights) for name, measure in every.items()}
    rows: list[dict[str, Any]] = []
    for at, key in enumerate(keys):
        figures = {name: means[name].figure(at, every[name].better) for name in every}
        rows.append({**dict(zip(AXES, key, strict=True)), "n": int(masks[:, at].sum()), **figures})
    summaries = [summary(name, over, keys, means[name], every[name].better) for name, over in product(COMPARED, OVER)]
    return {"rows": rows, "summary": [entry for entry in summaries if entry is not None]}


def summary(
    name: str, over: str, keys: list[tuple[str, str, str]], means: Means, better: Better
) -> dict[str, Any] | None:
    """Worst and best group of one measure, and the gap between them; None with fewer than two large groups.

    The gap's interval is that of the difference between these two. As they were picked for being far apart, the gap
    comes out a little large, and more so the more groups there are.
    """
    axes = OVER[over]
    fits = [
        at
        for at, key in enumerate(keys)
        if all((part != ANY) == (axis in axes) for axis, part in zip(AXES, key, strict=True))
        and means.count[at] >= LEAST_COMPARED
    ]
    if len(fits) < 2:
        return None
    ranked = sorted(fits, key=lambda at: means.value[at], reverse=better == "lower")
    worst, best = ranked[0], ranked[-1]
    gap = abs(float(means.value[worst] - means.value[best]))
    sign = 1 if better == "lower" else -1
    draws = sign * (means.draws[:, worst] - means.draws[:, best])
    count = int(means.count[worst] + means.count[best])

    def entry(at: int) -> dict[str, Any]:
        return {"group": " ".join(part for part in keys[at] if part != ANY), "figure": means.figure(at, better)}

    figure = Figure(gap, *interval(draws), count, "lower")
    return {"measure": name, "over": over, "worst": entry(worst), "best": entry(best), "gap": figure}


def measure_fairness(data: Path, age: AgeAnswers, gender: GenderAnswers) -> dict[str, list[dict[str, Any]]]:
    """The table of the UTKFace test split. Raises `UserError` when it is missing."""
    return fairness(utkface.races(data, "test"), age, gender)
