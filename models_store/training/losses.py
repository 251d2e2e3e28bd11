"""The three losses, each a weighted mean over the rows that carry the label. Backend-neutral: `keras.ops` only."""

from typing import Any

import numpy as np
from keras import ops

from models_store.training.config import LossConfig
from vision.labels import AGE_BINS

BINS = np.arange(AGE_BINS, dtype=np.float32)


def weighted_mean(values: Any, weights: Any) -> Any:
    """Mean of (N,) values by (N,) weights; 0 when all weights are 0, so a batch without a label costs nothing."""
    return ops.sum(values * weights) / ops.maximum(ops.sum(weights), 1e-6)


def age_targets(years: Any) -> Any:
    """Distributions (N, 101) around true ages (N,): normal with sigma = max(1, 0.08 y), for labels blur with age.

    Label distribution learning as in DLDL (Gao et al. 2017, arXiv 1611.01731).
    """
    years = ops.expand_dims(years, -1)
    sigma = ops.maximum(1.0, 0.08 * years)
    return ops.softmax(-0.5 * ops.square((BINS - years) / sigma), axis=-1)


def age_loss(logits: Any, years: Any, weights: Any, *, l1: float) -> Any:
    """KL from the target distribution plus `l1` times the absolute error of the expectation in years."""
    years = ops.minimum(years, float(AGE_BINS - 1))
    targets = age_targets(years)
    log_p = ops.log_softmax(logits, axis=-1)
    divergence = ops.sum(targets * (ops.log(targets + 1e-9) - log_p), axis=-1)
    expected = ops.sum(ops.exp(log_p) * BINS, axis=-1)
    return weighted_mean(divergence + l1 * ops.abs(expected - years), weights)


def gender_loss(logits: Any, female: Any, weights: Any, *, smoothing: float) -> Any:
    """Binary cross-entropy of logits (N, 1) against 0/1 labels (N,) drawn `smoothing` towards a half."""
    z = ops.squeeze(logits, axis=-1)
    target = female * (1.0 - smoothing) + 0.5 * smoothing
    return weighted_mean(ops.softplus(z) - target * z, weights)


def emotion_loss(logits: Any, votes: Any, weights: Any) -> Any:
    """Cross-entropy of logits (N, 8) against vote distributions (N, 8)."""
    return weighted_mean(-ops.sum(votes * ops.log_softmax(logits, axis=-1), axis=-1), weights)


def head_losses(outputs: dict[str, Any], labels: dict[str, Any], config: LossConfig) -> dict[str, Any]:
    """The loss of each head by name; `labels` are those of `batches.Batch`."""
    return {
        "emotion": emotion_loss(outputs["emotion"], labels["votes"], labels["emotion_weight"]),
        "age": age_loss(outputs["age"], labels["years"], labels["age_weight"], l1=config.age_l1),
        "gender": gender_loss(
            outputs["gender"], labels["female"], labels["gender_weight"], smoothing=config.gender_smoothing
        ),
    }
