"""Train the detector: `python -m models_store.training.detection.train [--config FILE] [--resume]`.

Leaves in `runs/<name>-<version>/`: `last.npz` (to resume, and what is released: the moving average of the last epoch,
so that nothing is chosen among epochs) and `log.csv` (one row an epoch).
"""

import argparse
import os
import time
from pathlib import Path

import numpy as np

from models_store.training import checkpoint, schedule
from models_store.training.detection.batches import crop_source
from models_store.training.detection.config import DetectorConfig, load_detector_config
from models_store.training.detection.files import run_folder
from models_store.training.errors import UserError, run_command
from models_store.training.paths import DETECTOR_CONFIG, shared_data
from models_store.training.train import append_row, locked


def main() -> int:
    """Command line entry point."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    parser = argparse.ArgumentParser(description="Train the face detector.")
    parser.add_argument("--config", type=Path, default=DETECTOR_CONFIG)
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    arguments = parser.parse_args()
    config, data = load_detector_config(arguments.config), shared_data()
    folder = run_folder(config)
    if (folder / "last.npz").exists() and not arguments.resume:
        raise UserError(f"{folder} holds a run already: add --resume, or move it away")
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        train(config, data, folder)
    return 0


def train(config: DetectorConfig, data: Path, folder: Path) -> None:
    """Run all epochs that are left, saving after each."""
    from tqdm import tqdm

    from models_store.training.detection.learner import DetectorLearner

    source, learner = crop_source(data, config), DetectorLearner(config)
    if (folder / "last.npz").exists():
        learner.restore(checkpoint.load(folder / "last.npz"))
    steps = config.schedule.steps_per_epoch
    for epoch in range(learner.step // steps, config.schedule.epochs):
        started, sums = time.monotonic(), dict[str, list[float]]()
        stream = source.stream(epoch * steps, (epoch + 1) * steps)
        bar = tqdm(stream, total=steps, desc=f"epoch {epoch + 1}/{config.schedule.epochs}", mininterval=5)
        for batch in bar:
            for name, value in learner.train(batch).items():
                sums.setdefault(name, []).append(value)
            bar.set_postfix({name: f"{np.mean(values[-50:]):.3f}" for name, values in sums.items()}, refresh=False)
        row: dict[str, float] = {"epoch": epoch + 1, "size": config.phase_at(epoch).size}
        row |= {"learning_rate": schedule.learning_rate(learner.step - 1, config.schedule)}
        row |= {f"loss_{name}": float(np.mean(values)) for name, values in sums.items()}
        checkpoint.save(folder / "last.npz", learner.state())
        append_row(folder / "log.csv", row | {"seconds": time.monotonic() - started})


if __name__ == "__main__":
    run_command(main)
