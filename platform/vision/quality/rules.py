"""From which measure on something is said about a face, and what is done about it.

The numbers are chosen by measurement (`models_store/training/quality.py`) and come with the calibration.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from vision.types import Quality

Code = Literal["too_small", "too_dark", "too_bright", "blurred", "turned", "cut_off"]
Side = Literal["below", "from"]

MEASURED_BY: Final[dict[Code, tuple[str, Side]]] = {
    "too_small": ("size", "below"),
    "too_dark": ("brightness", "below"),
    "too_bright": ("highlights", "from"),
    "blurred": ("sharpness", "below"),
    "turned": ("turn", "from"),
    "cut_off": ("cut", "from"),
}
"""The field of `Quality` that a code goes by, without its sign, and the bad side of the limit."""

CODES: Final = tuple(MEASURED_BY)


@dataclass(frozen=True, slots=True)
class Rule:
    """One code: its limit in the measure's unit, by how much the age interval grows, thresholds for an answer."""

    limit: float
    age_widening: float = 1.0
    gender_threshold: float = 0.0
    emotion_threshold: float = 0.0


Rules = Mapping[str, Rule]
"""By code; a code without a rule is never given."""


def reasons(quality: Quality, rules: Rules) -> tuple[str, ...]:
    """The codes that `quality` earns, in the order of `CODES`; what was not measured earns none.

    An enlarged face is never sharp, so a face that is too small is not called blurred as well.
    """
    found = [code for code, rule in rules.items() if _beyond(quality, code, rule.limit)]
    return tuple(code for code in CODES if code in found and not (code == "blurred" and "too_small" in found))


def _beyond(quality: Quality, code: str, limit: float) -> bool:
    name, side = MEASURED_BY[cast("Code", code)]
    value: float | None = getattr(quality, name)
    if value is None:
        return False
    return abs(value) < limit if side == "below" else abs(value) >= limit


def widening(codes: Iterable[str], rules: Rules) -> float:
    """How many times as wide the age interval is for a face with `codes`: the largest, 1 for none."""
    return max([1.0, *(rules[code].age_widening for code in codes)])


def gender_threshold(codes: Iterable[str], rules: Rules, usual: float) -> float:
    """The probability that a gender needs to be given to a face with `codes`: the highest, at least `usual`."""
    return max([usual, *(rules[code].gender_threshold for code in codes)])


def emotion_threshold(codes: Iterable[str], rules: Rules, usual: float) -> float:
    """The same for an expression."""
    return max([usual, *(rules[code].emotion_threshold for code in codes)])


def read_rules(section: Mapping[str, Any]) -> dict[str, Rule]:
    """The section "quality" of a calibration file. Raises KeyError or TypeError for what is not one."""
    return {code: Rule(**section[code]) for code in section if MEASURED_BY[cast("Code", code)]}
