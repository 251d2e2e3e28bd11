"""Measure the answers on faces that a detector finds: `python -m models_store.training.detected --detector NAME`.

Faces of UTKFace and FER+ are laid into photographs (`measure.detected.placing`), found, cut out, aligned by the
detector's landmarks where it has any, and read; beside that stand the figures of the same faces on their chips. Prints
the table and, with `--accept`, writes the record `cards/detected.json`, which the card and the page of the models
show. With `--valid` the test split is not read; with `--unaligned` the detection's box is cut upright, without a look
at the landmarks: for choosing, no record.
"""

import argparse
from typing import Any, Final

from models_store.training.errors import UserError, run_command
from models_store.training.measure import record
from models_store.training.measure.detected import figures, tables
from models_store.training.measure.detected.subjects import Split
from models_store.training.paths import CARDS, shared_data
from vision.calibration import Calibration
from vision.detectors import NAMES, load_detector
from vision.errors import EngineError
from vision.manifest import load_manifest
from vision.runtimes import load_runtime

RECORD: Final = CARDS / "detected.json"
SCHEMA: Final = 1
SPLITS: Final[tuple[Split, ...]] = ("valid", "test")


def main() -> int:
    """Command line entry point."""
    parser = argparse.ArgumentParser(description="Measure the answers on faces that a detector finds.")
    parser.add_argument("--detector", choices=NAMES, default=NAMES[0])
    parser.add_argument("--accept", action="store_true", help="make these figures the record")
    parser.add_argument("--valid", action="store_true", help="validation faces only")
    parser.add_argument("--unaligned", action="store_true", help="without the landmarks, validation faces only")
    given = parser.parse_args()
    choosing = given.valid or given.unaligned
    if given.accept and choosing:
        raise UserError("a record needs both splits and the crops that serve: leave out --valid and --unaligned")
    try:
        manifest = load_manifest()
        calibration = Calibration.load(manifest.weights("calibration").verified())
        runtime = load_runtime("litert", manifest)
        detector = load_detector(given.detector)
    except EngineError as error:
        raise UserError(str(error)) from error
    data, aligned = shared_data(), not given.unaligned
    splits: dict[str, Any] = {
        split: figures.of_split(data, split, detector, runtime, calibration, aligned=aligned)
        for split in (SPLITS[:1] if choosing else SPLITS)
    }
    document = record.plain(
        {"schema": SCHEMA, "model": manifest.model_version, "detector": detector.name, "splits": splits}
    )
    print(tables.text(document))
    if given.accept:
        record.write(RECORD, document)
        print(f"\nrecord written: {RECORD}")
    return 0


if __name__ == "__main__":
    run_command(main)
