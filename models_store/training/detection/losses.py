"""What the detector is punished for."""

from typing import Any, Final

import tensorflow as tf

from models_store.training.detection.config import LossConfig
from models_store.training.detection.targets import level_of_cells
from vision.detectors.geometry import UNIT

GAMMA: Final = 2.0
ALPHA: Final = 0.75
"""Varifocal loss (Zhang et al. 2021, arXiv 2008.13367): background counts by its score to the power of GAMMA."""


def detector_losses(outputs: list[Any], batch: dict[str, Any], weights: LossConfig) -> dict[str, Any]:
    """Losses by name, and their weighted sum as `total`.

    `outputs` as `build_detector` gives them; `batch` holds `image` (N, S, S / 4, 12) and, as in `targets.Targets`,
    kind (N, P), box (N, P, 4) as centre x, centre y, width, height in pixels, points (N, P, 10) in pixels, pointed
    (N, P).
    """
    count, side = tf.shape(batch["kind"])[0], batch["image"].shape[1]
    logit = tf.concat([tf.reshape(output, (count, -1)) for output in outputs[0::2]], axis=1)
    geometry = tf.concat([tf.reshape(output, (count, -1, 14)) for output in outputs[1::2]], axis=1)
    centres, strides = level_of_cells(side)
    face = batch["kind"] == 1
    unit = UNIT * tf.gather(tf.constant(strides), tf.where(face)[:, 1])[:, None]
    centre = tf.gather(tf.constant(centres), tf.where(face)[:, 1])
    guess, box = tf.boolean_mask(geometry, face), tf.boolean_mask(batch["box"], face)
    told = tf.concat([centre + guess[:, :2] * unit, tf.exp(tf.clip_by_value(guess[:, 2:4], -4, 4)) * unit], axis=1)
    iou, distance = _overlap(told, box)
    faces = tf.maximum(tf.cast(tf.shape(box)[0], tf.float32), 1.0)
    quality = tf.scatter_nd(tf.where(face), tf.stop_gradient(iou), tf.shape(face, out_type=tf.int64))
    size = tf.sqrt(box[:, 2:3] * box[:, 3:4])
    off = tf.repeat(centre, 5, axis=0)
    points = tf.reshape(guess[:, 4:], (-1, 2)) * tf.repeat(unit, 5, axis=0) + off
    errors = tf.abs(tf.reshape(points, (-1, 10)) - tf.boolean_mask(batch["points"], face)) / size
    pointed = tf.boolean_mask(batch["pointed"], face)
    losses = {
        "score": _varifocal(logit, quality, batch["kind"]) / faces,
        "box": tf.reduce_sum(1.0 - iou + distance) / faces,
        "points": tf.reduce_sum(pointed * tf.reduce_mean(errors, axis=1)) / tf.maximum(tf.reduce_sum(pointed), 1.0),
    }
    total = weights.score * losses["score"] + weights.box * losses["box"] + weights.points * losses["points"]
    return {"total": total, **losses, "iou": tf.reduce_mean(iou)}


def _overlap(told: Any, box: Any) -> tuple[Any, Any]:
    """Overlap (IoU) and the distance term of the DIoU loss (Zheng et al. 2020, arXiv 1911.08287), both (M,)."""
    low, high = told[:, :2] - told[:, 2:] / 2, told[:, :2] + told[:, 2:] / 2
    box_low, box_high = box[:, :2] - box[:, 2:] / 2, box[:, :2] + box[:, 2:] / 2
    sides = tf.maximum(tf.minimum(high, box_high) - tf.maximum(low, box_low), 0.0)
    shared = sides[:, 0] * sides[:, 1]
    iou = shared / (told[:, 2] * told[:, 3] + box[:, 2] * box[:, 3] - shared + 1e-6)
    around = tf.maximum(high, box_high) - tf.minimum(low, box_low)
    apart = tf.reduce_sum((told[:, :2] - box[:, :2]) ** 2, axis=1)
    return iou, apart / (tf.reduce_sum(around**2, axis=1) + 1e-6)


def _varifocal(logit: Any, quality: Any, kind: Any) -> Any:
    """Cells that hold a face learn its overlap, the background learns 0, cells of kind 2 learn nothing."""
    score = tf.stop_gradient(tf.sigmoid(logit))
    weight = tf.where(kind == 1, quality, tf.where(kind == 0, ALPHA * score**GAMMA, 0.0))
    return tf.reduce_sum(weight * tf.nn.sigmoid_cross_entropy_with_logits(labels=quality, logits=logit))
