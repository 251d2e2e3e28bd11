"""Measure the committed weights: `python -m models_store.training.evaluate [--accept]`.

Runs the int8 network and its calibration exactly as the engine does, on the validation and test splits, prints the
tables, and compares the figures with the record in `cards/metrics.json`. Exit status 1 when a figure fell out of the
record's interval. The first run writes the record; `--accept` replaces it. Needs no TensorFlow. The test splits are
read here and nowhere else.
"""

import argparse
import statistics
import time
from pathlib import Path
from typing import Final, Literal

import numpy as np
from tqdm import tqdm

from models_store.training.data import evaluation
from models_store.training.errors import UserError, run_command
from models_store.training.measure import goals, record, tables, tolerance
from models_store.training.measure.answers import AgeAnswers, EmotionAnswers, GenderAnswers
from models_store.training.measure.fairness import measure_fairness
from models_store.training.measure.figures import age_figures, emotion_figures, gender_figures
from models_store.training.measure.plots import plots
from models_store.training.paths import CARDS, shared_data
from vision.calibration import Calibration
from vision.errors import EngineError
from vision.manifest import load_manifest
from vision.preprocessing import INPUT_SIZE
from vision.runtimes import Runtime, load_runtime

RECORD: Final = CARDS / "metrics.json"
Split = Literal["valid", "test"]
Answers = tuple[EmotionAnswers, AgeAnswers, GenderAnswers]


def answers(data: Path, split: Split, runtime: Runtime, calibration: Calibration) -> Answers:
    """What the network says of the faces of one split. Raises `UserError` when a data set is missing."""
    faces, people = evaluation.expressions(data, split), evaluation.portraits(data, split)
    logits = runtime.run(people.images)
    return (
        EmotionAnswers.of(runtime.run(faces.images), faces, calibration),
        AgeAnswers.of(logits, people, calibration),
        GenderAnswers.of(logits, people, calibration),
    )


def figures(split: Split, given: Answers) -> record.Report:
    """The figures of one split."""
    emotion, age, gender = given
    return {
        f"FER+ {split}, emotion": emotion_figures(emotion),
        f"UTKFace {split}, age": age_figures(age),
        f"UTKFace {split}, gender": gender_figures(gender),
    }


def measure(data: Path, model: str, runtime: Runtime, calibration: Calibration) -> record.Json:
    """The whole document of the record. Raises `UserError` when a data set is missing."""
    with tqdm(total=5, desc="measuring", unit="step") as bar:
        valid = figures("valid", answers(data, "valid", runtime, calibration))
        bar.update()
        given = answers(data, "test", runtime, calibration)
        bar.update()
        test, pictures = figures("test", given), plots(*given)
        bar.update()
        groups = measure_fairness(data, given[1], given[2])
        bar.update()
        curves = tolerance.curves(tolerance.sample(data), runtime, calibration)
        bar.update()
    return record.document(model, valid | test, {**pictures, "tolerance": curves}, groups)


def one_face_ms(runtime: Runtime, rounds: int = 200) -> float:
    """Median time of one face through the network, on the one thread that serves, on this machine as it is now."""
    face = np.zeros((1, INPUT_SIZE, INPUT_SIZE, 1), dtype=np.float32)
    times: list[float] = []
    for _ in range(rounds):
        began = time.perf_counter()
        runtime.run(face)
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e3


def show(document: record.Json, more: dict[str, float]) -> None:
    """Print every table."""
    report = record.report_of(document)
    print(tables.figures_text(report))
    print(tables.fairness_text(document["fairness"]))
    print("\n" + tables.tolerance_text(document["plots"]["tolerance"]))
    print("\n" + tables.goals_text(goals.standings(report, more)))


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
    more = {**goals.extras(manifest), "milliseconds": one_face_ms(runtime)}
    document = measure(shared_data(), manifest.model_version, runtime, calibration)
    show(document, more)
    if arguments.accept or not RECORD.exists():
        record.write(RECORD, document)
        print(f"\nrecord written: {RECORD}")
        return 0
    lines = record.worse(record.report_of(document), record.read(RECORD)[1])
    print("\n" + ("\n".join(["worse than the record:", *lines]) if lines else "no figure is worse than the record"))
    return 1 if lines else 0


if __name__ == "__main__":
    run_command(main)
