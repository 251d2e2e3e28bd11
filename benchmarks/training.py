"""How fast the released network learns here: whole steps, in float32 as it serves and as it is trained.

Run by hand: `python benchmarks/training.py`. It needs what training needs, and two otherwise idle cores.
"""

import os
import time
from statistics import median
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from models_store.training.learner import Learner

BATCH: Final = 128
STEPS: Final = 8
ROUNDS: Final = 3


def main() -> None:
    """Print pictures a second, and the ratio of the two networks, at both sizes."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from models_store.training.config import load_config
    from models_store.training.learner import Learner
    from models_store.training.paths import DEFAULT_CONFIG

    config = load_config(DEFAULT_CONFIG)
    plain, fast = Learner(config, fast=False), Learner(config)
    for size in (48, 64):
        pairs = [(rate(plain, size), rate(fast, size)) for _ in range(ROUNDS)]
        one, other = (median(rates) for rates in zip(*pairs, strict=True))
        print(f"{size} x {size}: float32 {one:.0f}, as trained {other:.0f} pictures a second, ratio {other / one:.2f}")


def rate(taught: "Learner", size: int) -> float:
    """Pictures a second over a few steps on random faces."""
    rng = np.random.default_rng(0)
    ones = np.ones(BATCH, np.float32)
    labels = dict.fromkeys(("emotion_weight", "age_weight", "gender_weight", "female"), ones)
    batch = {"image": rng.normal(size=(BATCH, size, size, 1)).astype(np.float32), **labels}
    batch |= {"votes": np.full((BATCH, 8), 1 / 8, np.float32), "years": 30 * ones}
    taught.train(batch)
    start = time.perf_counter()
    for _ in range(STEPS):
        taught.train(batch)
    return BATCH * STEPS / (time.perf_counter() - start)


if __name__ == "__main__":
    main()
