"""Batches that are a pure function of the step, so that a resumed run sees what an unbroken one would have."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models_store.training.ahead import made_ahead
from models_store.training.detection.chips import ferplus_chips, utkface_chips
from models_store.training.detection.config import DetectorConfig
from models_store.training.detection.crops import Material, crop, photo_of
from models_store.training.detection.scenes import read_scenes
from models_store.training.detection.targets import assign
from vision.detectors.geometry import PACK

Batch = dict[str, npt.NDArray[Any]]
"""`image` float32 (N, S, S / 4, 12) as the network takes it, and `targets.Targets`, stacked."""


def as_input(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Pictures uint8 (N, H, W, 3) as the network takes them: float32 (N, H, W / 4, 12), from -2 to 2."""
    count, height, width, _ = rgb.shape
    packed = rgb.reshape(count, height, width // PACK, 3 * PACK)
    return (packed.astype(np.float32) - np.float32(128)) / np.float32(64)


@dataclass(frozen=True)
class CropSource:
    """Crops of the training photos."""

    material: Material
    config: DetectorConfig

    def batch(self, step: int) -> Batch:
        """The batch of a step, always the same one."""
        phase = self.config.phase_at(step // self.config.schedule.steps_per_epoch)
        rng = np.random.default_rng([self.config.seed, step])
        made = [crop(self.material, rng, phase.size, self.config.crops) for _ in range(phase.batch)]
        targets = [assign(faces, phase.size) for _, faces in made]
        columns = {
            name: np.stack([getattr(target, name) for target in targets])
            for name in ("kind", "box", "points", "pointed")
        }
        return {"image": as_input(np.stack([rgb for rgb, _ in made])), **columns}

    def stream(self, start: int, stop: int) -> Iterator[Batch]:
        """Batches `start` to `stop` - 1 in order, made ahead on one background thread."""
        return made_ahead(self.batch, start, stop)


def crop_source(data: Path, config: DetectorConfig) -> CropSource:
    """Read the training photos and chips. Raises `UserError` when a set is missing."""
    scenes = read_scenes(data, "train")
    material = Material(
        tuple(photo_of(scene) for scene in scenes if scene.kind == "faces"),
        tuple(photo_of(scene) for scene in scenes if scene.kind == "no faces"),
        tuple(utkface_chips(data)),
        tuple(ferplus_chips(data)),
    )
    return CropSource(material, config)
