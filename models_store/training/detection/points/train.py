"""Train the points' network: `python -m models_store.training.detection.points.train [--config FILE]`.

Minutes on two cores, so it begins anew each time. Leaves `points.npz` (the moving average) and `points.csv` (its log)
in the detector's run folder.
"""

import argparse
import os
import time
from pathlib import Path

import numpy as np

from models_store.training import checkpoint, schedule
from models_store.training.ahead import made_ahead
from models_store.training.detection.config import DetectorConfig, load_detector_config
from models_store.training.detection.files import run_folder
from models_store.training.detection.points.samples import PointSource, eye_shares, of_scenes, point_source
from models_store.training.detection.scenes import read_scenes
from models_store.training.errors import run_command
from models_store.training.paths import DETECTOR_CONFIG, shared_data
from models_store.training.train import append_row


def main() -> int:
    """Command line entry point."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    parser = argparse.ArgumentParser(description="Train the network that finds the points of a face.")
    parser.add_argument("--config", type=Path, default=DETECTOR_CONFIG)
    config, data = load_detector_config(parser.parse_args().config), shared_data()
    folder = run_folder(config)
    folder.mkdir(parents=True, exist_ok=True)
    train(config, data, folder)
    return 0


def train(config: DetectorConfig, data: Path, folder: Path) -> None:
    """Run all epochs, measuring and saving after each."""
    from models_store.training.detection.points.learner import PointLearner

    source = point_source(data, config.points.augment, config.seed, config.points.batch)
    scenes = of_scenes(read_scenes(data, "valid"))
    judge = PointSource(((tuple(scenes), 256),), config.points.judged, config.seed)
    squares, truth = judge.batch(0)
    learner, rates = PointLearner(config), config.points.schedule
    (folder / "points.csv").unlink(missing_ok=True)
    for epoch in range(rates.epochs):
        started, first = time.monotonic(), epoch * rates.steps_per_epoch
        losses = [learner.train(*batch) for batch in made_ahead(source.batch, first, first + rates.steps_per_epoch)]
        errors = eye_shares(learner.told(squares), truth)
        row: dict[str, float] = {"epoch": epoch + 1, "loss": float(np.mean(losses))}
        row |= {"valid_mean": float(errors.mean()), "valid_median": float(np.median(errors))}
        row |= {"learning_rate": schedule.learning_rate(learner.step - 1, rates)}
        checkpoint.save_arrays(folder / "points.npz", {"average": learner.average_weights()})
        append_row(folder / "points.csv", row | {"seconds": time.monotonic() - started})


if __name__ == "__main__":
    run_command(main)
