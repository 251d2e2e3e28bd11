"""A quick look at one detector: `python -m models_store.training.detection.measure --part valid --detector haar`.

Writes nothing. `--weights` looks at a facescout before it is released. Choose on the validation part; the test part is
for the record that `evaluate` keeps.
"""

import argparse
from pathlib import Path

from models_store.training.detection.measure import tables
from models_store.training.detection.measure.answers import ask
from models_store.training.detection.measure.figures import figures
from models_store.training.detection.measure.froc import threshold
from models_store.training.detection.measure.subjects import Subject, candidate, subject
from models_store.training.detection.scenes import read_scenes
from models_store.training.errors import run_command
from models_store.training.paths import shared_data
from vision.detectors import NAMES


def parsed() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Measure a face detector.")
    parser.add_argument("--part", choices=("valid", "test"), default="valid")
    parser.add_argument("--detector", choices=NAMES, default="facescout")
    parser.add_argument("--side", type=int, help="the working side in pixels, instead of the one that serves")
    parser.add_argument("--weights", type=Path, help="an int8 network of facescout that is not released; needs --side")
    parser.add_argument("--points", type=Path, help="its network for the second look at each face")
    parser.add_argument("--threshold", type=float, default=0.5, help="the score from which --weights would serve")
    arguments = parser.parse_args()
    if arguments.weights and not arguments.side:
        parser.error("--weights needs --side")
    return arguments


def chosen(arguments: argparse.Namespace) -> Subject:
    """The detector that is asked for."""
    if arguments.weights:
        return candidate(arguments.weights, arguments.points, arguments.side, arguments.threshold)
    return subject(arguments.detector, arguments.side)


def main() -> int:
    """Command line entry point."""
    arguments = parsed()
    measured = chosen(arguments)
    answers = ask(read_scenes(shared_data(), arguments.part), measured.detector)
    found = figures(answers, measured.shipped)
    title = f"{measured.model}, {arguments.part}"
    print(tables.report_text({title: found}))
    print("\n" + tables.goals_text(f"Goals, {title}", found))
    print(f"\n0.1 false boxes a photo: from score {threshold(answers):.4f}; shipped: from {measured.shipped:.4f}")
    return 0


if __name__ == "__main__":
    run_command(main)
