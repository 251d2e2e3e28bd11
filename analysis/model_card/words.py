"""Figures and their names in plain words."""

import re
from typing import Final

from analysis.model_card.types import ANY, Figure, Group

HEADS: Final = {"emotion": "Expression shown", "age": "Age", "gender": "Gender, as it appears"}
SPLITS: Final = {"test": "test faces", "valid": "validation faces"}

NAMES: Final = {
    "accuracy, official": "Right answers",
    "accuracy, clean of twins": "Right answers, without pictures that are also in another split",
    "accuracy, all ages": "Right answers, all ages",
    "accuracy when sure": "Right answers, when it gives one",
    "not sure": "Says “not sure”",
    "macro F1": "Balance of found and right, every expression counted alike (macro F1)",
    "balanced accuracy": "Right answers, every expression counted alike",
    "ECE": "Average distance between claimed and true confidence (ECE)",
    "ECE against the majority": "Average distance between claimed and true confidence (ECE)",
    "ECE against votes": "The same, against the votes of ten people",
    "NLL": "Surprise at the true answer (NLL)",
    "NLL against the majority": "Surprise at the answer of most people (NLL)",
    "NLL against votes": "Surprise at the votes of ten people (NLL)",
    "Brier": "Squared distance of the confidences from the truth (Brier)",
    "Brier against the majority": "Squared distance of the confidences from the answer of most people (Brier)",
    "AURC": "Wrong answers, averaged over every share of faces answered (AURC)",
    "AURC, MAE": "Average error, averaged over every share of faces kept (AURC)",
    "MAE": "Average error",
    "bias": "Average direction of the error (+ too old)",
    "within 5 years": "At most five years off",
    "interval coverage": "True age inside the age range",
    "interval width": "Width of the age range",
    "least coverage of a decade with 100 faces or more": "True age inside the age range, in the worst decade of age",
    "children (0-12) read as adults (20+)": "Children (0 to 12) read as adults (20 or older)",
}
MEASURES: Final = {
    "mae": "average age error",
    "bias": "direction of the age error",
    "within_5": "ages at most five years off",
    "coverage": "true age inside the range",
    "width": "width of the age range",
    "gender_accuracy": "gender right",
    "gender_not_sure": "gender “not sure”",
}
WAYS: Final = {
    "expression alone": "expression only",
    "plain multi-task": "told nothing",
    "FiLM": "FiLM",
    "FiLM, shuffled placebo": "told of another",
    "hierarchy of heads": "six heads",
}
"""Ways of telling the expression head age and gender, short enough for a row of a plot."""

DETECTORS: Final = {"facescout": "FaceScout", "haar": "Haar"}

_IN_YEARS: Final = re.compile(r"(mae|bias|width|interval width|aurc, mae)\b", re.IGNORECASE)
_PLAIN: Final = ("NLL", "Brier")


def set_title(title: str) -> str:
    """ "FER+ test, emotion" to "Expression shown: FER+ test faces"; anything else stays as it is."""
    place, _, head = title.rpartition(", ")
    name, _, split = place.rpartition(" ")
    if head in HEADS and split in SPLITS:
        return f"{HEADS[head]}: {name} {SPLITS[split]}"
    return title


def figure_name(name: str) -> str:
    """The name of a figure as people would say it; an unknown one stays as it is."""
    if name in NAMES:
        return NAMES[name]
    if name.startswith("recall of "):
        return f"Found: {name.removeprefix('recall of ')}"
    base, _, ages = name.partition(", age ")
    if ages and base == "accuracy":
        return f"Right answers, {age_group(ages)}"
    if ages:
        return f"{NAMES.get(base, base)}, {age_group(ages)}"
    if name.startswith("MAE without age "):
        return f"{NAMES['MAE']}, without {name.removeprefix('MAE without ')}"
    return name


def age_group(band: str) -> str:
    """ "13-19" to "ages 13 to 19", "60+" to "ages 60 and over"."""
    return "ages " + (f"{band[:-1]} and over" if band.endswith("+") else band.replace("-", " to "))


def is_in_years(name: str) -> bool:
    """Whether a figure or measure of this name is in years; the others are shares, but for NLL and Brier."""
    return _IN_YEARS.match(name) is not None


def percent(share: float, digits: int = 0) -> str:
    """0.8349 to "83%"; never rounded up to all or down to none."""
    text = f"{share * 100:.{digits}f}"
    least = 10**-digits
    if share < 1 and float(text) == 100:
        text = f"{100 - least:.{digits}f}"
    if share > 0 and float(text) == 0:
        text = f"{least:.{digits}f}"
    return f"{text}%"


def of_hundred(share: float) -> str:
    """0.8349 to "83"."""
    return percent(share).removesuffix("%")


def years(value: float, *, is_signed: bool = False) -> str:
    """One decimal, a true minus sign, and none before nought."""
    value = round(value, 1) + 0.0
    return (f"{value:+.1f}" if is_signed else f"{value:.1f}").replace("-", "−")  # noqa: RUF001


def way_name(name: str) -> str:
    """A way of telling age and gender as the page calls it; an unknown one stays as it is."""
    return WAYS.get(name, name)


def detector_name(name: str) -> str:
    """A detector as the page calls it; an unknown one stays as it is."""
    return DETECTORS.get(name, name)


def signed(number: float) -> str:
    """0.5 to "+0.5", 0 to "0", with a true minus sign."""
    return f"{number:+g}".replace("-", "−") if number else "0"  # noqa: RUF001


def points_text(difference: Figure, *, is_signed: bool = True) -> str:
    """A difference of two shares: "+0.4 points (−0.1 to +0.9)"."""  # noqa: RUF002
    parts = (years(100 * value, is_signed=is_signed) for value in (difference.value, difference.low, difference.high))
    return "{} points ({} to {})".format(*parts)


def figure_text(name: str, figure: Figure | None) -> str:
    """A figure with its interval for a table, "83.5% (82.2 to 84.7)"; a dash where there is none."""
    if figure is None:
        return "–"  # noqa: RUF001
    signed = name.lower().startswith("bias")
    if is_in_years(name):
        parts = [years(value, is_signed=signed) for value in (figure.value, figure.low, figure.high)]
        return f"{parts[0]} years ({parts[1]} to {parts[2]})"
    if name.startswith(_PLAIN):
        return f"{figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f})"
    low, high = percent(figure.low, 1).removesuffix("%"), percent(figure.high, 1).removesuffix("%")
    return f"{percent(figure.value, 1)} ({low} to {high})"


def group_name(group: Group) -> str:
    """ "Black female", "female", "everybody"."""
    parts = [part for part in (group.race, group.gender) if part != ANY]
    return " ".join(parts) or "everybody"


def count(number: int) -> str:
    """3137 to "3,137"."""
    return f"{number:,}"
