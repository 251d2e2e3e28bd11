"""Train the attribute network: `python -m models_store.training.train --config FILE [--resume]`.

Leaves in `runs/<name>-<version>/`: `last.npz` (to resume), `best.npz` (moving average with the best validation
score), `log.csv` (one row an epoch).
"""

import argparse
import csv
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models_store.training import checkpoint, schedule
from models_store.training.batches import BatchSource, training_source
from models_store.training.config import RunConfig, load_config
from models_store.training.data import evaluation
from models_store.training.errors import UserError, run_command
from models_store.training.files import run_folder
from models_store.training.paths import DEFAULT_CONFIG, shared_data

if TYPE_CHECKING:
    from models_store.training.learner import Learner


def main() -> int:
    """Command line entry point."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    parser = argparse.ArgumentParser(description="Train the attribute network.")
    parser.add_argument("--config", type=Path, default=DEFAULT_CONFIG)
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    arguments = parser.parse_args()
    config, data = load_config(arguments.config), shared_data()
    folder = run_folder(config)
    if (folder / "last.npz").exists() and not arguments.resume:
        raise UserError(f"{folder} holds a run already: add --resume, or move it away")
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        train(config, data, folder)
    return 0


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes from training in `folder` meanwhile. Raises `UserError` where one does."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(f"another process is training in {folder}") from None
        yield


def train(config: RunConfig, data: Path, folder: Path) -> None:
    """Run all epochs that are left, validating and saving after each."""
    from models_store.training import validate
    from models_store.training.learner import Learner
    from models_store.training.model import build_model

    source = training_source(data, config)
    faces, people = evaluation.expressions(data, "valid"), evaluation.portraits(data, "valid")
    learner, judge = Learner(config), build_model(config.model)
    if (folder / "last.npz").exists():
        learner.restore(checkpoint.load(folder / "last.npz"))
    first = learner.step // config.schedule.steps_per_epoch
    for epoch in range(first, config.schedule.epochs):
        started = time.monotonic()
        row = _one_epoch(learner, source, epoch)
        average = learner.average_weights()
        judge.set_weights(average)
        row |= validate.scores(judge, faces, people)
        row["seconds"] = time.monotonic() - started
        if row["score"] < _best_score(folder / "log.csv"):
            checkpoint.save_arrays(folder / "best.npz", {"average": average})
        checkpoint.save(folder / "last.npz", learner.state())
        append_row(folder / "log.csv", row)


def _one_epoch(learner: "Learner", source: BatchSource, epoch: int) -> dict[str, float]:
    """Train one epoch behind a progress bar; its number, learning rate and mean losses."""
    from tqdm import tqdm

    config = source.config.schedule
    start = epoch * config.steps_per_epoch
    sums: dict[str, list[float]] = {}
    stream = source.stream(start, start + config.steps_per_epoch)
    bar = tqdm(stream, total=config.steps_per_epoch, desc=f"epoch {epoch + 1}/{config.epochs}", mininterval=5)
    for batch in bar:
        for name, value in learner.train(batch).items():
            sums.setdefault(name, []).append(value)
        bar.set_postfix({name: f"{np.mean(values[-50:]):.3f}" for name, values in sums.items()}, refresh=False)
    losses = {f"loss_{name}": float(np.mean(values)) for name, values in sums.items()}
    rate = schedule.learning_rate(learner.step - 1, config)
    return {"epoch": epoch + 1, "size": source.phase_at(start).size, "learning_rate": rate, **losses}


def _best_score(log: Path) -> float:
    if not log.exists():
        return float("inf")
    with log.open(newline="") as stream:
        return min((float(row["score"]) for row in csv.DictReader(stream)), default=float("inf"))


def append_row(log: Path, row: dict[str, float]) -> None:
    """Add a row to a CSV file, which begins with the names."""
    new = not log.exists()
    with log.open("a", newline="") as stream:
        writer = csv.DictWriter(stream, list(row))
        if new:
            writer.writeheader()
        writer.writerow({name: f"{value:.6g}" for name, value in row.items()})


if __name__ == "__main__":
    run_command(main)
