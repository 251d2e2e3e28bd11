"""Measure ways to choose the square: `python -m models_store.training.alignment [--faces N]`.

Reads training and validation faces only. Prints the tables and writes the record `cards/alignment.json`, which
docs/decisions/0008-alignment.md quotes; with `--faces` it looks at fewer faces and writes nothing.
"""

import argparse
from pathlib import Path
from typing import Any, Final

from models_store.training.alignment import framing, geometry, measure
from models_store.training.alignment.trials import validation
from models_store.training.alignment.ways import WAYS, box_alone
from models_store.training.errors import UserError, run_command
from models_store.training.measure import record
from models_store.training.measure.tables import aligned, underlined
from models_store.training.metrics import Figure
from models_store.training.paths import CARDS, shared_data
from vision.calibration import Calibration
from vision.detectors.haar import HaarDetector
from vision.errors import EngineError
from vision.manifest import load_manifest
from vision.runtimes import load_runtime

RECORD: Final = CARDS / "alignment.json"
SCHEMA: Final = 1


def document(data: Path, most: int | None) -> dict[str, Any]:
    """The record, with `Figure` objects. Raises `UserError` when a data set or the weights are missing."""
    try:
        manifest = load_manifest()
        calibration = Calibration.load(manifest.weights("calibration").verified())
        runtime = load_runtime("litert", manifest)
    except EngineError as error:
        raise UserError(str(error)) from error
    told = {name: way for name, way in WAYS.items() if way is not box_alone}
    heads = geometry.training_points(data)[0]
    rows = measure.trials(validation(data, most), HaarDetector(), runtime, calibration)
    return {
        "schema": SCHEMA,
        "model": manifest.model_version,
        "framing": framing.bands(told, heads[:most]),
        "trials": rows,
    }


def text(written: dict[str, Any]) -> str:
    """The two tables."""
    rows = [["FER+ training faces", "", "forward", "side", "off"]]
    rows += [
        [row["way"], row["band"], *(f"{row[key].value:.3f}" for key in ("forward", "side", "off"))]
        for row in written["framing"]
    ]
    lines = [*underlined("Against the data set's own square"), *aligned(rows)]
    names = ("emotion_accuracy", "gender_accuracy", "age_mae")
    header = ["way", "error", *(cell for name in names for cell in (name, "difference"))]
    for turn in measure.TURNS:
        rows = [header]
        for row in (row for row in written["trials"] if row["turn"] == turn):
            error = "-" if row["error"] is None else f"{row['error']:.0%}"
            cells = (cell for name in names for cell in (f"{row[name].value:.4f}", _span(row[f"{name}, difference"])))
            rows.append([row["way"], error, *cells])
        lines += [*underlined(f"Validation faces turned by {turn} degrees"), *aligned(rows)]
    return "\n".join(lines[1:])


def _span(figure: Figure) -> str:
    return f"{figure.value:+.4f} ({figure.low:+.4f} to {figure.high:+.4f})"


def main() -> int:
    """Command line entry point."""
    parser = argparse.ArgumentParser(description="Measure ways to choose the square that the network sees.")
    parser.add_argument("--faces", type=int, help="look at so many faces of each data set only, and write nothing")
    most = parser.parse_args().faces
    written = document(shared_data(), most)
    print(text(written))
    if most is None:
        record.write(RECORD, record.plain(written))
        print(f"\nrecord written: {RECORD}")
    return 0


if __name__ == "__main__":
    run_command(main)
