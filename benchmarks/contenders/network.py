"""The attribute network alone, as it serves (litert) or as its Keras reference (tensorflow)."""

import numpy as np

from vision.manifest import load_manifest
from vision.preprocessing import INPUT_SIZE, standardise
from vision.runtimes import load_runtime


class Network:
    """A runtime and sixteen crops of noise: what is in them changes no time."""

    def __init__(self, runtime: str) -> None:
        """Load the runtime."""
        self._runtime = load_runtime(runtime, load_manifest())
        noise = np.random.default_rng(0).integers(0, 256, (16, INPUT_SIZE, INPUT_SIZE), dtype=np.uint8)
        self._crops = standardise(noise)

    def run(self, count: int) -> None:
        """Answer for `count` faces, 1 to 16."""
        self._runtime.run(self._crops[:count])
