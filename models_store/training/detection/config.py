"""One run, one file: what a detector's `configs/*.toml` may say."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from models_store.training.config import AugmentConfig, ScheduleConfig, read_table, section


@dataclass(frozen=True)
class NetworkConfig:
    """`stem` channels at a stride of 4 pixels, `widths` and residual `blocks` of the four levels after it, `neck`
    channels that each level hands to the next finer one and to its heads."""

    stem: int
    widths: tuple[int, int, int, int]
    blocks: tuple[int, int, int, int]
    neck: int


@dataclass(frozen=True)
class PhaseConfig:
    """What holds from `from_epoch` (counted from 0): `size` of the square crops in pixels and `batch`, how many."""

    from_epoch: int
    size: int
    batch: int


@dataclass(frozen=True)
class LossConfig:
    """Weights of the losses; `losses` explains them."""

    score: float
    box: float
    points: float


@dataclass(frozen=True)
class CropConfig:
    """What a training crop shows. Probabilities, pixels, degrees; `crops` and `changes` explain them."""

    mosaic: float
    faceless: float
    pasted: float
    swapped: float
    smallest: float
    enlarge_most: float
    rotation: float
    rotation_most: float
    rotation_wild: float
    aspect: float
    tone: float
    grey: float
    blur: float
    noise: float
    jpeg: float
    coarse: float
    covered: float


@dataclass(frozen=True)
class PointsConfig:
    """The second look. `batch`: faces of photos, of UTKFace and of FER+; `augment` as for the attributes, of which
    the geometry's part is not used."""

    batch: tuple[int, int, int]
    schedule: ScheduleConfig
    augment: AugmentConfig

    @property
    def judged(self) -> AugmentConfig:
        """`augment` without any change, for validation."""
        return replace(self.augment, tone=0.0, blur=0.0, noise=0.0, jpeg=0.0, erase=0.0, low_resolution_utkface=0.0)


@dataclass(frozen=True)
class DetectorConfig:
    """A whole run. `path` is the file it was read from; `side` the longer side in pixels at which it serves."""

    path: Path
    name: str
    version: str
    seed: int
    side: int
    network: NetworkConfig
    schedule: ScheduleConfig
    loss: LossConfig
    crops: CropConfig
    phases: tuple[PhaseConfig, ...]
    points: PointsConfig

    def phase_at(self, epoch: int) -> PhaseConfig:
        """The phase of an epoch counted from 0."""
        return next(phase for phase in reversed(self.phases) if phase.from_epoch <= epoch)


def load_detector_config(path: Path) -> DetectorConfig:
    """Read a run's file. Raises `UserError` when it is missing, not TOML, or has missing or unknown keys."""
    table = read_table(path, {"name", "version", "seed", "side"})
    return DetectorConfig(
        path=path,
        name=str(table["name"]),
        version=str(table["version"]),
        seed=int(table["seed"]),
        side=int(table["side"]),
        network=section(NetworkConfig, table.get("network", {}), "network"),
        schedule=section(ScheduleConfig, table.get("schedule", {}), "schedule"),
        loss=section(LossConfig, table.get("loss", {}), "loss"),
        crops=section(CropConfig, table.get("crops", {}), "crops"),
        phases=tuple(section(PhaseConfig, phase, "phases") for phase in table.get("phases", [])),
        points=_points(table.get("points", {})),
    )


def _points(table: dict[str, Any]) -> PointsConfig:
    return PointsConfig(
        batch=tuple(table.get("batch", ())),
        schedule=section(ScheduleConfig, table.get("schedule", {}), "points.schedule"),
        augment=section(AugmentConfig, table.get("augment", {}), "points.augment"),
    )
