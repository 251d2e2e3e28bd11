"""Ways to run the attribute network; `litert` serves, `tensorflow` is the reference it is compared with."""

from typing import Protocol

from vision.errors import EngineError
from vision.manifest import Manifest
from vision.preprocessing import Batch

Logits = dict[str, Batch]


class Runtime(Protocol):
    """Runs the network; not safe for several threads at once unless it says so."""

    name: str

    def run(self, batch: Batch) -> Logits:
        """Standardised crops (N, 64, 64, 1) to logits: age (N, 101), gender (N, 1), emotion (N, 8), float32."""
        ...


def load_runtime(name: str, manifest: Manifest) -> Runtime:
    """The runtime called `name`, its weights verified. Raises EngineError for an unknown name or bad weights."""
    if name == "litert":
        from vision.runtimes.litert import LiteRTRuntime

        return LiteRTRuntime(manifest)
    if name == "tensorflow":
        from vision.runtimes.tensorflow import TensorFlowRuntime

        return TensorFlowRuntime(manifest)
    raise EngineError(f"FACET_RUNTIME is {name!r}; known are litert and tensorflow.")
