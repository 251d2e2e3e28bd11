"""What is said to a person at a terminal."""

import sys

from facet_client.answers import Analysis, Face, Photo, TriedFace


def complain(sentence: str) -> None:
    """On standard error, over a bar that may be there."""
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)
    print(plain_line(sentence), file=sys.stderr, flush=True)


def plain_line(text: str) -> str:
    """Without what would steer the terminal: names of files may hold anything."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def count(number: int, one: str = "photo") -> str:
    """`1 photo`, `2 photos`."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def duration(seconds: float) -> str:
    """Roughly."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 100 * 60 else f"{seconds / 3600:.0f} h"


def face_words(face: Face | TriedFace) -> str:
    """`34 years (27 to 41), female, happiness shown`."""
    said = []
    if face.age is not None:
        said.append(f"{face.age.years:.0f} years ({face.age.low:.0f} to {face.age.high:.0f})")
    if face.gender is not None:
        said.append(face.gender.label or "gender not sure")
    if face.emotion is not None:
        said.append(f"{face.emotion.label} shown" if face.emotion.label else "expression not sure")
    if isinstance(face, Face) and face.correction is not None:
        said.append("corrected by you")
    return ", ".join(said) or "a face"


def faces_found(number: int) -> str:
    """`no face found`, `1 face`, `2 faces`."""
    return count(number, "face") if number else "no face found"


def summary(photo: Photo) -> str:
    """What became of a photo, in half a line."""
    analysis = photo.analysis
    if analysis.status == "done":
        return faces_found(len(analysis.faces))
    if analysis.error is not None:
        return analysis.error.detail
    return waiting_words(analysis)


def waiting_words(analysis: Analysis) -> str:
    """The state, with what is known about its end."""
    if analysis.status != "queued":
        return {"running": "being read", "cancelled": "stopped", "failed": "could not be read"}.get(
            analysis.status, analysis.status
        )
    left = "" if analysis.seconds_left is None else f", about {duration(analysis.seconds_left)} left"
    ahead = "" if analysis.ahead is None else f", {analysis.ahead} before it"
    return f"waiting{ahead}{left}"
