"""The engine's door, with stand-ins for detector and network."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tests.conftest import jpeg
from tests.vision.conftest import BrightnessRuntime
from vision import Reader
from vision.quality.rules import Rule
from vision.types import ATTRIBUTES, Box, as_json


def half_bright(*, left: bool) -> np.ndarray:
    image = np.zeros((100, 200, 3), dtype=np.uint8)
    image[:, :100] = 255 if left else 0
    image[:, 100:] = 0 if left else 255
    return image


def test_each_photo_has_its_own_reading_in_order(make_reader: Callable[..., Reader]) -> None:
    reader = make_reader(Box(10, 10, 40, 40))
    readings = reader.read([jpeg(100, 80), b"broken", jpeg(60, 90), b""])
    assert [(r.width, r.height) for r in readings] == [(100, 80), (0, 0), (60, 90), (0, 0)]
    assert [r.error.code if r.error else None for r in readings] == [None, "unsupported", None, "empty"]
    assert [len(r.faces) for r in readings] == [1, 0, 1, 0]


def test_no_faces_is_a_normal_answer(make_reader: Callable[..., Reader]) -> None:
    (reading,) = make_reader().read([jpeg()])
    assert reading.error is None
    assert reading.faces == ()
    assert set(reading.timings_ms) == {"decode", "detect", "attributes"}


def test_faces_keep_the_order_of_their_boxes_and_share_one_batch(make_reader: Callable[..., Reader]) -> None:
    runtime = BrightnessRuntime()
    reader = make_reader(Box(50, 0, 100, 100), Box(0, 0, 60, 60), runtime=runtime)
    faces = reader._faces([half_bright(left=True)] * 2, reader._detector.detect(half_bright(left=True)), ATTRIBUTES)
    assert [face.box.width for face in faces] == [100, 60]
    assert [round(face.age.years) for face in faces] == [60, 30]
    assert runtime.sizes == [2]


def test_a_face_says_everything_the_api_promises(make_reader: Callable[..., Reader]) -> None:
    (reading,) = make_reader(Box(10, 10, 40, 40)).read([jpeg()])
    (face,) = reading.faces
    assert face.landmarks is None
    assert face.age.bucket == (30, 40)
    assert face.gender.label == "female"
    assert face.emotion.label == "happiness"
    assert sum(face.emotion.probabilities.values()) == pytest.approx(1)
    assert as_json(reading)["faces"][0]["age"]["bucket"] == (30, 40)


def test_a_face_that_is_hard_to_read_says_why_and_is_answered_with_more_care(
    make_reader: Callable[..., Reader],
) -> None:
    rules = {"cut_off": Rule(0.3, 2.0, 1.0, 1.0), "too_small": Rule(24)}
    reader = make_reader(Box(10, 10, 40, 40), Box(-20, 10, 40, 40), quality=rules)
    (reading,) = reader.read([jpeg()])
    whole, cut = reading.faces
    assert (whole.quality.reasons, cut.quality.reasons) == ((), ("cut_off",))
    assert cut.age.high - cut.age.low == pytest.approx(2 * (whole.age.high - whole.age.low))
    assert (whole.gender.label, whole.emotion.label) == ("female", "happiness")
    assert (cut.gender.label, cut.emotion.label) == (None, None)
    assert cut.emotion.probabilities == whole.emotion.probabilities
    assert as_json(reading)["faces"][1]["quality"]["reasons"] == ("cut_off",)


def test_crops_give_one_face_each_in_order(make_reader: Callable[..., Reader]) -> None:
    crops = [half_bright(left=True)[:, 50:150], half_bright(left=False)[:, 50:150]]
    faces = make_reader().read_crops(crops)
    assert [round(face.age.years) for face in faces] == [60, 30]
    assert faces[0].box == Box(0, 0, 100, 100)


def test_a_grey_crop_is_read_like_a_coloured_one(make_reader: Callable[..., Reader]) -> None:
    colour = half_bright(left=True)[:, 50:150]
    reader = make_reader()
    assert reader.read_crops([colour[..., 0]])[0].age == reader.read_crops([colour])[0].age


def test_no_crops_give_no_faces(make_reader: Callable[..., Reader]) -> None:
    assert make_reader().read_crops([]) == []


@pytest.mark.parametrize(
    "crop", [np.zeros((10, 10, 4), np.uint8), np.zeros((10, 10, 3), np.float32), np.zeros((0, 5, 3), np.uint8)]
)
def test_an_array_that_is_no_crop_is_an_error(make_reader: Callable[..., Reader], crop: np.ndarray) -> None:
    with pytest.raises(ValueError, match="crop must be"):
        make_reader().read_crops([crop])


def test_threads_get_the_answers_of_one_at_a_time(real_reader: Reader, astronaut_jpeg: bytes) -> None:
    photos = [astronaut_jpeg, jpeg(300, 200), b"broken"]
    alone = [real_reader.read([photo])[0] for photo in photos]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda photo: real_reader.read([photo])[0], photos * 8))
    for reading, photo_index in zip(together, list(range(3)) * 8, strict=True):
        assert reading.faces == alone[photo_index].faces
        assert reading.error == alone[photo_index].error


@pytest.mark.parametrize("asked", [set(), {"age"}, {"gender"}, {"emotion"}, {"age", "emotion"}])
def test_only_what_is_asked_for_is_told(make_reader: Callable[..., Reader], asked: set[str]) -> None:
    runtime = BrightnessRuntime()
    (reading,) = make_reader(Box(10, 10, 40, 40), runtime=runtime).read([jpeg()], attributes=asked)
    (face,) = reading.faces
    assert {name for name in ATTRIBUTES if getattr(face, name) is not None} == asked
    assert len(runtime.sizes) == bool(asked), "without anything to tell the network does not run"
    assert all(as_json(reading)["faces"][0][name] is None for name in ATTRIBUTES - asked)


def test_an_attribute_that_does_not_exist_is_refused(make_reader: Callable[..., Reader]) -> None:
    with pytest.raises(ValueError, match="race"):
        make_reader().read([jpeg()], attributes={"race"})
