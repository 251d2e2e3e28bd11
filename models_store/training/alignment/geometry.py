"""Where the training crops have their landmarks: `python -m models_store.training.alignment.geometry`.

Prints the mean five points of the canonical crop by data set and together, and the constants of `vision.alignment`
that follow from them. FER+ pictures are taken as they are, UTKFace chips through their fixed box; only training faces
are read. Faces are counted twice, once mirrored, for the network learnt from both.
"""

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models_store.training.data import landmarks, utkface
from models_store.training.errors import run_command
from models_store.training.paths import shared_data
from vision import alignment

Floats = npt.NDArray[np.float64]

MIRRORED = (1, 0, 2, 4, 3)
FERPLUS_SIDE = 48.0


@dataclass(frozen=True)
class Constants:
    """What `vision.alignment` calls by the same names in capitals."""

    eyes: float
    height: float
    side: float
    rise: float
    back: float


@dataclass(frozen=True)
class Frame:
    """Faces seen along the line between their eyes: lengths (N,) and places of nose and crop centre (N, 2) from the
    middle of eyes and mouth, to the face's left and downwards. In the units of the points."""

    across: Floats
    down: Floats
    nose: Floats
    centre: Floats


def both_ways(points: Floats) -> Floats:
    """Points (N, 5, 2), as shares of the crop, and their mirror images: (2 N, 5, 2)."""
    mirrored = points[:, MIRRORED].copy()
    mirrored[..., 0] = 1 - mirrored[..., 0]
    return np.concatenate([points, mirrored])


def frame(points: Floats) -> Frame:
    """Of points (N, 5, 2) as shares of crops, whose centre is (0.5, 0.5)."""
    eyes, mouth = points[:, :2].mean(axis=1), points[:, 3:].mean(axis=1)
    across, down, middle = points[:, 1] - points[:, 0], mouth - eyes, (eyes + mouth) / 2
    line = across + np.stack([down[:, 1], -down[:, 0]], axis=1)
    line /= np.hypot(*line.T)[:, np.newaxis]

    def turned(places: Floats) -> Floats:
        return np.stack([(places * line).sum(axis=1), places[:, 1] * line[:, 0] - places[:, 0] * line[:, 1]], axis=1)

    return Frame(np.hypot(*across.T), np.hypot(*down.T), turned(points[:, 2] - middle), turned(0.5 - middle))


def fit(ferplus: Floats, portraits: Floats) -> Constants:
    """The constants from points (N, 5, 2) and (M, 5, 2), as shares of the crops; each data set counts half."""
    frames = [frame(both_ways(points)) for points in (ferplus, portraits)]
    eyes = float(np.mean([part.across.mean() for part in frames]))
    height = float(np.mean([part.down.mean() for part in frames]))
    sizes = [np.maximum(part.across / eyes, part.down / height) for part in frames]
    side = float(np.exp(-np.mean([np.log(size).mean() for size in sizes])))
    rise = -float(np.mean([part.centre[:, 1].mean() for part in frames]))
    heads, size = frames[0], sizes[0]
    beside, centre = heads.nose[:, 0] / size, heads.centre[:, 0] / size
    return Constants(eyes, height, side, rise, -float((beside * centre).sum() / (beside**2).sum()))


def in_code() -> Constants:
    """The constants that serve."""
    return Constants(alignment.EYES, alignment.HEIGHT, alignment.SIDE, alignment.RISE, alignment.BACK)


def training_points(data: Path) -> tuple[Floats, Floats]:
    """Points of FER+ and of UTKFace training faces, (N, 5, 2) and (M, 5, 2), as shares of the canonical crop.

    Raises `UserError` when a file is missing.
    """
    expressions = landmarks.of_ferplus(data, "train") / FERPLUS_SIDE
    faces = utkface.load(data, "train")
    width = faces.chips.shape[1]
    corner = np.array([utkface.LEFT, utkface.TOP]) * width
    portraits = (landmarks.of_utkface(data, faces) - corner) / (utkface.SIDE * width)
    return expressions[landmarks.known(expressions)], portraits[landmarks.known(portraits)]


def _row(name: str, points: Floats) -> str:
    places = "  ".join(f"({x:.3f}, {y:.3f})" for x, y in both_ways(points).mean(axis=0))
    return f"{name:10}{places}{len(points):>9,}"


def main() -> int:
    """Command line entry point."""
    ferplus, portraits = training_points(shared_data())
    means = np.stack([part.mean(axis=0) for part in (ferplus, portraits)])
    print(f"{'':10}" + "".join(f"{name:16}" for name in landmarks.POINTS) + "  faces")
    for name, points in (("FER+", ferplus), ("UTKFace", portraits), ("together", means)):
        print(_row(name, points)[: -9 if name == "together" else None])
    print(f"\n{'':10}{'measured':>10}{'in code':>10}")
    served = asdict(in_code())
    for name, value in asdict(fit(ferplus, portraits)).items():
        print(f"{name:10}{value:>10.4f}{served[name]:>10.4f}")
    return 0


if __name__ == "__main__":
    run_command(main)
