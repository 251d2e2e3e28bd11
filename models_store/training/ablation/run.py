"""Train and measure every way from every seed: `python -m models_store.training.ablation.run [--seeds 1 2 3]`.

One file a run under `runs/ablation-1/`, so that a stopped comparison goes on where it was. Seeds are the outer loop:
whenever it is stopped, the ways have been tried equally often. Only validation faces are read: the test splits choose
nothing.
"""

import argparse
import os
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from models_store.training.ablation.changed import logits_under_changes
from models_store.training.ablation.ways import WAYS, Way, run_config
from models_store.training.batches import BatchSource, training_source
from models_store.training.config import RunConfig, load_config
from models_store.training.data import ferplus, utkface
from models_store.training.errors import run_command
from models_store.training.files import run_folder
from models_store.training.metrics import expected_years
from models_store.training.paths import ABLATION_CONFIG, shared_data
from vision.calibration import softmax
from vision.preprocessing import standardise

SEEDS: Final = (1, 2, 3)
SIZE: Final = 48

Arrays = dict[str, npt.NDArray[np.float32]]


def run_path(folder: Path, way: Way, seed: int) -> Path:
    """Where the outcome of a run is kept."""
    return folder / f"{way.name.replace(' ', '-').replace(',', '')}-{seed}.npz"


def expressions(data: Path) -> npt.NDArray[np.float32]:
    """FER+ validation faces under the official filter, at their own size: (3191, 48, 48, 1)."""
    faces = ferplus.load(data, "valid")
    return standardise(faces.images[ferplus.official_labels(faces.votes)[0]])


def train(config: RunConfig, source: BatchSource, label: str) -> object:
    """The trained network with its moving average."""
    from tqdm import tqdm

    from models_store.training.learner import Learner
    from models_store.training.model import build_model

    learner = Learner(config)
    steps = config.schedule.epochs * config.schedule.steps_per_epoch
    for batch in tqdm(source.stream(0, steps), total=steps, desc=label, mininterval=10):
        learner.train(batch)
    model = build_model(config.model)
    model.set_weights(learner.average_weights())
    return model


def outcome(model: object, faces: npt.NDArray[np.float32], people: utkface.UtkFace) -> Arrays:
    """Logits on the expression faces, as they are and under `changed.CHANGES`; errors of the other two heads."""
    logits = model.predict(faces, batch_size=256, verbose=0)["emotion"]  # type: ignore[attr-defined]
    others = model.predict(standardise(utkface.reframe(people.chips, size=SIZE)), batch_size=256, verbose=0)  # type: ignore[attr-defined]
    conditioned = hasattr(model.get_layer("emotion"), "kind")  # type: ignore[attr-defined]
    changed = logits_under_changes(model, faces) if conditioned else np.zeros((0, *logits.shape), np.float32)
    right = (others["gender"][:, 0] > 0) == (people.female > 0.5)
    years = expected_years(softmax(others["age"]))
    return {
        "logits": logits,
        "changed": changed,
        "gender_right": right[people.ages > 2].astype(np.float32),
        "age_error": abs(years - people.ages).astype(np.float32),
    }


def _limit(threads: int) -> None:
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def main() -> int:
    """Command line entry point."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    parser = argparse.ArgumentParser(description="Compare ways of conditioning the expression head.")
    parser.add_argument("--config", type=Path, default=ABLATION_CONFIG)
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--threads", type=int, help="of TensorFlow; 1 where several seeds are run at once")
    arguments = parser.parse_args()
    if arguments.threads:
        _limit(arguments.threads)
    config, data = load_config(arguments.config), shared_data()
    folder = run_folder(config)
    folder.mkdir(parents=True, exist_ok=True)
    source, faces, people = training_source(data, config), expressions(data), utkface.load(data, "valid")
    for seed in arguments.seeds:
        for way in WAYS:
            path = run_path(folder, way, seed)
            if path.exists():
                continue
            one = run_config(config, way, seed)
            model = train(one, BatchSource(source.domains, one), f"{way.name}, seed {seed}")
            partial = path.with_suffix(".partial.npz")
            np.savez(partial, **outcome(model, faces, people))  # type: ignore[arg-type]
            partial.replace(path)
    return 0


if __name__ == "__main__":
    run_command(main)
