"""How many faces each detector finds in the shared photos."""

import json
from pathlib import Path

import pytest

from vision.decoding import Limits, decode
from vision.detectors import NAMES, load_detector

pytestmark = pytest.mark.shared

BEHIND = {"portrait_54.jpg": 3, "portrait_62.jpg": 2}
"""People in the background whom the labels leave out; looked at one by one."""


def found_and_wanted(name: str, shared: Path) -> dict[str, tuple[int, int, bool]]:
    """By photo: faces found, faces there, and whether that is all of them or the least."""
    detector, photos = load_detector(name), shared / "photos"
    labels = json.loads((photos / "labels.json").read_text())
    return {
        photo: (
            len(detector.detect(decode((photos / photo).read_bytes(), Limits()).rgb)),
            truth["faces"] or truth["min_faces"],
            truth["faces"] is not None,
        )
        for photo, truth in labels.items()
    }


def test_the_default_detector_finds_every_face_and_no_other(shared: Path) -> None:
    counts = found_and_wanted(NAMES[0], shared)
    wrong = {
        photo: f"{found} instead of {wanted}"
        for photo, (found, wanted, all_known) in counts.items()
        if found < wanted or (all_known and found > wanted + BEHIND.get(photo, 0))
    }
    assert counts
    assert wrong == {}


@pytest.mark.parametrize("name", NAMES[1:])
def test_the_others_find_nine_in_ten(shared: Path, name: str) -> None:
    counts = found_and_wanted(name, shared).values()
    wanted = sum(there for _, there, _ in counts)
    found = sum(min(seen, there) for seen, there, _ in counts)
    assert found >= 0.9 * wanted, f"{found} of {wanted} faces"
