"""Write `manifest.toml` for the released weights: `python -m models_store.training.release`."""

import argparse
import json
from pathlib import Path
from typing import Final

from models_store.training import files
from models_store.training.config import RunConfig, load_config
from models_store.training.detection import files as detector_files
from models_store.training.detection.config import DetectorConfig, load_detector_config
from models_store.training.errors import UserError, run_command
from models_store.training.paths import CARDS, DEFAULT_CONFIG, DETECTOR_CONFIG, STORE
from vision.labels import EMOTIONS
from vision.preprocessing import INPUT_SIZE

MANIFEST: Final = STORE / "manifest.toml"
LICENCE: Final = (
    "Research use only: the weights were trained on UTKFace, whose terms allow non-commercial research only, "
    "and on FER2013 pictures, which are for research"
)
TRAINED_ON: Final = (
    "FER+ train without the pixel twins of valid and test (votes MIT; FER2013 pictures, research)",
    "UTKFace train without the calibration faces (non-commercial research)",
)
DETECTOR_LICENCE: Final = (
    "Research use only: the weights were trained on photographs whose licences differ or are not stated, on UTKFace "
    "(non-commercial research) and on FER2013 pictures, which are for research"
)
DETECTOR_TRAINED_ON: Final = (
    "Scenes train without the validation photos: whole photographs with and without faces, boxes and points from a "
    "strong detector, boxes of masked faces from people (licences as their sources state)",
    "UTKFace train without the calibration faces (non-commercial research)",
    "FER+ train without the pixel twins of valid and test (FER2013 pictures, research)",
)


def manifest_text(config: RunConfig) -> str:
    """The manifest of a config's files. Raises `UserError` when one has not been made yet."""
    listed = {
        "litert": files.int8_path(config),
        "tensorflow": files.keras_path(config),
        "calibration": files.calibration_path(config),
    }
    # JSON strings and arrays of strings are TOML too
    lines = [
        "# Written by models_store/training/release.py; not by hand.",
        "schema = 1",
        "",
        "[attributes]",
        f"name = {json.dumps(config.name)}",
        f"version = {json.dumps(config.version)}",
        f"input_size = {INPUT_SIZE}",
        'outputs = ["age", "gender", "emotion"]',
        f"emotions = {json.dumps(list(EMOTIONS))}",
        f"licence = {json.dumps(LICENCE)}",
        f"recipe = {json.dumps(_relative(config.path))}",
        f"trained_on = {json.dumps(list(TRAINED_ON))}",
        f"made_with = {json.dumps(_made_with())}",
    ]
    lines += _file_lines("attributes", listed)
    return "\n".join(lines) + "\n"


def detector_text(config: DetectorConfig) -> str:
    """The detector's part of the manifest. Raises `UserError` when a file has not been made yet."""
    listed = {
        "litert": detector_files.int8_path(config),
        "points": detector_files.points_path(config),
        "choice": detector_files.choice_path(config),
    }
    lines = [
        "",
        "[detector]",
        f"name = {json.dumps(config.name)}",
        f"version = {json.dumps(config.version)}",
        f"licence = {json.dumps(DETECTOR_LICENCE)}",
        f"recipe = {json.dumps(_relative(config.path))}",
        f"trained_on = {json.dumps(list(DETECTOR_TRAINED_ON))}",
        f"made_with = {json.dumps(_made_with('detection-parity.json'))}",
        *_file_lines("detector", listed),
    ]
    return "\n".join(lines) + "\n"


def _file_lines(section: str, listed: dict[str, Path]) -> list[str]:
    lines: list[str] = []
    for name, path in listed.items():
        if not path.is_file():
            raise UserError(f"there is no {path}: export it first, and calibrate or choose")
        lines += ["", f"[{section}.{name}]", f"path = {json.dumps(_relative(path))}"]
        lines.append(f"sha256 = {json.dumps(files.sha256(path))}")
    return lines


def _made_with(record: str = "parity.json") -> list[str]:
    return list(json.loads((CARDS / record).read_text(encoding="utf-8"))["made_with"])


def _relative(path: Path) -> str:
    resolved = path.resolve()
    return resolved.relative_to(STORE).as_posix() if resolved.is_relative_to(STORE) else path.name


def main() -> int:
    """Command line entry point."""
    parser = argparse.ArgumentParser(description="Write the manifest of the released weights.")
    parser.add_argument("--config", type=Path, default=DEFAULT_CONFIG)
    parser.add_argument("--detector", type=Path, default=DETECTOR_CONFIG)
    arguments = parser.parse_args()
    text = manifest_text(load_config(arguments.config)) + detector_text(load_detector_config(arguments.detector))
    MANIFEST.write_text(text, encoding="utf-8")
    print(f"wrote {MANIFEST}")
    return 0


if __name__ == "__main__":
    run_command(main)
