"""Which figures are published, from the calibrated answers of the network that serves."""

from typing import Final

import numpy as np

from models_store.training.data.ferplus import CLASSES
from models_store.training.measure import selective
from models_store.training.measure.age_groups import BANDS, DECADES, within
from models_store.training.measure.answers import AgeAnswers, EmotionAnswers, GenderAnswers
from models_store.training.metrics import (
    Figure,
    Ints,
    balanced_accuracy,
    bootstrap,
    brier,
    calibration_error,
    confusion,
    cross_entropy,
    macro_f1,
    mean_figure,
)
from vision.labels import EMOTIONS

ADULT: Final = 20.0
CHILD: Final = 12.0
"""A child of at most 12 read as at least 20 is counted: the mistake with the worst consequences."""

HEAPED: Final = 26
"""The age that a tenth of UTKFace carries; a network could gain by answering it too often."""

LEAST_IN_DECADE: Final = 100

Figures = dict[str, Figure]


def emotion_figures(answers: EmotionAnswers) -> Figures:
    """Figures of one FER+ split; names begin with "official" or, for recalls, with the class."""
    right, confidence, agreed = answers.right, answers.confidence, answers.agreed
    labels, predicted, p = answers.labels, answers.predicted, answers.probabilities

    def table(rows: Ints) -> Ints:
        return confusion(labels[rows], predicted[rows], CLASSES)

    count = len(labels)
    figures = {
        "accuracy, official": mean_figure(right, "higher"),
        "accuracy, clean of twins": mean_figure(right[~answers.twin], "higher"),
        "macro F1": bootstrap(lambda rows: macro_f1(table(rows)), count, "higher"),
        "balanced accuracy": bootstrap(lambda rows: balanced_accuracy(table(rows)), count, "higher"),
        "NLL against the majority": mean_figure(cross_entropy(p, answers.truth), "lower"),
        "NLL against votes": mean_figure(cross_entropy(p, answers.votes), "lower"),
        "Brier against the majority": mean_figure(brier(p, answers.truth), "lower"),
        "ECE against the majority": bootstrap(
            lambda rows: calibration_error(confidence[rows], right[rows]), count, "lower"
        ),
        "ECE against votes": bootstrap(lambda rows: calibration_error(confidence[rows], agreed[rows]), count, "lower"),
        "AURC": selective.area(confidence, ~right),
        "accuracy when sure": mean_figure(right[answers.answered], "higher"),
        "not sure": mean_figure(~answers.answered, "lower"),
    }
    for at, name in enumerate(EMOTIONS):
        figures[f"recall of {name}"] = mean_figure(right[labels == at], "higher")
    return figures


def age_figures(answers: AgeAnswers) -> Figures:
    """Figures of the age head on one UTKFace split, in years unless they are shares."""
    truth, error = answers.truth, answers.error
    figures = {
        "MAE": mean_figure(abs(error), "lower"),
        "MAE, age 0-12": mean_figure(abs(error[truth <= CHILD]), "lower"),
        f"MAE without age {HEAPED}": mean_figure(abs(error[truth != HEAPED]), "lower"),
        "bias": mean_figure(error, "neither"),
        "within 5 years": mean_figure(abs(error) <= 5, "higher"),
        "NLL": mean_figure(answers.nll, "lower"),
        "AURC, MAE": selective.area(-answers.width, abs(error)),
        "interval coverage": mean_figure(answers.inside, "neither"),
        "interval width": mean_figure(answers.width, "lower"),
        "least coverage of a decade with 100 faces or more": least_coverage(answers),
        "children (0-12) read as adults (20+)": mean_figure(answers.years[truth <= CHILD] >= ADULT, "lower"),
    }
    for name, group in BANDS.items():
        band = within(truth, group)
        figures[f"MAE, age {name}"] = mean_figure(abs(error[band]), "lower")
        figures[f"bias, age {name}"] = mean_figure(error[band], "neither")
        figures[f"interval coverage, age {name}"] = mean_figure(answers.inside[band], "neither")
        figures[f"interval width, age {name}"] = mean_figure(answers.width[band], "lower")
    return figures


def least_coverage(answers: AgeAnswers) -> Figure:
    """Coverage in the decade of true age that has the least, among those of `LEAST_IN_DECADE` faces or more.

    The interval is that decade's; because the worst was picked, it lies a little low. Raises `ValueError` where no
    decade is large enough.
    """
    masks = (within(answers.truth, group) for group in DECADES.values())
    parts = [answers.inside[mask] for mask in masks if np.count_nonzero(mask) >= LEAST_IN_DECADE]
    return mean_figure(min(parts, key=np.mean), "higher")


def gender_figures(answers: GenderAnswers) -> Figures:
    """Figures of the gender head on one UTKFace split; "when sure" as served, the very young left out."""
    right, confidence, due, p = answers.right, answers.confidence, answers.due, answers.distribution
    female, answered = answers.female, answers.answered
    return {
        "accuracy, all ages": mean_figure(right, "higher"),
        "accuracy, age 3+": mean_figure(right[due], "higher"),
        "accuracy, age 13+": mean_figure(right[answers.ages >= 13], "higher"),
        "recall of female": mean_figure(right[female & due], "higher"),
        "recall of male": mean_figure(right[~female & due], "higher"),
        "NLL": mean_figure(cross_entropy(p[due], answers.truth[due]), "lower"),
        "Brier": mean_figure(brier(p[due], answers.truth[due]), "lower"),
        "ECE": bootstrap(lambda rows: calibration_error(confidence[rows], right[rows]), len(right), "lower"),
        "AURC": selective.area(selective.gender_rank(answers), ~right),
        "accuracy when sure": mean_figure(right[answered], "higher"),
        "not sure": mean_figure(~answered, "lower"),
        "not sure, age 3+": mean_figure(~answered[due], "lower"),
    }
