"""Write `manifest.toml` for the weights of a config: `python -m models_store.training.release`."""

import argparse
import json
from pathlib import Path
from typing import Final

from models_store.training import files
from models_store.training.config import RunConfig, load_config
from models_store.training.errors import UserError, run_command
from models_store.training.paths import CARDS, DEFAULT_CONFIG, STORE
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


def manifest_text(config: RunConfig) -> str:
    """The manifest of a config's files. Raises `UserError` when one has not been made yet."""
    listed = {
        "litert": files.int8_path(config),
        "litert_float16": files.float16_path(config),
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
    for name, path in listed.items():
        if not path.is_file():
            raise UserError(f"there is no {path}: export and calibrate first")
        lines += ["", f"[attributes.{name}]", f"path = {json.dumps(_relative(path))}"]
        lines.append(f"sha256 = {json.dumps(files.sha256(path))}")
    return "\n".join(lines) + "\n"


def _made_with() -> list[str]:
    return list(json.loads((CARDS / "parity.json").read_text(encoding="utf-8"))["made_with"])


def _relative(path: Path) -> str:
    resolved = path.resolve()
    return resolved.relative_to(STORE).as_posix() if resolved.is_relative_to(STORE) else path.name


def main() -> int:
    """Command line entry point."""
    parser = argparse.ArgumentParser(description="Write the manifest of a config's weights.")
    parser.add_argument("--config", type=Path, default=DEFAULT_CONFIG)
    MANIFEST.write_text(manifest_text(load_config(parser.parse_args().config)), encoding="utf-8")
    print(f"wrote {MANIFEST}")
    return 0


if __name__ == "__main__":
    run_command(main)
