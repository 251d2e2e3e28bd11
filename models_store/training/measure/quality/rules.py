"""From the evidence to the rules that the calibration file carries, and the figures that they rest on."""

from dataclasses import asdict, replace
from typing import Any

import numpy as np

from models_store.training.measure.quality import effects, limits
from models_store.training.measure.quality.limits import mean_of
from models_store.training.measure.quality.reads import Evidence
from models_store.training.metrics import Bools
from vision.calibration import Calibration
from vision.quality.rules import MEASURED_BY, Code, Rule

Json = dict[str, Any]
Fitted = dict[str, float | None]
"""Of one code: the fields of its rule, None where too few faces tell."""


def fit(code: Code, evidence: Evidence, edges: tuple[float, ...], calibration: Calibration) -> tuple[Json, Fitted]:
    """The record of one code, and its rule so far; the limit is None where errors do not grow."""
    found = limits.bins(evidence, edges)
    limit = limits.limit(found, MEASURED_BY[code][1])
    record: Json = {
        "measure": MEASURED_BY[code][0],
        "side": MEASURED_BY[code][1],
        "limit": limit,
        "bins": [
            {"low": entry.low, "high": entry.high, "harm": entry.harm, **figures(evidence, entry)} for entry in found
        ],
    }
    return record, {"limit": limit} if limit is None else _effects(code, evidence, limit, calibration)


def figures(evidence: Evidence, entry: limits.Bin) -> Json:
    """What the faces of a bin are read with: errors, coverage, claimed against true."""
    shown, people = evidence.expressions, evidence.people
    first = (shown.value >= entry.low) & (shown.value < entry.high)
    second = (people.value >= entry.low) & (people.value < entry.high)
    return {
        "emotion_accuracy": mean_of(shown.right, shown, first),
        "emotion_claimed": mean_of(shown.confidence, shown, first),
        "gender_accuracy": mean_of(people.right, people, second & people.due),
        "gender_claimed": mean_of(people.confidence, people, second & people.due),
        "age_mae": mean_of(np.abs(people.years - people.truth), people, second),
        "age_coverage": mean_of(effects.inside(people), people, second),
    }


def _effects(code: Code, evidence: Evidence, limit: float, calibration: Calibration) -> Fitted:
    shown, people = evidence.expressions, evidence.people
    gender, emotion = effects.thresholds(calibration)
    return {
        "limit": limit,
        "age_widening": effects.fit_widening(people, effects.beyond(people, code, limit)),
        "gender_threshold": effects.fit_threshold(effects.genders(people), effects.beyond(people, code, limit), gender),
        "emotion_threshold": effects.fit_threshold(
            effects.expressions(shown), effects.beyond(shown, code, limit), emotion
        ),
    }


def settled(fitted: dict[Code, Fitted]) -> dict[Code, Rule]:
    """The rules of the codes that have a limit; where too few faces tell, the strictest of the others is taken.

    What has not been measured must not look better than what has.
    """
    known = {code: rule for code, rule in fitted.items() if rule["limit"] is not None}
    strictest = {
        name: max((value for rule in known.values() if (value := rule[name]) is not None), default=default)
        for name, default in asdict(Rule(0.0)).items()
    }
    return {
        code: replace(Rule(0.0), **{name: strictest[name] if value is None else value for name, value in rule.items()})
        for code, rule in known.items()
    }


def outcome(code: Code, evidence: Evidence, rule: Rule, calibration: Calibration) -> Json:
    """What the rule does: good faces that earn the code too, and the faces beyond the limit, before and after."""
    shown, people = evidence.expressions, evidence.people
    first, second = effects.beyond(shown, code, rule.limit), effects.beyond(people, code, rule.limit)
    usual = Rule(rule.limit, 1.0, *effects.thresholds(calibration))
    return {
        "good_with_code": {
            "expressions": mean_of(first, shown, ~shown.changed),
            "people": mean_of(second, people, ~people.changed),
        },
        "good": _standing(evidence, ~first & ~shown.changed, ~second & ~people.changed, usual),
        "before": _standing(evidence, first, second, usual),
        "after": _standing(evidence, first, second, rule),
    }


def _standing(evidence: Evidence, first: Bools, second: Bools, rule: Rule) -> Json:
    shown, people = evidence.expressions, evidence.people
    return {
        "emotion": effects.standing(effects.expressions(shown), first, rule.emotion_threshold),
        "gender": effects.standing(effects.genders(people), second, rule.gender_threshold),
        "age": {
            "coverage": mean_of(effects.inside(people, rule.age_widening), people, second),
            "width": mean_of(effects.width(people, rule.age_widening), people, second),
        },
    }
