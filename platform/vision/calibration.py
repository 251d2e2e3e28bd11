"""From logits to honest answers: temperatures, the age interval and the thresholds under which we are not sure.

The numbers come from a file that was fitted with the weights (`models_store/training/calibrate.py`). Temperature
scaling is Guo et al. 2017 (arXiv 1706.04599). The age interval is split-conformal with score |y - E[age]| / sigma
(Lei et al. 2018, arXiv 1604.04173), label-conditional: every group of true ages has a quantile of its own (Vovk 2012,
arXiv 1209.2673), so that children and the old, whom the network draws towards the middle, are held as often as the
rest.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from vision.errors import ModelIncompatibleError
from vision.labels import AGE_BINS, EMOTIONS
from vision.types import Age, Emotion, Gender

Floats = npt.NDArray[np.float32] | npt.NDArray[np.float64]
Array64 = npt.NDArray[np.float64]

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


@dataclass(frozen=True, slots=True)
class Calibration:
    """The fitted numbers. Years are years; thresholds are probabilities."""

    age_temperature: float
    age_sigma_floor: float
    age_edges: tuple[float, ...]
    age_quantiles: tuple[float, ...]
    gender_temperature: float
    gender_threshold: float
    gender_min_years: float
    emotion_temperature: float
    emotion_threshold: float

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
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ModelIncompatibleError(f"{path} is not a calibration that this engine reads.") from error
        if document.get("schema") != SCHEMA or len(calibration.age_quantiles) != len(calibration.age_edges) + 1:
            raise ModelIncompatibleError(f"{path} was made for another version of the engine.")
        return calibration

    def ages(self, logits: Floats) -> list[Age]:
        """(N, 101) logits over the years 0 to 100 to N ages."""
        probabilities = softmax(logits, self.age_temperature)
        years = probabilities @ _YEARS
        variance = np.maximum(probabilities @ _YEARS**2 - years**2, 0.0)
        sigma = np.maximum(np.sqrt(variance), self.age_sigma_floor)
        low, high = conformal_interval(years, sigma, self.age_edges, self.age_quantiles)
        return [Age(*triple) for triple in zip(years.tolist(), low.tolist(), high.tolist(), strict=True)]

    def genders(self, logits: Floats, ages: list[Age]) -> list[Gender]:
        """(N, 1) logits of "female" and the N ages to N genders; never a label for the very young."""
        female = 1.0 / (1.0 + np.exp(-np.asarray(logits, dtype=np.float64)[:, 0] / self.gender_temperature))
        return [self._gender(p, age) for p, age in zip(female.tolist(), ages, strict=True)]

    def _gender(self, female: float, age: Age) -> Gender:
        confidence = max(female, 1.0 - female)
        if confidence < self.gender_threshold or age.years < self.gender_min_years:
            return Gender(None, confidence)
        return Gender("female" if female >= 0.5 else "male", confidence)

    def emotions(self, logits: Floats) -> list[Emotion]:
        """(N, 8) logits to N expressions."""
        return [self._emotion(row) for row in softmax(logits, self.emotion_temperature).tolist()]

    def _emotion(self, row: list[float]) -> Emotion:
        probabilities = dict(zip(EMOTIONS, row, strict=True))
        best = max(probabilities, key=probabilities.__getitem__)
        return Emotion(best if probabilities[best] >= self.emotion_threshold else None, probabilities)
