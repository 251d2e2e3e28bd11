"""The released int8 networks and the shapes that they run at for one photo with one face."""

import json
from dataclasses import dataclass

from vision.detectors.facescout import NARROWEST, STEP
from vision.detectors.geometry import PACK
from vision.manifest import Manifest, load_manifest


@dataclass(frozen=True, slots=True)
class Network:
    """A .tflite file and the shape of its input; None for the file's own."""

    model: bytes
    shape: tuple[int, ...] | None = None


def released() -> dict[str, Network]:
    """Attributes and, where the release has a detector of its own, its networks at a photo of 4 to 3."""
    papers = load_manifest()
    found = {"attributes": Network(_bytes(papers, "litert"))}
    if papers.detector is not None:
        side = json.loads(_bytes(papers.detector, "choice"))["side"]
        found["detector"] = Network(_bytes(papers.detector, "litert"), packed(side, round(side * 0.75)))
        found["points"] = Network(_bytes(papers.detector, "points"))
    return found


def packed(width: int, height: int) -> tuple[int, int, int, int]:
    """The detector's input for a photo that was scaled to `width` x `height` pixels."""
    columns, rows = (max(-(-side // STEP) * STEP, NARROWEST) for side in (width, height))
    return 1, rows, columns // PACK, 3 * PACK


def _bytes(papers: Manifest, kind: str) -> bytes:
    return papers.weights(kind).verified().read_bytes()
