"""FER+: 48 x 48 grey faces of FER2013 with ten votes each (Barsoum et al. 2016, arXiv 1608.01041)."""

import lzma
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from models_store.training.errors import UserError
from vision.labels import EMOTIONS

Split = Literal["train", "valid", "test"]

CLASSES: Final = len(EMOTIONS)
"""Vote columns after these are `unknown` and `not a face`."""


@dataclass(frozen=True)
class FerPlus:
    """One split. `images` uint8 (N, 48, 48); `votes` uint8 (N, 10), see `CLASSES`."""

    images: npt.NDArray[np.uint8]
    votes: npt.NDArray[np.uint8]

    def take(self, keep: npt.NDArray[np.bool_]) -> "FerPlus":
        """The rows where `keep`, bool (N,), is true."""
        return FerPlus(self.images[keep], self.votes[keep])


def load(data: Path, split: Split) -> FerPlus:
    """Read one split from the folder of data sets. Raises `UserError` when a file is missing."""
    images, labels = (data / "ferplus" / f"{split}{end}" for end in ("_images.npy.xz", "_labels.npz"))
    for path in (images, labels):
        if not path.is_file():
            raise UserError(f"FER+ needs {path}, which does not exist")
    with lzma.open(images) as stream, np.load(labels) as table:
        return FerPlus(np.load(stream), table["votes"])


def without_single_votes(votes: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Votes (N, 10) as float32 with lone votes set to zero: FER+ takes them for slips."""
    return np.where(votes > 1, votes, 0).astype(np.float32)


def official_labels(
    votes: npt.NDArray[np.uint8],
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Which rows the official evaluation keeps, bool (N,), and the majority class of all rows, int64 (N,).

    As `src/ferplus.py` of microsoft/FERPlus in its majority mode: lone votes are dropped, then a class must
    hold more than half of what is left and be an emotion.
    """
    counts = without_single_votes(votes)
    label = counts.argmax(axis=1)
    keep = (counts.max(axis=1) > 0.5 * counts.sum(axis=1)) & (label < CLASSES)
    return keep, label


def vote_distributions(
    votes: npt.NDArray[np.uint8],
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Targets float32 (N, 8) that sum to one, and weights float32 (N,) in 0..1.

    Lone votes are dropped unless nothing else is left. The weight is the share of votes for any emotion, so
    that pictures which many took for no face, or could not name, teach less; 0 where no emotion was named.
    """
    counts = without_single_votes(votes)
    lone = counts[:, :CLASSES].sum(axis=1) == 0
    counts[lone] = votes[lone]
    emotions = counts[:, :CLASSES]
    total = emotions.sum(axis=1)
    targets = np.where(total[:, None] > 0, emotions / np.maximum(total, 1)[:, None], 1 / CLASSES)
    weights = total / np.maximum(counts.sum(axis=1), 1)
    return targets.astype(np.float32), weights.astype(np.float32)
