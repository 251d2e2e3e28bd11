"""How much there is to see of a face, and what is wrong with it."""

from vision.detectors import Detection
from vision.preprocessing import ImageU8
from vision.quality import measures
from vision.quality.rules import Rules, reasons
from vision.types import Quality


def assess(crop: ImageU8, place: Detection, shape: tuple[int, ...], rules: Rules, *, scale: float = 1) -> Quality:
    """Quality of the face at `place`, of which the network saw `crop`, grey uint8 (64, 64).

    `place` is in pixels of a picture of `shape` (H, W, ...), whose photo is `scale` times as large.
    """
    points = place.landmarks
    measured = Quality(
        size=min(place.box.width, place.box.height) * scale,
        sharpness=measures.sharpness(crop),
        brightness=measures.brightness(crop),
        highlights=measures.highlights(crop),
        cut=measures.cut(place.box, height=shape[0], width=shape[1]),
        turn=measures.turn(points) if points else None,
        roll=measures.roll(points) if points else None,
        detector=place.score,
    )
    return measured.with_reasons(reasons(measured, rules))
