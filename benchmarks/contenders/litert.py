"""Any .tflite network by itself on one thread: nothing but its arithmetic."""

from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from benchmarks.networks import Network


class LiteRT:
    """Networks by name."""

    def __init__(self) -> None:
        """None yet."""
        self._loaded: dict[str, Any] = {}

    def take(self, name: str, network: Network) -> None:
        """Load a network and fill its inputs: noise where it takes bytes, else zeros."""
        interpreter = Interpreter(model_content=network.model, num_threads=1)
        if network.shape is not None:
            interpreter.resize_tensor_input(interpreter.get_input_details()[0]["index"], network.shape)
        interpreter.allocate_tensors()
        rng = np.random.default_rng(0)
        for detail in interpreter.get_input_details():
            kind, shape = detail["dtype"], detail["shape"]
            whole = np.issubdtype(kind, np.integer)
            values = rng.integers(-127, 128, shape).astype(kind) if whole else np.zeros(shape, kind)
            interpreter.set_tensor(detail["index"], values)
        self._loaded[name] = interpreter

    def run(self, name: str) -> None:
        """Once."""
        self._loaded[name].invoke()
