"""Which figures are published, from the calibrated outputs of the network that serves."""

from typing import Final

import numpy as np

from models_store.training.data.evaluation import Expressions, Portraits
from models_store.training.data.ferplus import CLASSES, vote_distributions
from models_store.training.metrics import (
    Bools,
    Figure,
    Ints,
    balanced_accuracy,
    bootstrap,
    calibration_error,
    confusion,
    cross_entropy,
    macro_f1,
    mean_figure,
    one_hot,
)
from vision.calibration import Calibration, softmax
from vision.labels import AGE_BINS, EMOTIONS
from vision.runtimes import Logits

AGE_BANDS: Final = ((0, 3), (4, 12), (13, 19), (20, 39), (40, 59), (60, 116))
"""Years, both ends included."""

ADULT: Final = 20.0
CHILD: Final = 12.0
"""A child of at most 12 read as at least 20 is counted: the mistake with the worst consequences."""

Figures = dict[str, Figure]


def emotion_figures(logits: Logits, faces: Expressions, calibration: Calibration) -> Figures:
    """Figures of one FER+ split; names begin with "official" or, for recalls, with the class."""
    p = softmax(logits["emotion"], calibration.emotion_temperature)
    predicted, labels = p.argmax(axis=1).astype(np.int64), faces.labels
    right, confidence = predicted == labels, p.max(axis=1)
    votes = vote_distributions(faces.votes)[0].astype(np.float64)
    agreed = votes[np.arange(len(votes)), predicted]
    answered = confidence >= calibration.emotion_threshold

    def table(rows: Ints) -> Ints:
        return confusion(labels[rows], predicted[rows], CLASSES)

    count = len(labels)
    figures = {
        "accuracy, official": mean_figure(right, "higher"),
        "accuracy, clean of twins": mean_figure(right[~faces.twin], "higher"),
        "macro F1": bootstrap(lambda rows: macro_f1(table(rows)), count, "higher"),
        "balanced accuracy": bootstrap(lambda rows: balanced_accuracy(table(rows)), count, "higher"),
        "NLL against votes": mean_figure(cross_entropy(p, votes), "lower"),
        "ECE against the majority": bootstrap(
            lambda rows: calibration_error(confidence[rows], right[rows]), count, "lower"
        ),
        "ECE against votes": bootstrap(lambda rows: calibration_error(confidence[rows], agreed[rows]), count, "lower"),
        "accuracy when sure": mean_figure(right[answered], "higher"),
        "not sure": mean_figure(~answered, "lower"),
    }
    for at, name in enumerate(EMOTIONS):
        figures[f"recall of {name}"] = mean_figure(right[labels == at], "higher")
    return figures


def age_figures(logits: Logits, people: Portraits, calibration: Calibration) -> Figures:
    """Figures of the age head on one UTKFace split, in years unless they are shares."""
    ages = calibration.ages(logits["age"])
    years = np.array([age.years for age in ages])
    low, high = np.array([age.low for age in ages]), np.array([age.high for age in ages])
    truth = people.ages.astype(np.float64)
    error, bins = years - truth, np.minimum(truth, AGE_BINS - 1).astype(np.int64)
    nll = cross_entropy(softmax(logits["age"], calibration.age_temperature), one_hot(bins, AGE_BINS))
    inside = (low <= truth) & (truth <= high)
    figures = {
        "MAE": mean_figure(abs(error), "lower"),
        "bias": mean_figure(error, "neither"),
        "within 5 years": mean_figure(abs(error) <= 5, "higher"),
        "NLL": mean_figure(nll, "lower"),
        "interval coverage": mean_figure(inside, "neither"),
        "interval width": mean_figure(high - low, "lower"),
        "children (0-12) read as adults (20+)": mean_figure(years[truth <= CHILD] >= ADULT, "lower"),
    }
    for first, last in AGE_BANDS:
        band = (truth >= first) & (truth <= last)
        name = f"{first}+" if last == AGE_BANDS[-1][1] else f"{first}-{last}"
        figures[f"MAE, age {name}"] = mean_figure(abs(error[band]), "lower")
        figures[f"bias, age {name}"] = mean_figure(error[band], "neither")
        figures[f"interval coverage, age {name}"] = mean_figure(inside[band], "neither")
    return figures


def gender_figures(logits: Logits, people: Portraits, calibration: Calibration) -> Figures:
    """Figures of the gender head on one UTKFace split; "when sure" as served, the very young left out."""
    z = logits["gender"][:, 0].astype(np.float64) / calibration.gender_temperature
    female = 1.0 / (1.0 + np.exp(-z))
    p, truth = np.stack([1 - female, female], axis=1), people.female
    right = (female >= 0.5) == truth
    served = calibration.genders(logits["gender"], calibration.ages(logits["age"]))
    answered: Bools = np.array([gender.label is not None for gender in served])
    old = people.ages >= calibration.gender_min_years
    confidence = p.max(axis=1)
    return {
        "accuracy, all ages": mean_figure(right, "higher"),
        "accuracy, age 3+": mean_figure(right[old], "higher"),
        "accuracy, age 13+": mean_figure(right[people.ages >= 13], "higher"),
        "recall of female": mean_figure(right[truth & old], "higher"),
        "recall of male": mean_figure(right[~truth & old], "higher"),
        "NLL": mean_figure(cross_entropy(p[old], one_hot(truth[old].astype(np.int64), 2)), "lower"),
        "ECE": bootstrap(lambda rows: calibration_error(confidence[rows], right[rows]), len(right), "lower"),
        "accuracy when sure": mean_figure(right[answered], "higher"),
        "not sure": mean_figure(~answered, "lower"),
        "not sure, age 3+": mean_figure(~answered[old], "lower"),
    }
