"""From logits to honest answers: temperatures, the age interval and the thresholds under which we are not sure.

The numbers come from a file that was fitted with the weights (`models_store/training/calibrate.py`). Temperature
scaling is Guo et al. 2017 (arXiv 1706.04599). The age interval is split-conformal with score |y - E[age]| / sigma
(Lei et al. 2018, arXiv 1604.04173), label-conditional: every group of true ages has a quantile of its own (Vovk 2012,
arXiv 1209.2673), so that children and the old, whom the network draws towards the middle, are held as often as the
rest.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from vision.errors import ModelIncompatibleError
from vision.labels import AGE_BINS, EMOTIONS
from vision.quality import rules
from vision.types import Age, Emotion, Gender

Floats = npt.NDArray[np.float32] | npt.NDArray[np.float64]
Array64 = npt.NDArray[np.float64]
Reasons = Sequence[Sequence[str]]
"""For each face the codes of what makes it hard to read, see `vision.quality.rules`."""

SCHEMA: Final = 2
OLDEST: Final = 116.0
"""Upper end of any interval in years: the oldest age that the training data records."""

_YEARS: Final = np.arange(AGE_BINS, dtype=np.float64)


def softmax(logits: Floats, temperature: float = 1.0) -> Array64:
    """Row-wise softmax of (N, K) logits divided by `temperature`, float64."""
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float64)


def conformal_interval(
    years: Array64, sigma: Array64, edges: Sequence[float], quantiles: Sequence[float]
) -> tuple[Array64, Array64]:
    """Lower and upper ends (N,) of the ages that an estimate of `years` and `sigma`, both (N,), does not rule out.

    An age y is ruled out when |y - years| > q sigma, q being the quantile of y's own group; `edges` are the ages
    between the groups. The interval is the hull of what remains, and always holds `years` itself.
    """
    bounds = np.array([0.0, *edges, OLDEST])
    reach = np.asarray(quantiles) * sigma[:, None]
    lows = np.maximum(bounds[:-1], years[:, None] - reach)
    highs = np.minimum(bounds[1:], years[:, None] + reach)
    possible = lows <= highs
    low = np.where(possible, lows, np.inf).min(axis=1)
    high = np.where(possible, highs, -np.inf).max(axis=1)
    return np.minimum(low, years), np.maximum(high, years)


def widened(years: Array64, low: Array64, high: Array64, factors: Array64) -> tuple[Array64, Array64]:
    """Intervals (N,) stretched `factors` times about `years`, within a human life; those of factor 1 as they are."""
    stretched = np.maximum(years - factors * (years - low), 0.0), np.minimum(years + factors * (high - years), OLDEST)
    return np.where(factors > 1.0, stretched[0], low), np.where(factors > 1.0, stretched[1], high)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The fitted numbers. Years are years; thresholds are probabilities.

    `quality` holds what is done about faces that are hard to read; without it nothing is said or done about them.
    """

    age_temperature: float
    age_sigma_floor: float
    age_edges: tuple[float, ...]
    age_quantiles: tuple[float, ...]
    gender_temperature: float
    gender_threshold: float
    gender_min_years: float
    emotion_temperature: float
    emotion_threshold: float
    quality: rules.Rules = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> "Calibration":
        """Read a calibration file. Raises ModelIncompatibleError when it is not one for this engine."""
        try:
            document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            age, gender, emotion = document["age"], document["gender"], document["emotion"]
            calibration = cls(
                age["temperature"],
                age["sigma_floor"],
                tuple(age["edges"]),
                tuple(age["quantiles"]),
                gender["temperature"],
                gender["threshold"],
                gender["min_years"],
                emotion["temperature"],
                emotion["threshold"],
                rules.read_rules(document.get("quality", {})),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ModelIncompatibleError(f"{path} is not a calibration that this engine reads.") from error
        if document.get("schema") != SCHEMA or len(calibration.age_quantiles) != len(calibration.age_edges) + 1:
            raise ModelIncompatibleError(f"{path} was made for another version of the engine.")
        return calibration

    def ages(self, logits: Floats, reasons: Reasons | None = None) -> list[Age]:
        """(N, 101) logits over the years 0 to 100 to N ages; `reasons` of N faces may widen their intervals."""
        probabilities = softmax(logits, self.age_temperature)
        years = probabilities @ _YEARS
        variance = np.maximum(probabilities @ _YEARS**2 - years**2, 0.0)
        sigma = np.maximum(np.sqrt(variance), self.age_sigma_floor)
        low, high = conformal_interval(years, sigma, self.age_edges, self.age_quantiles)
        factors = np.array([rules.widening(codes, self.quality) for codes in _each(reasons, len(years))])
        low, high = widened(years, low, high, factors)
        columns = (years.tolist(), low.tolist(), high.tolist(), factors.tolist())
        return [Age(*row) for row in zip(*columns, strict=True)]

    def genders(self, logits: Floats, ages: list[Age], reasons: Reasons | None = None) -> list[Gender]:
        """(N, 1) logits of "female" and the N ages to N genders; never a label for the very young."""
        female = 1.0 / (1.0 + np.exp(-np.asarray(logits, dtype=np.float64)[:, 0] / self.gender_temperature))
        rows = zip(female.tolist(), ages, _each(reasons, len(ages)), strict=True)
        return [self._gender(*row) for row in rows]

    def _gender(self, female: float, age: Age, codes: Sequence[str]) -> Gender:
        confidence = max(female, 1.0 - female)
        threshold = rules.gender_threshold(codes, self.quality, self.gender_threshold)
        if confidence < threshold or age.years < self.gender_min_years:
            return Gender(None, confidence)
        return Gender("female" if female >= 0.5 else "male", confidence)

    def emotions(self, logits: Floats, reasons: Reasons | None = None) -> list[Emotion]:
        """(N, 8) logits to N expressions."""
        rows = softmax(logits, self.emotion_temperature).tolist()
        return [self._emotion(row, codes) for row, codes in zip(rows, _each(reasons, len(rows)), strict=True)]

    def _emotion(self, row: list[float], codes: Sequence[str]) -> Emotion:
        probabilities = dict(zip(EMOTIONS, row, strict=True))
        best = max(probabilities, key=probabilities.__getitem__)
        threshold = rules.emotion_threshold(codes, self.quality, self.emotion_threshold)
        return Emotion(best if probabilities[best] >= threshold else None, probabilities)


def _each(reasons: Reasons | None, count: int) -> Reasons:
    return [()] * count if reasons is None else reasons
