"""Fit temperatures, age interval and thresholds to the int8 network: `python -m models_store.training.calibrate`.

Temperatures and thresholds come from the validation splits, the interval from these and from faces kept out of
everything else.
Writes `weights/<name>-<version>.calibration.json`.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from models_store.training.config import RunConfig, load_config
from models_store.training.conformal import group_edges, moments, quantiles, scores
from models_store.training.data import evaluation, ferplus
from models_store.training.errors import run_command
from models_store.training.files import calibration_path, litert_runtime
from models_store.training.metrics import Array, Bools, calibration_error, cross_entropy, expected_years, one_hot
from models_store.training.paths import DEFAULT_CONFIG, shared_data
from vision.calibration import SCHEMA, conformal_interval, softmax
from vision.labels import AGE_BINS
from vision.runtimes import Logits

COVERAGE: Final = 0.9
LEVELS: Final = (0.85, 0.86, 0.87, 0.88, 0.89, 0.9)
"""Coverage of each age group's own part of the interval; the hull of the parts covers more."""

SIGMA_FLOOR: Final = 2.0
"""Least spread in years: a network that is certain of an infant is not certain to the month."""

MIN_YEARS: Final = 3.0
"""No gender below this age: such labels are guesses."""

GENDER_GOAL: Final = (0.98, 0.85)
EMOTION_GOAL: Final = (0.95, 0.75)
"""Accuracy wanted among the answered, and the least share to answer."""


def fit_temperature(loss: Callable[[float], float]) -> float:
    """The temperature of least loss on a grid of 1 % steps between 1/4 and 4."""
    grid = np.geomspace(0.25, 4.0, 281)
    return float(grid[int(np.argmin([loss(float(value)) for value in grid]))])


def fit_threshold(confidence: Array, right: Bools, goal: tuple[float, float]) -> float:
    """Smallest threshold at which the answered reach the goal's accuracy, but never one that answers too few.

    `confidence` and `right` (N,); steps of 0.005 from 0.
    """
    accuracy, share = goal
    chosen = 0.0
    for threshold in np.arange(0.0, 1.0, 0.005):
        answered = confidence >= threshold
        if answered.mean() < share:
            break
        chosen = float(threshold)
        if right[answered].mean() >= accuracy:
            break
    return round(chosen, 3)


def fit_age(valid: Logits, ages: Array, held_out: Logits, held_out_ages: Array) -> dict[str, Any]:
    """Temperature from the validation faces, interval from both sets.

    The hull of the groups' parts covers more than each group's level. The level is therefore the least on a grid
    whose quantiles, taken from the held-out faces alone, cover `COVERAGE` of the validation faces.
    """
    bins = np.minimum(ages, AGE_BINS - 1).astype(np.int64)
    targets = one_hot(bins, AGE_BINS)
    temperature = fit_temperature(lambda t: float(cross_entropy(softmax(valid["age"], t), targets).mean()))
    seen, held = softmax(valid["age"], temperature), softmax(held_out["age"], temperature)
    both = np.concatenate([seen, held]), np.concatenate([ages, held_out_ages])
    edges = group_edges(both[1])

    def fitted(probabilities: Array, truth: Array, level: float) -> list[float]:
        return quantiles(scores(probabilities, truth, SIGMA_FLOOR), truth, edges, level)

    def coverage(level: float) -> float:
        years, sigma = moments(seen, SIGMA_FLOOR)
        low, high = conformal_interval(years, sigma, edges, fitted(held, held_out_ages, level))
        return float(((low <= ages) & (ages <= high)).mean())

    level = next((level for level in LEVELS if coverage(level) >= COVERAGE), COVERAGE)
    return {
        "temperature": temperature,
        "coverage": COVERAGE,
        "level": level,
        "sigma_floor": SIGMA_FLOOR,
        "edges": edges,
        "quantiles": fitted(*both, level),
    }


def fit_gender(valid: Logits, ages: Array, female: Bools, age_temperature: float) -> dict[str, float]:
    """Temperature on labels that mean something; threshold on the faces that would be given an answer."""
    logits = np.concatenate([np.zeros_like(valid["gender"]), valid["gender"]], axis=1)
    targets = one_hot(female.astype(np.int64), 2)
    old = ages >= MIN_YEARS
    temperature = fit_temperature(lambda t: float(cross_entropy(softmax(logits[old], t), targets[old]).mean()))
    probabilities = softmax(logits, temperature)
    right = (probabilities[:, 1] >= 0.5) == female
    served = expected_years(softmax(valid["age"], age_temperature)) >= MIN_YEARS
    threshold = fit_threshold(probabilities[served].max(axis=1), right[served], GENDER_GOAL)
    return {"temperature": temperature, "threshold": threshold, "min_years": MIN_YEARS}


def fit_emotion(valid: Logits, faces: evaluation.Expressions) -> dict[str, float]:
    """Temperature that keeps a claim near both of its readings; threshold against the majority.

    "80 %" may be read as "right in 80 of 100 cases" or as "eight people in ten would say so". The two differ by some
    points, for a majority is often narrow; the temperature makes the larger of the two calibration errors least.
    """
    votes = ferplus.vote_distributions(faces.votes)[0].astype(np.float64)
    rows = np.arange(len(votes))

    def worst_error(temperature: float) -> float:
        probabilities = softmax(valid["emotion"], temperature)
        answers, claims = probabilities.argmax(axis=1), probabilities.max(axis=1)
        readings = (answers == faces.labels, votes[rows, answers])
        return max(calibration_error(claims, truth) for truth in readings)

    temperature = fit_temperature(worst_error)
    probabilities = softmax(valid["emotion"], temperature)
    right = probabilities.argmax(axis=1) == faces.labels
    threshold = fit_threshold(probabilities.max(axis=1), right, EMOTION_GOAL)
    return {"temperature": temperature, "threshold": threshold}


def calibrate(config: RunConfig, data: Path) -> dict[str, Any]:
    """The whole calibration document for the int8 weights of a config."""
    runtime = litert_runtime(config)
    faces, people = evaluation.expressions(data, "valid"), evaluation.portraits(data, "valid")
    held_out = evaluation.portraits(data, "calibration")
    logits, ages = runtime.run(people.images), people.ages.astype(np.float64)
    age = fit_age(logits, ages, runtime.run(held_out.images), held_out.ages.astype(np.float64))
    return {
        "schema": SCHEMA,
        "age": age,
        "gender": fit_gender(logits, ages, people.female, age["temperature"]),
        "emotion": fit_emotion(runtime.run(faces.images), faces),
    }


def main() -> int:
    """Command line entry point."""
    parser = argparse.ArgumentParser(description="Calibrate the int8 weights.")
    parser.add_argument("--config", type=Path, default=DEFAULT_CONFIG)
    config = load_config(parser.parse_args().config)
    document = calibrate(config, shared_data())
    text = json.dumps(document, indent=2) + "\n"
    calibration_path(config).write_text(text, encoding="utf-8")
    print(text, end="")
    return 0


if __name__ == "__main__":
    run_command(main)
