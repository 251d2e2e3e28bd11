"""Thousands of damaged photos: a picture or a reason, never another error."""

import random

import numpy as np
import pytest

from tests.vision.crafting import VARIANTS, scenery
from vision.decoding import Limits, PhotoError, decode

LIMITS = Limits(pixels=4_000_000, memory=64 * 1024 * 1024, seconds=5.0)
CODES = {"empty", "too_large", "too_small", "too_complex", "unsupported", "unreadable"}


def mutated(data: bytes, chance: random.Random) -> bytes:
    """`data` with a few bytes changed, a piece lost, doubled or moved, or its end cut off; often in the header."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        reach = len(changed) if chance.random() < 0.5 else min(len(changed), 160)
        at, length = chance.randrange(max(reach, 1)), chance.randrange(1, 24)
        match chance.randrange(6):
            case 0 | 1:
                changed[at : at + 1] = bytes([chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))])
            case 2:
                changed[at : at + length] = chance.randbytes(length)
            case 3:
                del changed[at : at + length]
            case 4:
                changed[at:at] = changed[at : at + length]
            case _:
                del changed[chance.randrange(len(changed) + 1) :]
    return bytes(changed)


def outcome(data: bytes, enough: int | None) -> str:
    """The code, or "read"; whatever else is raised is a finding."""
    try:
        picture = decode(data, LIMITS, enough=enough)
    except PhotoError as error:
        return error.reason.code if error.reason.sentence.endswith(".") else "without a sentence"
    assert picture.rgb.dtype == np.uint8
    assert picture.rgb.ndim == 3
    assert abs(picture.rgb.shape[1] * picture.scale - picture.width) < 8
    return "read"


def outcomes(name: str, count: int, seed: int) -> set[str]:
    chance = random.Random(f"{name} {seed}")
    data = VARIANTS[name](scenery(64, 48))
    return {outcome(mutated(data, chance), chance.choice((None, 32))) for _ in range(count)}


@pytest.mark.parametrize("name", VARIANTS)
def test_a_damaged_photo_is_a_picture_or_has_a_reason(name: str) -> None:
    seen = outcomes(name, 60, seed=1)
    assert seen <= CODES | {"read"}
    assert len(seen) > 1


@pytest.mark.parametrize("name", VARIANTS)
def test_every_beginning_of_a_photo_is_a_picture_or_has_a_reason(name: str) -> None:
    data = VARIANTS[name](scenery(64, 48))
    for end in range(0, len(data), max(len(data) // 40, 1)):
        assert outcome(data[:end], None) in CODES | {"read"}


@pytest.mark.slow
@pytest.mark.parametrize("name", VARIANTS)
def test_many_damaged_photos_are_pictures_or_have_reasons(name: str) -> None:
    assert outcomes(name, 3000, seed=2) <= CODES | {"read"}
