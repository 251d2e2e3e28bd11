"""What the product must reach and aims for, and whether the measured weights do."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from models_store.training.errors import UserError
from models_store.training.metrics import Figure
from models_store.training.paths import CARDS
from vision.manifest import Manifest

Report = Mapping[str, Mapping[str, Figure]]
Range = tuple[float, float]
"""Least and most, both ends included, in the unit shown."""

ANY_LESS: Final = float("-inf")
ANY_MORE: Final = float("inf")
EMOTION: Final = "FER+ test, emotion"
AGE: Final = "UTKFace test, age"
GENDER: Final = "UTKFace test, gender"


@dataclass(frozen=True)
class Goal:
    """One line of the goals. `source` names a data set and a figure, or a key of `Extras`."""

    what: str
    source: tuple[str, str] | str
    must: Range
    aim: Range | None
    unit: str = ""
    factor: float = 1.0
    digits: int = 2


def at_least(value: float) -> Range:
    """From `value` up."""
    return value, ANY_MORE


def at_most(value: float) -> Range:
    """Up to `value`."""
    return ANY_LESS, value


def _share(what: str, source: tuple[str, str], must: float, aim: float | None) -> Goal:
    wanted = at_least(aim) if aim is not None else None
    return Goal(what, source, at_least(must), wanted, " %", 100, 1)


GOALS: Final = (
    _share("FER+ official test, 8 classes", (EMOTION, "accuracy, official"), 86.5, 88.5),
    Goal("FER+ test, macro F1", (EMOTION, "macro F1"), at_least(0.62), at_least(0.70)),
    Goal("UTKFace test, age MAE", (AGE, "MAE"), at_most(5.4), at_most(4.9), " years"),
    Goal("the same, ages 0-12", (AGE, "MAE, age 0-12"), at_most(3.5), at_most(2.8), " years"),
    _share("UTKFace test, gender, all ages", (GENDER, "accuracy, all ages"), 92.5, 94.5),
    _share("the same, from 13 years", (GENDER, "accuracy, age 13+"), 94, 96),
    Goal("90 % age interval, coverage", (AGE, "interval coverage"), (88, 92), None, " %", 100, 1),
    _share(
        "the same, worst decade with 100 faces", (AGE, "least coverage of a decade with 100 faces or more"), 84, None
    ),
    Goal(
        "emotion ECE, against the majority",
        (EMOTION, "ECE against the majority"),
        at_most(0.03),
        at_most(0.02),
        "",
        1,
        3,
    ),
    Goal("emotion ECE, against the votes", (EMOTION, "ECE against votes"), at_most(0.03), at_most(0.02), "", 1, 3),
    Goal("int8 against float32, expression", "emotion_accuracy_points", (-0.3, 0.3), None, " points"),
    Goal("int8 against float32, gender", "gender_accuracy_points", (-0.3, 0.3), None, " points"),
    Goal("int8 against float32, age MAE", "age_mae_years", (-0.1, 0.1), None, " years"),
    Goal("all three attributes, one face, one thread", "milliseconds", at_most(1.0), at_most(0.6), " ms"),
    Goal("all weights together", "megabytes", at_most(6), at_most(3), " MB"),
)
"""The order of the table. The gaps of int8 are of the validation splits."""

Extras = Mapping[str, float]
"""What is not a figure of the record: the gaps of `cards/parity.json`, "megabytes" (10^6 bytes, all weight files), and
"milliseconds" where it was measured."""


@dataclass(frozen=True)
class Standing:
    """A goal beside what was measured, in the goal's unit; `low` and `high` where there is an interval."""

    goal: Goal
    value: float
    low: float | None
    high: float | None

    @property
    def met(self) -> bool:
        """Whether the value itself, not its interval, is within what must be."""
        return self.goal.must[0] <= self.value <= self.goal.must[1]

    @property
    def aimed(self) -> bool:
        """Whether it reaches the aim as well."""
        aim = self.goal.aim
        return aim is not None and aim[0] <= self.value <= aim[1]

    def row(self) -> tuple[str, str, str, str, str]:
        """Goal, must, aim, measured, verdict, as text."""
        goal = self.goal
        measured = f"{self.value:.{goal.digits}f}{goal.unit}"
        if self.low is not None and self.high is not None:
            measured += f" ({self.low:.{goal.digits}f} to {self.high:.{goal.digits}f})"
        verdict = "not met" if not self.met else "met, aim reached" if self.aimed else "met"
        return goal.what, _range(goal.must, goal.unit), _range(goal.aim, goal.unit), measured, verdict


def _range(wanted: Range | None, unit: str) -> str:
    if wanted is None:
        return ""
    low, high = wanted
    if high == ANY_MORE:
        return f"at least {low:g}{unit}"
    if low == ANY_LESS:
        return f"at most {high:g}{unit}"
    return f"{low:g} to {high:g}{unit}"


def standings(report: Report, extras: Extras) -> list[Standing]:
    """Every goal that has been measured, in order. Raises `KeyError` when the report lacks a figure of a goal."""
    result: list[Standing] = []
    for goal in GOALS:
        if isinstance(goal.source, str):
            if goal.source in extras:
                result.append(Standing(goal, extras[goal.source] * goal.factor, None, None))
        else:
            title, name = goal.source
            figure = report[title][name]
            value, low, high = (item * goal.factor for item in (figure.value, figure.low, figure.high))
            result.append(Standing(goal, value, low, high))
    return result


def extras(manifest: Manifest) -> dict[str, float]:
    """The gaps of int8 and the size of all weight files. Raises `UserError` before `export` has written the gaps."""
    path = CARDS / "parity.json"
    if not path.is_file():
        raise UserError(f"there is no {path}: run python -m models_store.training.export first")
    gaps: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))
    files = [*manifest.files.values(), *(manifest.detector.files.values() if manifest.detector else ())]
    size = sum(weights.path.stat().st_size for weights in files)
    return {**gaps, "megabytes": size / 1e6}
