"""Which Haar cascade: faces found, false boxes, time and where its box puts the eyes, on the scenes' training photos.

Run by hand, `python benchmarks/detection.py`, where the shared data are at hand; the speed of detectors is in
`groups/detection.py`. A face counts from 32 pixels and a score of 0.7 in `boxes.csv`;
a box is right from an overlap (IoU) of 0.35 with any box there. The training part, for this chooses between detectors.
"""

import csv
import io
import os
import tarfile
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from PIL import Image

from vision.detectors.haar import HaarDetector
from vision.types import Box

SHARED = Path(os.environ.get("FACET_SHARED") or Path(__file__).resolve().parents[2] / "shared") / "data" / "scenes"
CASCADES = (
    "haarcascade_frontalface_default.xml",
    "haarcascade_frontalface_alt.xml",
    "haarcascade_frontalface_alt2.xml",
)
EYES = ("right_eye_x", "right_eye_y", "left_eye_x", "left_eye_y")
PHOTOS = 400

Row = dict[str, float]


def overlap(one: Box, row: Row) -> float:
    """Intersection over union."""
    width = min(one.x + one.width, row["x"] + row["w"]) - max(one.x, row["x"])
    height = min(one.y + one.height, row["y"] + row["h"]) - max(one.y, row["y"])
    shared = max(width, 0.0) * max(height, 0.0)
    return shared / (one.area + row["w"] * row["h"] - shared)


def photos() -> list[tuple[str, np.ndarray]]:
    """A fixed sample, decoded."""
    with tarfile.open(SHARED / "train.tar") as archive:
        members = [member for member in archive.getmembers() if member.isfile()]
        chosen = np.random.default_rng(0).permutation(len(members))[:PHOTOS]
        found = []
        for member in (members[index] for index in chosen):
            stream = archive.extractfile(member)
            assert stream is not None
            found.append((Path(member.name).name, np.array(Image.open(io.BytesIO(stream.read())).convert("RGB"))))
        return found


def truth() -> dict[str, list[Row]]:
    """Boxes and points by photo."""
    rows: dict[str, list[Row]] = defaultdict(list)
    with (SHARED / "boxes.csv").open(newline="") as handle:
        for row in csv.DictReader(handle):
            rows[row["name"]].append({key: float(value) for key, value in row.items() if key != "name"})
    return rows


def measure(detector: HaarDetector, sample: list[tuple[str, np.ndarray]], rows: dict[str, list[Row]]) -> list[float]:
    """Recall, false boxes a photo, milliseconds a photo, and the median eye positions as shares of the box."""
    wanted = hit = false = 0
    eyes, seconds = [], 0.0
    for name, rgb in sample:
        began = time.perf_counter()
        boxes = [found.box for found in detector.detect(rgb)]
        seconds += time.perf_counter() - began
        for box in boxes:
            right = [row for row in rows[name] if overlap(box, row) > 0.35]
            false += not right
            if right and box.width > 40:
                points = [right[0][eye] for eye in EYES]
                eyes.append([(points[i] - (box.x, box.y)[i % 2]) / box.width for i in range(4)])
        for row in rows[name]:
            if row["score"] >= 0.7 and row["h"] >= 32:
                wanted += 1
                hit += any(overlap(box, row) > 0.35 for box in boxes)
    return [hit / wanted, false / len(sample), seconds / len(sample) * 1e3, *np.median(eyes, axis=0)]


def main() -> None:
    """Print the table, or say what is missing."""
    if not SHARED.is_dir():
        print(f"{SHARED} is not there: set FACET_SHARED to compare detectors.")
        return
    sample, rows = photos(), truth()
    results = {cascade: measure(HaarDetector(cascade=cascade), sample, rows) for cascade in CASCADES}
    unit = results[CASCADES[0]][2]
    print(f"{'':36}{'found':>8}{'false':>8}{'time':>8}   eyes (right x, y, left x, y)")
    for cascade, (found, false, ms, *eyes) in results.items():
        positions = " ".join(f"{value:.3f}" for value in eyes)
        print(f"{cascade:36}{found:8.1%}{false:8.3f}{ms / unit:8.2f}   {positions}")
    print(f"{PHOTOS} photos; false boxes a photo; time as a multiple of the first row ({unit:.0f} ms a photo here)")


if __name__ == "__main__":
    main()
