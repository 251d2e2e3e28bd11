"""`python -m vision PHOTO... [--json]`: read photos from the command line."""

import argparse
import json
import sys
from pathlib import Path

from vision import EngineError, Face, Reader, Reading, ReadingError
from vision.types import as_json


def main(arguments: list[str] | None = None) -> int:
    """Read each photo and print it; 0 when all could be read, 1 when any could not, 2 when the engine cannot start."""
    parser = argparse.ArgumentParser(prog="python -m vision", description=__doc__)
    parser.add_argument("photos", nargs="+", type=Path, metavar="PHOTO")
    parser.add_argument("--json", action="store_true", help="one JSON document a line")
    options = parser.parse_args(arguments)
    try:
        reader = Reader.load()
    except EngineError as error:
        print(f"The engine cannot start: {error}", file=sys.stderr)
        return 2
    failed = False
    for path in options.photos:
        reading = _read(reader, path)
        failed = failed or reading.error is not None
        print(json.dumps({"photo": str(path), **as_json(reading)}) if options.json else _sentences(path, reading))
    return int(failed)


def _read(reader: Reader, path: Path) -> Reading:
    try:
        data = path.read_bytes()
    except OSError as error:
        return Reading(0, 0, error=ReadingError("not_found", f"The file cannot be opened: {error.strerror}."))
    return reader.read([data])[0]


def _sentences(path: Path, reading: Reading) -> str:
    if reading.error:
        return f"{path}: {reading.error.sentence}"
    count = len(reading.faces)
    lines = [f"{path}: {count or 'no'} face{'' if count == 1 else 's'}, {reading.width} x {reading.height} pixels"]
    return "\n".join(lines + [f"  {_face(face)}" for face in reading.faces])


def _face(face: Face) -> str:
    box, age, gender, emotion = face.box, face.age, face.gender, face.emotion
    if age is None or gender is None or emotion is None:  # pragma: no cover  all were asked for
        raise TypeError("a face came without one of its attributes")
    shown = f"{emotion.label} {emotion.probabilities[emotion.label]:.0%}" if emotion.label else "not sure"
    told = f"{gender.label} {gender.confidence:.0%}" if gender.label else "not sure"
    reasons = ", ".join(face.quality.reasons).replace("_", " ")
    return (
        f"at {box.x:.0f},{box.y:.0f} ({box.width:.0f} x {box.height:.0f}): age {age.years:.0f} "
        f"({age.low:.0f} to {age.high:.0f}), gender {told}, expression shown {shown}"
        f"{f'; read with care: {reasons}' if reasons else ''}"
    )


if __name__ == "__main__":
    sys.exit(main())
