"""Where a run stands, in one file that is replaced whole."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Arrays = list[npt.NDArray[np.float32]]


@dataclass(frozen=True)
class Checkpoint:
    """State after `step` steps: the model's weights, their moving average, the optimiser's variables."""

    step: int
    weights: Arrays
    average: Arrays
    optimizer: Arrays


def save_arrays(path: Path, groups: dict[str, Arrays]) -> None:
    """Write lists of arrays to one npz; an interruption leaves the old file whole."""
    flat = {f"{name}/{at}": array for name, arrays in groups.items() for at, array in enumerate(arrays)}
    partial = path.with_suffix(".partial.npz")
    np.savez(partial, **flat)  # type: ignore[arg-type]
    partial.replace(path)


def load_arrays(path: Path) -> dict[str, Arrays]:
    """Read what `save_arrays` wrote, in order."""
    groups: dict[str, dict[int, npt.NDArray[np.float32]]] = {}
    with np.load(path) as table:
        for key in table.files:
            name, at = key.split("/")
            groups.setdefault(name, {})[int(at)] = table[key]
    return {name: [arrays[at] for at in sorted(arrays)] for name, arrays in groups.items()}


def save(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint."""
    save_arrays(
        path,
        {
            "step": [np.array(checkpoint.step)],
            "weights": checkpoint.weights,
            "average": checkpoint.average,
            "optimizer": checkpoint.optimizer,
        },
    )


def load(path: Path) -> Checkpoint:
    """Read a checkpoint."""
    groups = load_arrays(path)
    return Checkpoint(int(groups["step"][0]), groups["weights"], groups["average"], groups["optimizer"])
