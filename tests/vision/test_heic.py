"""HEIC through the optional extra, on files written here sample by sample."""

import random

import numpy as np
import pytest
from PIL import Image

from tests.vision import heic_writing
from tests.vision.crafting import scenery
from tests.vision.heic_writing import heic, parameter_sets
from tests.vision.test_fuzz import CODES, LIMITS, mutated, outcome
from vision.decoding import PhotoError, accepted_media_types, accepted_words, decode

pytest.importorskip("pi_heif", reason="needs the extra called heic")


def grey(rgb: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(np.ascontiguousarray(rgb)).convert("L"), dtype=np.float32)


def test_with_the_extra_heic_is_one_of_the_accepted_formats() -> None:
    assert accepted_words().endswith("or HEIC")
    assert "image/heic" in accepted_media_types()
    assert ".heic" in accepted_media_types()


@pytest.mark.parametrize("turns", range(4))
def test_a_heic_photo_is_read_as_it_is_to_be_shown(turns: int) -> None:
    image = scenery(96, 64)
    picture = decode(heic(image, quarter_turns=turns), LIMITS)
    assert (picture.height, picture.width) == picture.rgb.shape[:2] == ((96, 64) if turns % 2 else (64, 96))
    assert np.abs(grey(np.rot90(picture.rgb, -turns)) - grey(np.asarray(image))).mean() < 1


def test_less_of_a_heic_photo_can_be_asked_for() -> None:
    picture = decode(heic(scenery(96, 64)), LIMITS, enough=48)
    assert (picture.rgb.shape, picture.scale, picture.width) == ((32, 48, 3), 2, 96)


def test_a_picture_larger_than_its_container_says_takes_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heic_writing, "parameter_sets", lambda *_: parameter_sets(16_384, 16_384))
    with pytest.raises(PhotoError) as caught:
        decode(heic(scenery(96, 64)), LIMITS)
    assert caught.value.reason.code == "unreadable"
    assert "limit" in str(caught.value.__cause__)


def test_a_container_that_says_too_much_is_refused_on_its_header() -> None:
    with pytest.raises(PhotoError) as caught:
        decode(heic(scenery(96, 64), said=(30_000, 30_000)), LIMITS)
    assert caught.value.reason.code == "too_large"


def test_a_damaged_heic_photo_is_a_picture_or_has_a_reason() -> None:
    chance = random.Random(5)
    data = heic(scenery(64, 32))
    seen = {outcome(mutated(data, chance), chance.choice((None, 32))) for _ in range(300)}
    assert seen <= CODES | {"read"}
    assert {"read", "unreadable"} <= seen
