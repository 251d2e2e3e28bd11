"""The released weights on a public-domain photo, and on the shared photos."""

import json
from pathlib import Path

import numpy as np
import pytest

from vision import Reader


def test_the_astronaut_is_found_and_described(real_reader: Reader, astronaut_jpeg: bytes) -> None:
    (reading,) = real_reader.read([astronaut_jpeg])
    face = reading.faces[0]
    assert (reading.width, reading.height) == (512, 512)
    assert 150 < face.box.x + face.box.width / 2 < 290
    assert 60 < face.box.y + face.box.height / 2 < 180
    assert face.gender.label in {"female", None}
    assert face.age.low <= 38 <= face.age.high
    assert face.emotion.probabilities["happiness"] == max(face.emotion.probabilities.values())


def test_photos_without_faces_give_none(real_reader: Reader) -> None:
    from skimage import data

    from vision.decoding import encode_jpeg

    moon = np.repeat(data.moon()[..., np.newaxis], 3, axis=2)
    for photo in (moon, data.coffee()):
        assert real_reader.read([encode_jpeg(photo)])[0].faces == ()


def test_a_crop_of_the_astronaut_reads_like_the_photo(
    real_reader: Reader, astronaut: np.ndarray, astronaut_jpeg: bytes
) -> None:
    whole = real_reader.read([astronaut_jpeg])[0].faces[0]
    (crop,) = real_reader.read_crops([astronaut[40:210, 130:300]])
    assert crop.emotion.label == whole.emotion.label
    assert abs(crop.age.years - whole.age.years) < 8


def test_more_crops_than_one_batch_holds_keep_their_order(real_reader: Reader, astronaut: np.ndarray) -> None:
    crops = [astronaut[40:210, 130:300], astronaut[40:210, 130:300][:, ::-1]] * 20
    faces = real_reader.read_crops(crops)
    assert len(faces) == 40
    for index, face in enumerate(faces):
        assert face.age.years == pytest.approx(faces[index % 2].age.years, abs=0.5)


@pytest.mark.shared
def test_faces_and_genders_on_the_shared_photos(real_reader: Reader, shared: Path) -> None:
    """Issue 2: at least 90 % of the faces found, 85 % of the genders right or not sure."""
    labels = json.loads((shared / "photos" / "labels.json").read_text())
    wanted = found = asked = right = 0
    for name, truth in labels.items():
        (reading,) = real_reader.read([(shared / "photos" / name).read_bytes()])
        count = truth["faces"] or truth["min_faces"]
        wanted += count
        found += min(len(reading.faces), count)
        if len(set(truth["gender"])) == 1:
            shown = [face.gender.label for face in reading.faces[:count]]
            asked += len(shown)
            right += sum(label in {None, truth["gender"][0]} for label in shown)
    assert found >= 0.90 * wanted, f"{found} of {wanted} faces"
    assert right >= 0.85 * asked, f"{right} of {asked} genders"
