"""Measure the committed weights: `python -m models_store.training.evaluate [--accept]`.

Runs the int8 network and its calibration exactly as the engine does, on the validation and test splits, prints a
table, and compares it with the record in `cards/metrics.json`. Exit status 1 when a figure fell out of the record's
interval. The first run writes the record; `--accept` replaces it. Needs no TensorFlow. The test splits are read here
and nowhere else.
"""

import argparse
from pathlib import Path
from typing import Final, Literal

from models_store.training import record
from models_store.training.data import evaluation
from models_store.training.errors import UserError, run_command
from models_store.training.figures import age_figures, emotion_figures, gender_figures
from models_store.training.paths import CARDS, shared_data
from vision.calibration import Calibration
from vision.errors import EngineError
from vision.manifest import load_manifest
from vision.runtimes import Runtime, load_runtime

RECORD: Final = CARDS / "metrics.json"
SPLITS: Final[tuple[Literal["valid", "test"], ...]] = ("valid", "test")


def measure(data: Path, runtime: Runtime, calibration: Calibration) -> record.Report:
    """All figures of both splits. Raises `UserError` when a data set is missing."""
    report: record.Report = {}
    for split in SPLITS:
        faces, people = evaluation.expressions(data, split), evaluation.portraits(data, split)
        logits = runtime.run(people.images)
        report[f"FER+ {split}, emotion"] = emotion_figures(runtime.run(faces.images), faces, calibration)
        report[f"UTKFace {split}, age"] = age_figures(logits, people, calibration)
        report[f"UTKFace {split}, gender"] = gender_figures(logits, people, calibration)
    return report


def main() -> int:
    """Command line entry point."""
    parser = argparse.ArgumentParser(description="Measure the committed weights.")
    parser.add_argument("--accept", action="store_true", help="make these figures the record")
    arguments = parser.parse_args()
    try:
        manifest = load_manifest()
        calibration = Calibration.load(manifest.weights("calibration").verified())
        runtime = load_runtime("litert", manifest)
    except EngineError as error:
        raise UserError(str(error)) from error
    report = measure(shared_data(), runtime, calibration)
    print(record.table(report))
    if arguments.accept or not RECORD.exists():
        record.write(RECORD, manifest.model_version, report)
        print(f"\nrecord written: {RECORD}")
        return 0
    lines = record.worse(report, record.read(RECORD)[1])
    print("\n" + ("\n".join(["worse than the record:", *lines]) if lines else "no figure is worse than the record"))
    return 1 if lines else 0


if __name__ == "__main__":
    run_command(main)
