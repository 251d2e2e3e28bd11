"""Photos made worse by known amounts, and what the truth becomes."""

from collections.abc import Callable

import numpy as np
import pytest

from models_store.training.detection.measure import changes, tolerance
from models_store.training.detection.scenes import Scene
from vision.detectors import Detection

MakeScene = Callable[..., Scene]
FACE = (60.0, 40.0, 40.0, 50.0)


@pytest.mark.parametrize("name", changes.CURVES)
def test_the_neutral_amount_changes_nothing(scene: MakeScene, name: str) -> None:
    photo, curve = scene(FACE), changes.CURVES[name]
    same = curve.change(photo, curve.neutral, 1)
    assert (same.rgb == photo.rgb).all()
    assert same.boxes == pytest.approx(photo.boxes, abs=1e-4)
    assert same.points == pytest.approx(photo.points, abs=1e-4)


@pytest.mark.parametrize("name", changes.CURVES)
def test_every_other_amount_changes_the_photo_and_leaves_the_first_alone(scene: MakeScene, name: str) -> None:
    photo = scene(FACE)
    before = photo.rgb.copy()
    for amount in changes.CURVES[name].amounts:
        changed = changes.CURVES[name].change(photo, amount, -1).rgb
        assert changed.shape != before.shape or (changed != before).any()
    assert (photo.rgb == before).all()


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("amount", [15, 45, 90])
def test_a_turned_photo_keeps_what_it_shows_where_the_truth_says(scene: MakeScene, amount: float, side: int) -> None:
    photo = scene(FACE)
    photo.rgb[:] = 0
    x, y = np.round(photo.points[0, 2]).astype(int)  # a white spot on the nose
    photo.rgb[y - 2 : y + 3, x - 2 : x + 3] = 255
    turned = changes.rotation(photo, amount, side)
    spots = np.argwhere(turned.rgb[..., 0] > 200)
    assert spots.mean(axis=0)[::-1] == pytest.approx(turned.points[0, 2], abs=1)
    box = turned.boxes[0]
    assert (turned.points[0] > box[:2]).all()
    assert (turned.points[0] < box[:2] + box[2:]).all()


def test_a_quarter_turn_exchanges_width_and_height(scene: MakeScene) -> None:
    turned = changes.rotation(scene(FACE, side=200), 90, 1)
    assert turned.boxes[0, 2:] == pytest.approx((50, 40), abs=1e-3)
    assert turned.rgb.shape == (200, 200, 3)


def test_a_turned_photo_is_shown_whole(scene: MakeScene) -> None:
    photo = scene(FACE)
    photo.rgb[:] = 255
    turned = changes.rotation(photo, 45, 1)
    assert turned.rgb.shape[0] == pytest.approx(200 * np.sqrt(2), abs=1)
    assert (turned.rgb > 250).all(axis=2).sum() == pytest.approx(200 * 200, rel=0.02)


def test_a_stop_halves_the_light(scene: MakeScene) -> None:
    photo = scene(FACE)
    photo.rgb[:] = 200
    darker = changes.darkness(photo, 1, 1).rgb
    assert (darker[0, 0, 0] / 255) ** 2.2 == pytest.approx((200 / 255) ** 2.2 / 2, rel=0.02)


def test_only_the_lower_part_of_the_face_is_covered(scene: MakeScene) -> None:
    photo = scene(FACE)
    covered = changes.cover(photo, 40, 1).rgb
    assert (covered[70:90, 60:100] == changes.GREY).all()
    assert (covered[:70] == photo.rgb[:70]).all()
    assert (covered[90:] == photo.rgb[90:]).all()


def test_a_face_at_the_edge_can_be_covered(scene: MakeScene) -> None:
    assert (changes.cover(scene((-10.0, 170.0, 40.0, 50.0)), 50, 1).rgb[195:, :30] == changes.GREY).all()


class Frightened:
    """Finds the face of a square photo only."""

    name = "frightened"

    def __init__(self, find: Callable[..., list[Detection]]) -> None:
        self.find = find

    def detect(self, rgb: np.ndarray) -> list[Detection]:
        return self.find((0.9, FACE)) if rgb.shape == (200, 200, 3) and rgb.mean() > 60 else []


def test_curves_say_what_each_amount_costs(
    scene: MakeScene, detections: Callable[..., list[Detection]], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {name: changes.CURVES[name] for name in ("rotation", "darkness")}
    monkeypatch.setattr(tolerance, "CURVES", few)
    found = tolerance.curves([scene(FACE), scene(FACE)], Frightened(detections), 0.5)
    assert [(point["amount"], point["recall"].value) for point in found["rotation"]["points"]] == [
        (0, 1), (15, 0), (30, 0), (45, 0), (60, 0),
    ]  # fmt: skip
    assert [point["recall"].value for point in found["darkness"]["points"]][:2] == [1, 1]
    assert [point["recall"].value for point in found["darkness"]["points"]][-1] == 0
    unsure = tolerance.curves([scene(FACE)], Frightened(detections), 0.95)
    assert unsure["rotation"]["points"][0]["recall"].value == 0


def test_the_sample_holds_photos_with_demanded_faces_only(scene: MakeScene) -> None:
    photos = [scene(name="none"), scene((0, 0, 20, 25), name="small"), *(scene(FACE, name=f"{at}") for at in range(5))]
    assert [photo.name for photo in tolerance.sample(photos)] == ["0", "1", "2", "3", "4"]
    some = [photo.name for photo in tolerance.sample(photos, 3)]
    assert some == [photo.name for photo in tolerance.sample(photos, 3)]
    assert len(some) == 3
