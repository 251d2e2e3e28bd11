"""Known changes change what they say, and only validation faces are changed."""

import pathlib

import numpy as np
import pytest

from models_store.training.data import ferplus, utkface
from models_store.training.measure import changes, tolerance
from vision.calibration import Calibration
from vision.preprocessing import Batch, crop_square
from vision.runtimes import Logits

BOX = (40.0, 40.0, 64.0)
CALIBRATION = Calibration(1.0, 1.0, (), (1.645,), 1.0, 0.8, 3.0, 1.0, 0.6)


def dot(x: int, y: int, size: int = 144) -> np.ndarray:
    """A black picture with a white spot of 3 x 3 around (x, y)."""
    image = np.zeros((size, size), np.uint8)
    image[y - 1 : y + 2, x - 1 : x + 2] = 255
    return image


def middle(crop: np.ndarray) -> tuple[float, float]:
    """The centre of brightness (x, y) in pixels."""
    weights, places = crop.astype(float), np.arange(crop.shape[0])
    return tuple(float((weights.sum(axis=axis) * places).sum() / weights.sum()) for axis in (0, 1))  # type: ignore[return-value]


@pytest.mark.parametrize("name", changes.CURVES)
def test_the_neutral_amount_is_the_engines_own_crop(name: str) -> None:
    image = np.random.default_rng(0).integers(0, 256, (144, 144), dtype=np.uint8)
    curve = changes.CURVES[name]
    assert (curve.change(image, BOX, curve.neutral, 1.0) == crop_square(image, *BOX)).all()


@pytest.mark.parametrize("name", changes.CURVES)
def test_every_other_amount_changes_the_picture(name: str) -> None:
    image = np.random.default_rng(0).integers(0, 256, (144, 144), dtype=np.uint8)
    curve = changes.CURVES[name]
    for amount in curve.amounts:
        assert (curve.change(image, BOX, amount, 1.0) != crop_square(image, *BOX)).mean() > 0.1


def test_a_box_moved_to_the_right_moves_the_face_to_the_left() -> None:
    # 25 % of 64 pixels; the box is 64 pixels, so the crop is not scaled
    assert middle(changes.shift(dot(72, 72), BOX, 25, 0.0)) == (pytest.approx(32 - 16), pytest.approx(32))
    assert middle(changes.shift(dot(72, 72), BOX, 25, np.pi / 2)) == (pytest.approx(32), pytest.approx(32 - 16))


def test_a_larger_box_brings_the_face_to_the_middle() -> None:
    # 16 pixels right of the centre of a box of 64 grown to 128: 8 of the 64 that the network sees
    x, y = middle(changes.scale(dot(88, 72, 200), BOX, 2.0, 0.0))
    assert x == pytest.approx(32 + 8, abs=0.5)
    assert y == pytest.approx(32, abs=0.5)


@pytest.mark.parametrize(("direction", "sign"), [(1.0, -1), (4.0, 1)])
def test_a_quarter_turn_takes_the_right_to_the_top_or_the_bottom(direction: float, sign: int) -> None:
    x, y = middle(changes.rotation(dot(88, 72), BOX, 90, direction))
    # the centre of 64 pixels lies at 31.5, so the spot starts 16.5 to its right and 0.5 below
    assert (x, y) == (pytest.approx(31.5 - sign * 0.5, abs=0.1), pytest.approx(31.5 + sign * 16.5, abs=0.1))


def test_blur_spreads_by_its_sigma() -> None:
    crop = changes.blur(dot(72, 72), BOX, 2.0, 0.0).astype(float)
    x, _ = middle(crop)
    variance = (crop.sum(axis=0) * (np.arange(64) - x) ** 2).sum() / crop.sum()
    assert variance == pytest.approx(2.0**2 + 2 / 3, rel=0.1)  # and the spot's own: a uniform three


def test_lower_jpeg_quality_is_further_from_the_picture() -> None:
    image = np.random.default_rng(0).integers(0, 256, (144, 144), dtype=np.uint8)
    plain = crop_square(image, *BOX).astype(float)
    losses = [abs(changes.jpeg(image, BOX, amount, 0.0) - plain).mean() for amount in (90, 50, 10)]
    assert losses == sorted(losses)


class Bright:
    """A runtime that answers happiness, female and 40 years for faces brighter on the left, else neutral, male, 10."""

    name = "bright"

    def run(self, batch: Batch) -> Logits:
        left = batch[:, :, :32, 0].mean(axis=(1, 2)) > batch[:, :, 32:, 0].mean(axis=(1, 2))
        age = np.full((len(batch), 101), -50.0, np.float32)
        age[np.arange(len(batch)), np.where(left, 40, 10)] = 50
        emotion = np.zeros((len(batch), 8), np.float32)
        emotion[np.arange(len(batch)), left.astype(int)] = 9
        return {"age": age, "gender": np.where(left, 5, -5)[:, None].astype(np.float32), "emotion": emotion}


def faces() -> tolerance.Sample:
    """Four faces of each kind, bright on the left, whose labels fit, but one age that is 10 years off."""
    half = np.zeros((4, 48, 48), np.uint8)
    half[:, :, :24] = 200
    chips = np.zeros((4, 144, 144), np.uint8)
    chips[:, :, :72] = 200
    ages = np.array([40, 40, 40, 30], np.float32)
    return tolerance.Sample(half, np.ones(4, np.int64), chips, ages, np.ones(4, np.bool_), np.zeros(4))


def test_a_point_holds_the_figures_of_both_data_sets() -> None:
    found = tolerance.point(faces(), changes.CURVES["shift"], 0, Bright(), CALIBRATION)
    assert found["amount"] == 0
    assert found["emotion_accuracy"].value == 1
    assert found["gender_accuracy"].value == 1
    assert found["age_mae"].value == pytest.approx(2.5)


def test_curves_are_ascending_and_share_what_changes_nothing() -> None:
    curves = tolerance.curves(faces(), Bright(), CALIBRATION)
    assert set(curves) == set(changes.CURVES)
    for name, curve in curves.items():
        amounts = [point["amount"] for point in curve["points"]]
        assert amounts == sorted({*changes.CURVES[name].amounts, changes.CURVES[name].neutral})
        neutral = next(point for point in curve["points"] if point["amount"] == curve["neutral"])
        assert neutral["age_mae"].value == pytest.approx(2.5)


def test_only_validation_faces_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    read: list[str] = []

    def expressions(_: pathlib.Path, split: str) -> ferplus.FerPlus:
        read.append(split)
        votes = np.zeros((20, 10), np.uint8)
        votes[:, 1] = np.where(np.arange(20) < 5, 1, 9)  # the first five have no majority
        return ferplus.FerPlus(np.arange(20, dtype=np.uint8)[:, None, None] * np.ones((1, 48, 48), np.uint8), votes)

    def portraits(_: pathlib.Path, split: str) -> utkface.UtkFace:
        read.append(split)
        return utkface.UtkFace(("x",) * 20, np.zeros((20, 8, 8), np.uint8), np.arange(20.0), np.ones(20))  # type: ignore[arg-type]

    monkeypatch.setattr(ferplus, "load", expressions)
    monkeypatch.setattr(utkface, "load", portraits)
    first, again = tolerance.sample(tmp_path, 10), tolerance.sample(tmp_path, 10)
    assert set(read) == {"valid"}
    assert len(first.labels) == len(first.ages) == 10
    assert first.expressions.min() >= 5
    assert (first.expressions == again.expressions).all()
    assert first.ages.tolist() == again.ages.tolist()
    assert len(set(first.ages.tolist())) == 10


@pytest.mark.shared
def test_the_fixed_faces_are_over_six_hundred_of_each(shared: pathlib.Path) -> None:
    some = tolerance.sample(shared / "data")
    assert len(some.labels) == len(some.ages) == tolerance.FACES >= 600
    assert some.chips.shape[1:] == (144, 144)
