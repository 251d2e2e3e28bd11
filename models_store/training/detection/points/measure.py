"""Landmark error on clear faces: `python -m models_store.training.detection.points.measure [--part valid|test]`.

Chips of UTKFace at their own size on a grey picture, found and pointed out by the released detector. The scenes' figure
(`detection.measure`) is of masked, turned and small faces, whose points the strong detector guesses too.
"""

import argparse
import csv
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import cv2
import numpy as np
import numpy.typing as npt

from models_store.training.detection.points.samples import eye_shares
from models_store.training.detection.scenes import POINTS
from models_store.training.errors import run_command
from models_store.training.metrics import interval, resampled_rows
from models_store.training.paths import shared_data
from vision.detectors import load_detector
from vision.preprocessing import ImageU8

GROUND: Final = (480, 640)
PLACE: Final = (150, 240)
"""Upper left corner of the chip: row, column."""
GREY: Final = 110
SURE: Final = 0.8
"""Score of the strong detector from which its points of a clear face are taken for true."""


def chips(data: Path, part: Literal["valid", "test"]) -> Iterator[tuple[ImageU8, npt.NDArray[np.float32]]]:
    """Pictures uint8 (480, 640, 3) with one face each, and its points (5, 2) in their pixels."""
    with (data / "utkface" / "landmarks.csv").open(newline="", encoding="utf-8") as stream:
        rows = {row["name"]: row for row in csv.DictReader(stream) if float(row["score"]) >= SURE}
    with tarfile.open(data / "utkface" / f"{part}.tar") as archive:
        for member in archive:
            stream_, row = archive.extractfile(member), rows.get(Path(member.name).name)
            if stream_ is None or row is None:
                continue
            encoded = np.frombuffer(stream_.read(), np.uint8)
            chip = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR_RGB), np.uint8)
            picture = np.full((*GROUND, 3), GREY, np.uint8)
            picture[PLACE[0] : PLACE[0] + chip.shape[0], PLACE[1] : PLACE[1] + chip.shape[1]] = chip
            points = [[float(row[f"{point}_{axis}"]) for axis in "xy"] for point in POINTS]
            yield picture, np.add(points, (PLACE[1], PLACE[0])).astype(np.float32)


def main() -> int:
    """Command line entry point."""
    parser = argparse.ArgumentParser(description="Measure the landmark error on clear faces.")
    parser.add_argument("--part", choices=("valid", "test"), default="valid")
    part: Literal["valid", "test"] = parser.parse_args().part
    detector, told, truth, count = load_detector("facescout"), [], [], 0
    for picture, points in chips(shared_data(), part):
        count += 1
        found = detector.detect(picture)
        if found and found[0].landmarks is not None:
            told.append(np.array(found[0].landmarks, np.float32).ravel())
            truth.append(points.ravel())
    errors = eye_shares(np.stack(told), np.stack(truth))
    low, high = interval(errors[resampled_rows(len(errors))].mean(axis=1))
    print(f"UTKFace {part}: {len(told)} of {count} faces found")
    print(f"landmark error, mean, of the eyes' distance: {errors.mean():.1%} ({low:.1%} to {high:.1%})")
    print(f"median {np.median(errors):.1%}, ninth in ten below {np.quantile(errors, 0.9):.1%}")
    return 0


if __name__ == "__main__":
    run_command(main)
