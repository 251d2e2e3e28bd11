"""Ways for the expression head to know the network's own age and gender.

The question is that of Aiswarya et al. 2020 (DOI 10.1109/ACTS49415.2020.9350479): does knowing age and gender help to
read the expression? `ablation` measures it and docs/conditioning.md holds the answer. The estimates pass through a
stop-gradient, so that the expression loss cannot bend them, and are replaced by a learnt vector in 30 % of the rows
while training, so that the head also works without them.
"""

from typing import Any, Final, Literal

import keras
from keras import layers, ops

from vision.labels import AGE_BINS, EMOTIONS

Conditioning = Literal["none", "film", "placebo", "hierarchy"]

DECADES: Final = 10
FACTS: Final = DECADES + 3
"""P(decade) x 10, E[age] / 100 years, SD[age] / 20 years, P(female)."""

DROP: Final = 0.3
HIDDEN: Final = 32
GROUP_EDGES: Final = (2, 5)
"""Hierarchy: under 20, 20 to 49, from 50 years, for each gender."""


@keras.saving.register_keras_serializable("facet")
class Attributes(layers.Layer):  # type: ignore[misc]
    """Age logits (N, 101) and gender logits (N, 1) to the facts (N, 13), without a gradient."""

    def call(self, logits: list[Any]) -> Any:
        age = ops.softmax(ops.stop_gradient(logits[0]))
        female = ops.sigmoid(ops.stop_gradient(logits[1]))
        years = ops.arange(AGE_BINS, dtype="float32")
        mean = ops.sum(age * years, axis=-1, keepdims=True)
        variance = ops.sum(age * ops.square(years), axis=-1, keepdims=True) - ops.square(mean)
        deviation = ops.sqrt(ops.maximum(variance, 0.0))
        decades = ops.sum(ops.reshape(age[:, :100], (-1, DECADES, 10)), axis=-1)
        return ops.concatenate([decades, mean / 100.0, deviation / 20.0, female], axis=-1)


@keras.saving.register_keras_serializable("facet")
class ExpressionHead(layers.Layer):  # type: ignore[misc]
    """Features (N, C) and facts (N, 13) to expression logits (N, 8), in one of the ways of `Conditioning`.

    film: features times 1 + 0.5 tanh(gamma) plus beta, both from the facts (Perez et al. 2018, arXiv 1709.07871).
    placebo: film with the facts of another row, which has as many weights and no information.
    hierarchy: one head for each group, mixed by the groups' probabilities.
    """

    def __init__(self, kind: Conditioning, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind = kind
        self.seed_generator = keras.random.SeedGenerator()
        groups = 2 * (len(GROUP_EDGES) + 1)
        self._logits = layers.Dense(len(EMOTIONS) * (groups if kind == "hierarchy" else 1))
        self._hidden = layers.Dense(HIDDEN, activation="relu")
        self._bend: Any = None

    def build(self, shapes: Any) -> None:
        features, facts = shapes
        self.nothing = self.add_weight(shape=(FACTS,), initializer="zeros", name="nothing")
        width = features[-1]
        if self.kind in {"film", "placebo"}:
            self._hidden.build(facts)
            self._bend = layers.Dense(2 * width, kernel_initializer="zeros")
            self._bend.build((None, HIDDEN))
        self._logits.build((None, width))

    def call(self, inputs: list[Any], training: bool | None = None) -> Any:
        features, facts = inputs
        if self.kind == "placebo":
            facts = ops.roll(facts, 1, axis=0)
        if training and self.kind != "hierarchy":  # every face belongs to some group
            dice = keras.random.uniform((ops.shape(facts)[0], 1), seed=self.seed_generator)
            facts = ops.where(dice < DROP, self.nothing, facts)
        if self.kind == "hierarchy":
            return self._mixed(self._logits(features), facts)
        gamma, beta = ops.split(self._bend(self._hidden(facts)), 2, axis=-1)
        return self._logits(features * (1.0 + 0.5 * ops.tanh(gamma)) + beta)

    def _mixed(self, logits: Any, facts: Any) -> Any:
        """Logits (N, groups x 8) of all heads, weighted by P(age group) P(gender)."""
        first, second = GROUP_EDGES
        ages = [facts[:, :first], facts[:, first:second], facts[:, second:DECADES]]
        age = ops.stack([ops.sum(part, axis=-1) for part in ages], axis=-1)
        female = facts[:, -1:]
        gender = ops.concatenate([female, 1.0 - female], axis=-1)
        weights = ops.reshape(ops.expand_dims(age, 2) * ops.expand_dims(gender, 1), (-1, age.shape[-1] * 2, 1))
        heads = ops.reshape(logits, (-1, age.shape[-1] * 2, len(EMOTIONS)))
        return ops.sum(heads * weights, axis=1) / ops.maximum(ops.sum(weights, axis=1), 1e-6)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "kind": self.kind}
