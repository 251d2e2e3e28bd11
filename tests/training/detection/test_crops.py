"""Training crops on made-up photos: what is drawn stays where its label says."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from models_store.training.detection.batches import CropSource, as_input
from models_store.training.detection.chips import Chip
from models_store.training.detection.config import DetectorConfig, load_detector_config
from models_store.training.detection.crops import Material, crop, photo_of
from models_store.training.detection.faces import none
from models_store.training.detection.paste import exchange, paste
from models_store.training.detection.scenes import Scene
from models_store.training.paths import DETECTOR_CONFIG

RED, BLUE = (255, 0, 0), (0, 0, 255)


def photo(kind: str = "faces") -> Scene:
    """A grey photo whose face is a red ellipse with a blue point at each landmark."""
    rgb = np.full((300, 400, 3), 128, np.uint8)
    points = np.array([[[190, 130], [220, 130], [205, 150], [193, 168], [217, 168]]], np.float32)
    if kind == "faces":
        cv2.ellipse(rgb, (205, 150), (30, 40), 0, 0, 360, RED, cv2.FILLED)
        for x, y in points[0]:
            cv2.circle(rgb, (int(x), int(y)), 3, BLUE, cv2.FILLED)
    found = 1 if kind == "faces" else 0
    return Scene(
        name=f"{kind}.jpg",
        kind=kind,
        source="made up",
        rgb=rgb,
        boxes=np.array([[175, 110, 60, 80]], np.float32)[:found],
        points=points[:found],
        scores=np.full(found, 0.9, np.float32),
        human=np.zeros((0, 4), np.float32),
        masks=np.zeros(0, np.bool_),
    )


def chip() -> Chip:
    rgb = np.full((144, 144, 3), (0, 255, 0), np.uint8)
    points = np.array([[43, 41], [100, 41], [72, 75], [48, 105], [96, 105]], np.float32)
    return Chip(rgb, np.array([72, 72, 112, 140], np.float32), points)


@pytest.fixture(scope="module")
def config() -> DetectorConfig:
    return load_detector_config(DETECTOR_CONFIG)


@pytest.fixture(scope="module")
def material() -> Material:
    return Material((photo_of(photo()),), (photo_of(photo("no faces")),), (chip(),), (chip(),))


def plain(config: DetectorConfig, **changes: float) -> DetectorConfig:
    """The config with nothing left to chance but the geometry."""
    from dataclasses import replace

    off = dict.fromkeys(
        ("mosaic", "faceless", "pasted", "swapped", "tone", "grey", "blur", "noise", "jpeg", "coarse", "covered"), 0.0
    )
    return replace(config, crops=replace(config.crops, **(off | changes)))


def test_boxes_and_points_stay_on_the_face(config: DetectorConfig, material: Material) -> None:
    rng, crops = np.random.default_rng(1), plain(config).crops
    seen = 0
    for _ in range(40):
        rgb, faces = crop(material, rng, 320, crops)
        for box, points in zip(faces.boxes[faces.wanted], faces.points[faces.wanted], strict=True):
            inside = ((points > 4) & (points < 316)).all(axis=1)
            if box[2] < 60:
                continue
            seen += 1
            for x, y in points[inside]:
                assert rgb[int(y), int(x), 2] > 200, "a blue point lies at the landmark"
            if (box[:2] - box[2:] / 2 > 0).all() and (box[:2] + box[2:] / 2 < 320).all():
                red = (rgb[..., 0] > 200) & (rgb[..., 1] < 60)
                rows, columns = np.flatnonzero(red.any(axis=1)), np.flatnonzero(red.any(axis=0))
                # the ellipse of the label and the drawn one differ by the stretch along a turned axis alone
                assert columns[[0, -1]] == pytest.approx(
                    [box[0] - box[2] / 2, box[0] + box[2] / 2], abs=0.08 * float(box[3])
                )
                assert rows[[0, -1]] == pytest.approx(
                    [box[1] - box[3] / 2, box[1] + box[3] / 2], abs=0.08 * float(box[3])
                )
    assert seen > 10


def test_a_faceless_crop_has_no_face(config: DetectorConfig, material: Material) -> None:
    _, faces = crop(material, np.random.default_rng(0), 320, plain(config, faceless=1.0).crops)
    assert len(faces.boxes) == 0


def test_pasted_chips_show_where_their_boxes_are() -> None:
    rgb, faces = paste(np.zeros((320, 320, 3), np.uint8), (chip(),), (chip(),), np.random.default_rng(3))
    assert len(faces.boxes) > 0
    for x, y, *_ in faces.boxes:
        assert rgb[int(y), int(x)].tolist() == [0, 255, 0]


def test_an_exchanged_face_lies_on_the_points_of_the_old(material: Material) -> None:
    faces = material.peopled[0].faces
    rgb, after = exchange(photo().rgb, faces, (chip(),), np.random.default_rng(0), 1.0)
    assert rgb[150, 205].tolist() == [0, 255, 0]
    assert np.abs(after.points - faces.points).max() < 8
    assert np.abs(after.boxes[0, :2] - faces.boxes[0, :2]).max() < 10


def test_nothing_is_exchanged_where_no_face_is() -> None:
    rgb = photo("no faces").rgb
    after, faces = exchange(rgb, none(), (chip(),), np.random.default_rng(0), 1.0)
    assert (after == rgb).all()
    assert len(faces.boxes) == 0


def test_a_step_has_always_the_same_batch(config: DetectorConfig, material: Material) -> None:
    source = CropSource(material, config)
    one, again, other = source.batch(3), source.batch(3), source.batch(4)
    assert all((one[name] == again[name]).all() for name in one)
    assert not (one["image"] == other["image"]).all()


def test_the_network_takes_four_pixels_as_one_column() -> None:
    rgb = np.arange(2 * 8 * 3, dtype=np.uint8).reshape(1, 2, 8, 3)
    packed = as_input(rgb)
    assert packed.shape == (1, 2, 2, 12)
    assert packed[0, 1, 1].tolist() == ((rgb[0, 1, 4:].ravel().astype(float) - 128) / 64).tolist()


def test_the_config_is_the_default_one(config: DetectorConfig) -> None:
    assert Path(DETECTOR_CONFIG).stem == f"{config.name}-{config.version}"
