"""The int8 network on LiteRT, one thread and no TensorFlow; `python -m benchmarks network` says how fast."""

from typing import Any, Final

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from vision.errors import ModelIncompatibleError
from vision.labels import AGE_BINS, EMOTIONS
from vision.manifest import Manifest
from vision.preprocessing import INPUT_SIZE, Batch
from vision.runtimes import Logits

_WIDTHS: Final = {"age": AGE_BINS, "gender": 1, "emotion": len(EMOTIONS)}


class LiteRTRuntime:
    """One interpreter, which takes the faces of a batch one by one. One thread at a time: `Reader` holds the lock.

    On one thread 16 together are no faster (2 %), and each size of batch would be another interpreter in memory.
    """

    name = "litert"

    def __init__(self, manifest: Manifest) -> None:
        """Verify and load the weights. Raises EngineError."""
        model = manifest.weights("litert").verified().read_bytes()
        self._interpreter: Any = Interpreter(model_content=model, num_threads=1)
        source = self._interpreter.get_input_details()[0]["index"]
        self._interpreter.resize_tensor_input(source, (1, INPUT_SIZE, INPUT_SIZE, 1), strict=False)
        self._interpreter.allocate_tensors()
        outputs = _outputs_by_width(self._interpreter)
        # each gives a view of the interpreter's own memory, which must not be kept while it runs
        self._source = self._interpreter.tensor(source)
        self._outputs = {name: self._interpreter.tensor(index) for name, index in outputs.items()}

    def run(self, batch: Batch) -> Logits:
        """See `Runtime.run`."""
        logits = {name: np.empty((len(batch), width), np.float32) for name, width in _WIDTHS.items()}
        for row, crop in enumerate(batch):
            self._source()[0] = crop
            self._interpreter.invoke()
            for name, output in self._outputs.items():
                logits[name][row] = output()[0]
        return logits


def _outputs_by_width(interpreter: Any) -> dict[str, int]:
    """The converter renames outputs, so the heads are told apart by their width."""
    widths = {int(detail["shape"][-1]): int(detail["index"]) for detail in interpreter.get_output_details()}
    try:
        return {name: widths[width] for name, width in _WIDTHS.items()}
    except KeyError as error:
        raise ModelIncompatibleError(f"The network has no output of width {error}.") from error
