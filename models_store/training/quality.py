"""Choose what is said and done about faces that are hard to read: `python -m models_store.training.quality`.

Measures on validation faces how errors grow with each measure of quality, chooses the limits and what follows from
them, puts them into the calibration file and writes the record `cards/quality.json`. Runs after `calibrate`, whose file
it completes, and before `release`, which signs that file.
"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Final

from tqdm import tqdm

from models_store.training.config import RunConfig, load_config
from models_store.training.errors import UserError, run_command
from models_store.training.files import calibration_path, litert_runtime, stem
from models_store.training.measure import record, tolerance
from models_store.training.measure.quality import evidence, groups, limits, rules, tables
from models_store.training.measure.quality.reads import Evidence
from models_store.training.measure.quality.spoiling import TRIALS, TURN_EDGES
from models_store.training.paths import CARDS, DEFAULT_CONFIG, shared_data
from vision.calibration import Calibration
from vision.errors import EngineError
from vision.quality.rules import CODES, Code, Rule
from vision.runtimes import Runtime

RECORD: Final = CARDS / "quality.json"
SCHEMA: Final = 1
FACES: Final = 1500
"""At most so many faces of each validation split: all of UTKFace, half of FER+."""


def measure(data: Path, model: str, runtime: Runtime, calibration: Calibration) -> tuple[record.Json, dict[Code, Rule]]:
    """The record and the rules. Raises `UserError` when a data set is missing."""
    faces = tolerance.sample(data, FACES)
    codes: dict[Code, record.Json] = {}
    fitted: dict[Code, rules.Fitted] = {}
    known: dict[Code, Evidence] = {}
    with tqdm(total=len(CODES) + 1, desc="quality", unit="code") as bar:
        for code, found in evidence.trials(faces, runtime, calibration):
            known[code] = found
            codes[code], fitted[code] = rules.fit(code, found, TRIALS[code].edges, calibration)
            bar.update()
        known["turned"] = evidence.turned(data, runtime, calibration)
        codes["turned"], fitted["turned"] = rules.fit("turned", known["turned"], TURN_EDGES, calibration)
        bar.update()
        chosen = rules.settled(fitted)
        for code, rule in chosen.items():
            codes[code] |= {"rule": asdict(rule), **rules.outcome(code, known[code], rule, calibration)}
        shares = groups.shares(data, chosen)
        bar.update()
    document = {
        "schema": SCHEMA,
        "model": model,
        "factor": limits.FACTOR,
        "least": limits.LEAST,
        "codes": {code: codes[code] for code in CODES},
        "groups": shares,
    }
    return record.plain(document), {code: chosen[code] for code in CODES if code in chosen}


def completed(path: Path, chosen: dict[Code, Rule]) -> str:
    """The text of the calibration file at `path` with `chosen` as its section "quality"."""
    document = json.loads(path.read_text(encoding="utf-8"))
    document["quality"] = {code: asdict(rule) for code, rule in chosen.items()}
    return json.dumps(document, indent=2) + "\n"


def _calibration(config: RunConfig) -> Calibration:
    path = calibration_path(config)
    if not path.is_file():
        raise UserError(f"there is no {path}: run python -m models_store.training.calibrate first")
    try:
        return Calibration.load(path)
    except EngineError as error:
        raise UserError(str(error)) from error


def main() -> int:
    """Command line entry point."""
    parser = argparse.ArgumentParser(description="Choose the limits of quality and what follows from them.")
    parser.add_argument("--config", type=Path, default=DEFAULT_CONFIG)
    config = load_config(parser.parse_args().config)
    calibration = _calibration(config)
    document, chosen = measure(shared_data(), stem(config), litert_runtime(config), calibration)
    print(tables.text(document))
    calibration_path(config).write_text(completed(calibration_path(config), chosen), encoding="utf-8")
    record.write(RECORD, document)
    print(f"\nwrote {RECORD} and the section quality of {calibration_path(config).name}: now release")
    return 0


if __name__ == "__main__":
    run_command(main)
