"""The int8 network on LiteRT, one thread and no TensorFlow; `python -m benchmarks network` says how fast."""

from typing import Any, Final

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from vision.errors import ModelIncompatibleError
from vision.labels import AGE_BINS, EMOTIONS
from vision.manifest import Manifest
from vision.preprocessing import INPUT_SIZE, Batch
from vision.runtimes import Logits

BATCH_SIZES: Final = (1, 2, 4, 8, 16)
"""A fixed set of input shapes: each has its own interpreter, so nothing is re-planned while serving."""

_WIDTHS: Final = {"age": AGE_BINS, "gender": 1, "emotion": len(EMOTIONS)}


class LiteRTRuntime:
    """Interpreters by batch size, made when first needed and kept. One thread at a time: `Reader` holds the lock."""

    name = "litert"

    def __init__(self, manifest: Manifest) -> None:
        """Verify and read the weights. Raises EngineError."""
        self._model = manifest.weights("litert").verified().read_bytes()
        self._interpreters: dict[int, tuple[Any, int, dict[str, int]]] = {}

    def run(self, batch: Batch) -> Logits:
        """See `Runtime.run`; batches over 16 run in parts."""
        largest = BATCH_SIZES[-1]
        parts = [self._run_part(batch[start : start + largest]) for start in range(0, len(batch), largest)]
        return {name: np.concatenate([part[name] for part in parts]) for name in _WIDTHS}

    def _run_part(self, part: Batch) -> Logits:
        count = len(part)
        size = next(size for size in BATCH_SIZES if size >= count)
        interpreter, source, outputs = self._interpreter(size)
        padded = np.zeros((size, INPUT_SIZE, INPUT_SIZE, 1), dtype=np.float32)
        padded[:count] = part
        interpreter.set_tensor(source, padded)
        interpreter.invoke()
        return {name: interpreter.get_tensor(index)[:count] for name, index in outputs.items()}

    def _interpreter(self, size: int) -> tuple[Any, int, dict[str, int]]:
        if size not in self._interpreters:
            interpreter = Interpreter(model_content=self._model, num_threads=1)
            source = interpreter.get_input_details()[0]["index"]
            interpreter.resize_tensor_input(source, (size, INPUT_SIZE, INPUT_SIZE, 1), strict=False)
            interpreter.allocate_tensors()
            self._interpreters[size] = (interpreter, source, _outputs_by_width(interpreter))
        return self._interpreters[size]


def _outputs_by_width(interpreter: Any) -> dict[str, int]:
    """The converter renames outputs, so the heads are told apart by their width."""
    widths = {int(detail["shape"][-1]): int(detail["index"]) for detail in interpreter.get_output_details()}
    try:
        return {name: widths[width] for name, width in _WIDTHS.items()}
    except KeyError as error:
        raise ModelIncompatibleError(f"The network has no output of width {error}.") from error
