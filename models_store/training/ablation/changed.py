"""What an expression head would say of the same face if its owner were older, younger or of the other gender."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models_store.training.conditioning import DECADES

Facts = npt.NDArray[np.float32]
"""(N, 13) as `conditioning.Attributes` gives them."""

YEARS: Final = 20
CHANGES: Final = ("other gender", "20 years older", "20 years younger")


def other_gender(facts: Facts) -> Facts:
    """P(female) becomes P(male)."""
    changed = facts.copy()
    changed[:, -1] = 1.0 - changed[:, -1]
    return changed


def moved(facts: Facts, years: int) -> Facts:
    """The age distribution moved by whole decades; what would leave 0 to 99 years gathers in the last decade."""
    steps = years // 10
    changed = facts.copy()
    changed[:, :DECADES] = 0.0
    for decade in range(DECADES):
        changed[:, min(max(decade + steps, 0), DECADES - 1)] += facts[:, decade]
    changed[:, DECADES] = np.clip(facts[:, DECADES] + years / 100.0, 0.0, 1.0)
    return changed


def logits_under_changes(model: Any, images: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Expression logits (3, N, 8) of a conditioned network under the three `CHANGES`."""
    import keras

    head = model.get_layer("emotion")
    trunk = keras.Model(model.input, list(head.input))
    features, facts = trunk.predict(images, batch_size=256, verbose=0)
    changes = (other_gender(facts), moved(facts, YEARS), moved(facts, -YEARS))
    return np.stack([np.asarray(head([features, changed], training=False)) for changed in changes])
