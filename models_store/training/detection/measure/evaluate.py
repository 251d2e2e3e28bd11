"""Measure the released detectors: `python -m models_store.training.detection.measure.evaluate [--accept]`.

Prints the tables of both parts and compares the figures with the record in `cards/detection.json`. Exit status 1 when
a figure fell out of the record's interval. The first run writes the record; `--accept` replaces it. The test part is
read here for the record and chooses nothing.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path

from models_store.training.detection.measure import record, tables, tolerance
from models_store.training.detection.measure.answers import Answers, ask
from models_store.training.detection.measure.figures import figures
from models_store.training.detection.measure.froc import curve, threshold
from models_store.training.detection.measure.subjects import Subject, released
from models_store.training.detection.scenes import Scene, read_scenes
from models_store.training.errors import run_command
from models_store.training.measure.record import Json, report_of, worse, write
from models_store.training.paths import shared_data


def measure(data: Path, subjects: Mapping[str, Subject]) -> Json:
    """The whole document of the record. Raises `UserError` when a file is missing."""
    scenes = {part: read_scenes(data, part) for part in ("valid", "test")}
    return record.document({name: measured(scenes, one) for name, one in subjects.items()})


def measured(scenes: Mapping[str, list[Scene]], one: Subject) -> record.Measured:
    """One detector on both parts."""
    answers: dict[str, Answers] = {
        part: ask(photos, one.detector, f"{one.model}, {part}") for part, photos in scenes.items()
    }
    limits = {part: threshold(given) for part, given in answers.items()}
    return record.Measured(
        model=one.model,
        shipped=one.shipped,
        figures={part: figures(given, one.shipped) for part, given in answers.items()},
        thresholds=limits,
        froc=curve(answers["test"], one.shipped),
        tolerance=tolerance.curves(tolerance.sample(scenes["test"]), one.detector, limits["test"]),
    )


def show(document: Json) -> None:
    """Print every table."""
    report = report_of(document)
    print(tables.report_text(report))
    print("\n" + tables.tolerance_text(document["tolerance"]))
    for title, found in report.items():
        if title.endswith("test"):
            print("\n" + tables.goals_text(f"Goals, {title}", found))


def main() -> int:
    """Command line entry point."""
    parser = argparse.ArgumentParser(description="Measure the released face detectors.")
    parser.add_argument("--accept", action="store_true", help="make these figures the record")
    arguments = parser.parse_args()
    document = measure(shared_data(), released())
    show(document)
    if arguments.accept or not record.RECORD.exists():
        write(record.RECORD, document)
        print(f"\nrecord written: {record.RECORD}")
        return 0
    lines = worse(report_of(document), report_of(record.load(record.RECORD)))
    print("\n" + ("\n".join(["worse than the record:", *lines]) if lines else "no figure is worse than the record"))
    return 1 if lines else 0


if __name__ == "__main__":
    run_command(main)
