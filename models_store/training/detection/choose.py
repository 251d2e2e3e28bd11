"""Choose the detector's threshold on the validation photos: `python -m models_store.training.detection.choose`.

The working size is the config's; `--side` tries another and writes nothing.
"""

import argparse
import json
from pathlib import Path
from typing import Final

import numpy as np

from models_store.training.detection import files
from models_store.training.detection.config import DetectorConfig, load_detector_config
from models_store.training.detection.measure.answers import Answers, ask
from models_store.training.detection.measure.figures import figures
from models_store.training.detection.measure.froc import Draws, thresholds
from models_store.training.detection.measure.subjects import DOUBTFUL
from models_store.training.detection.scenes import read_scenes
from models_store.training.errors import UserError, run_command
from models_store.training.paths import DETECTOR_CONFIG, shared_data
from vision.detectors.facescout import FaceScoutDetector

FALSE: Final = 0.05
"""False boxes a photo that the released threshold allows on the validation photos: half the rate of the comparison,
for a page full of false boxes is worse than a face less."""


def answers_of(config: DetectorConfig, data: Path, side: int) -> Answers:
    """What the exported detector finds on the validation photos. Raises `UserError` before it has been exported."""
    for path in (files.int8_path(config), files.points_path(config)):
        if not path.is_file():
            raise UserError(f"there is no {path}: run python -m models_store.training.detection.export first")
    first, second = files.int8_path(config).read_bytes(), files.points_path(config).read_bytes()
    return ask(read_scenes(data, "valid"), FaceScoutDetector(first, second, side=side, threshold=DOUBTFUL))


def threshold_of(answers: Answers) -> float:
    """The lowest threshold that keeps to `FALSE`."""
    return float(thresholds(answers, Draws(np.ones((1, len(answers.faceless)))), FALSE)[0])


def main() -> int:
    """Command line entry point."""
    parser = argparse.ArgumentParser(description="Choose the face detector's threshold.")
    parser.add_argument("--config", type=Path, default=DETECTOR_CONFIG)
    parser.add_argument("--side", type=int, help="try this working size in pixels; nothing is written")
    arguments = parser.parse_args()
    config = load_detector_config(arguments.config)
    side = arguments.side or config.side
    answers = answers_of(config, shared_data(), side)
    threshold = threshold_of(answers)
    print(f"side {side}, threshold {threshold:.3f}")
    for name, figure in figures(answers, threshold).items():
        print(f"{name:60} {figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})")
    if arguments.side is None:
        text = json.dumps({"side": side, "threshold": round(threshold, 4)}, indent=2) + "\n"
        files.choice_path(config).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    run_command(main)
