"""What int8 costs the detector, on the validation photos: `python -m models_store.training.detection.parity`.

Writes `cards/detection-parity.json`: recall and landmark error with the first look in float32 and, as it serves, in
int8.
"""

import argparse
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models_store.training.detection import files
from models_store.training.detection.batches import as_input
from models_store.training.detection.config import DetectorConfig, load_detector_config
from models_store.training.detection.export import trained
from models_store.training.detection.measure.answers import ask
from models_store.training.detection.measure.figures import AT, figures
from models_store.training.detection.measure.froc import threshold
from models_store.training.detection.measure.subjects import DOUBTFUL
from models_store.training.detection.scenes import Scene, read_scenes
from models_store.training.errors import run_command
from models_store.training.export import made_with
from models_store.training.paths import CARDS, DETECTOR_CONFIG, shared_data
from vision.detectors.facescout import FaceScoutDetector, Plan, plan_of
from vision.detectors.geometry import PACK

NAMES = (f"recall {AT}", f"recall of hand-drawn boxes {AT}", "landmark error", "landmark error, not turned far")


class KerasScout(FaceScoutDetector):
    """The detector with its first look in float32, through Keras."""

    def __init__(self, model: Any, points: bytes, *, side: int, threshold: float) -> None:
        super().__init__(b"", points, side=side, threshold=threshold)
        self._keras = model

    def _plan(self, shape: tuple[int, int]) -> Plan:
        return plan_of(_Interpreter(self._keras, shape), 0, list(range(1, 9)), shape)


class _Interpreter:
    """As much of an interpreter as the detector needs: tensor 0 is the input, 1 to 8 are the maps."""

    def __init__(self, model: Any, shape: tuple[int, int]) -> None:
        self._model = model
        self._pixels = np.zeros((1, shape[0], shape[1] // PACK, 3 * PACK), np.uint8)
        self._maps: list[Any] = []

    def tensor(self, index: int) -> Callable[[], npt.NDArray[np.uint8]]:  # noqa: ARG002
        return lambda: self._pixels

    def invoke(self) -> None:
        height, width = self._pixels.shape[1], self._pixels.shape[2] * PACK
        self._maps = self._model(as_input(self._pixels.reshape(1, height, width, 3)), training=False)

    def get_tensor(self, index: int) -> npt.NDArray[np.float32]:
        return np.asarray(self._maps[index - 1], np.float32)


def measured(scenes: list[Scene], detector: FaceScoutDetector) -> dict[str, float]:
    """The main figures of a detector."""
    answers = ask(scenes, detector)
    found = figures(answers, threshold(answers))
    return {name: round(found[name].value, 4) for name in NAMES}


def document(config: DetectorConfig, data: Path) -> dict[str, Any]:
    """The first look in float32 and in int8, the second look the same, and what made them."""
    scenes = read_scenes(data, "valid")
    second = files.points_path(config).read_bytes()
    exact = KerasScout(trained(config), second, side=config.side, threshold=DOUBTFUL)
    served = FaceScoutDetector(files.int8_path(config).read_bytes(), second, side=config.side, threshold=DOUBTFUL)
    return {
        "model": files.stem(config),
        "float32": measured(scenes, exact),
        "int8": measured(scenes, served),
        "made_with": made_with(),
    }


def main() -> int:
    """Command line entry point."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    parser = argparse.ArgumentParser(description="Measure what int8 costs the face detector.")
    parser.add_argument("--config", type=Path, default=DETECTOR_CONFIG)
    config = load_detector_config(parser.parse_args().config)
    text = json.dumps(document(config, shared_data()), indent=2) + "\n"
    (CARDS / "detection-parity.json").write_text(text, encoding="utf-8")
    print(text, end="")
    return 0


if __name__ == "__main__":
    run_command(main)
