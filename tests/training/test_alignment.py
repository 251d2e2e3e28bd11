"""How the ways to choose a square are measured: known faces, known squares."""

import math
import pathlib

import numpy as np
import pytest

from models_store.training.alignment import framing, geometry, measure, trials, ways
from models_store.training.data import ferplus, landmarks, utkface
from models_store.training.errors import UserError
from vision import alignment
from vision.alignment import Square
from vision.calibration import Calibration
from vision.detectors import Detection
from vision.preprocessing import Batch, ImageU8
from vision.runtimes import Logits
from vision.types import Box, Points

FACE = np.array(ways.CANONICAL)
BOX = Square(50.0, 50.0, 100.0)


def points(places: np.ndarray) -> Points:
    return tuple((float(x), float(y)) for x, y in places)  # type: ignore[return-value]


def turned(places: np.ndarray, degrees: float) -> np.ndarray:
    angle = math.radians(degrees)
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    return np.asarray((places - 50) @ turn + 50)


def close(one: Square, other: Square, share: float = 1e-6) -> bool:
    values = [(one.x, other.x), (one.y, other.y), (one.side, other.side), (one.angle, other.angle)]
    return all(abs(a - b) <= share * 100 for a, b in values)


def test_the_similarity_of_the_canonical_points_is_the_square_itself() -> None:
    assert close(ways.similarity(points(FACE * 100), BOX), BOX)
    leaning = ways.similarity(points(turned(FACE * 100, 20)), BOX)
    assert close(leaning, Square(50, 50, 100, math.radians(20)))


def test_the_similarity_is_the_least_squares_one() -> None:
    rng = np.random.default_rng(1)
    face = FACE * 100 + rng.normal(0, 4, (5, 2))

    def loss(square: Square) -> float:
        cos, sin = math.cos(square.angle), math.sin(square.angle)
        linear = square.side * np.array([[cos, -sin], [sin, cos]])
        return float(((((FACE - 0.5) @ linear.T) + (square.x, square.y) - face) ** 2).sum())

    best = ways.similarity(points(face), BOX)
    for change in ([0.3, 0, 0, 0], [0, 0.3, 0, 0], [0, 0, 0.5, 0], [0, 0, 0, 0.01]):
        for sign in (-1, 1):
            x, y, side, angle = sign * np.array(change)
            assert loss(Square(best.x + x, best.y + y, best.side + side, best.angle + angle)) > loss(best)


def test_each_way_does_what_its_name_says() -> None:
    face = points(turned(FACE * 100, 8) + np.array([6, 0]))
    served = ways.WAYS["aligned"](face, BOX)
    assert served == alignment.canonical_square(face)
    assert ways.WAYS["box"](face, BOX) == BOX
    for name in ("similarity, not turned", "aligned, not turned", "aligned, turned from 10 degrees"):
        assert ways.WAYS[name](face, BOX).angle == 0
    steep = points(turned(FACE * 100, 12))
    assert math.degrees(ways.WAYS["aligned, turned from 10 degrees"](steep, BOX).angle) == pytest.approx(12)
    half = ways.WAYS["aligned, half-way to the box"](face, BOX)
    assert half.x == pytest.approx((served.x + 50) / 2)
    assert half.side == pytest.approx((served.side + 100) / 2)
    assert half.angle == served.angle


def test_errors_of_the_landmarks_are_as_large_as_they_say() -> None:
    rng = np.random.default_rng(0)
    faces = np.repeat((FACE * 100)[None], 4000, axis=0)
    moved = trials.noisy(faces, rng.standard_normal(faces.shape), 0.06)
    eyes = 100 * (FACE[1, 0] - FACE[0, 0])
    down = 100 * (FACE[3, 1] - FACE[0, 1])
    off = np.hypot(*(moved - faces).reshape(-1, 2).T).mean() / max(eyes, down)
    assert off == pytest.approx(0.06, rel=0.02)
    assert (trials.noisy(faces, rng.standard_normal(faces.shape), 0) == faces).all()


@pytest.mark.parametrize("finer", [1, 2])
def test_a_turned_picture_takes_its_points_along(finer: int) -> None:
    image = np.zeros((1, 60, 60), np.uint8)
    image[0, 10:13, 40:43] = 255  # centre of brightness at (41.5, 11.5)
    pictures = trials.Pictures(image, np.full((1, 5, 2), (41.5, 11.5)), Square(30, 30, 60))
    for clockwise in (True, False):
        moved = pictures.turned(30, np.array([clockwise]), finer)
        weights = moved.images[0].astype(float)
        centre = [(weights.sum(axis=axis) * (np.arange(len(weights)) + 0.5)).sum() / weights.sum() for axis in (0, 1)]
        assert moved.points[0, 0] == pytest.approx(centre, abs=0.1)
        assert moved.box.side == 60 * finer
        start = math.atan2(11.5 - 30, 41.5 - 30)
        now = math.atan2(moved.points[0, 0, 1] - moved.box.y, moved.points[0, 0, 0] - moved.box.x)
        assert math.degrees(now - start) == pytest.approx(30 if clockwise else -30)
    assert pictures.turned(0, np.array([True]), finer) is pictures


class Bright:
    """Answers happiness, female and 40 years for faces brighter above, else neutral, male and 10."""

    name = "bright"

    def run(self, batch: Batch) -> Logits:
        above = batch[:, :32, :, 0].mean(axis=(1, 2)) > batch[:, 32:, :, 0].mean(axis=(1, 2))
        age = np.full((len(batch), 101), -50.0, np.float32)
        age[np.arange(len(batch)), np.where(above, 40, 10)] = 50
        emotion = np.zeros((len(batch), 8), np.float32)
        emotion[np.arange(len(batch)), above.astype(int)] = 9
        return {"age": age, "gender": np.where(above, 5, -5)[:, None].astype(np.float32), "emotion": emotion}


class Finder:
    """Finds the same place, in pixels of the 160 that are searched, in every picture; nothing without one."""

    name = "finder"

    def __init__(self, *places: Box) -> None:
        self.places = places

    def detect(self, rgb: ImageU8) -> list[Detection]:
        assert rgb.shape == (160, 160, 3)
        return [Detection(place, 0.9) for place in self.places]


def faces(degrees: float) -> trials.Faces:
    """Two of each data set, bright above the line of the nose, leaning by `degrees`; labels that fit."""
    y, x = np.mgrid[:100, :100] - 49.5
    angle = math.radians(degrees)
    image = np.where(y * math.cos(angle) - x * math.sin(angle) < 0, 200, 20).astype(np.uint8)
    place = turned(FACE * 100, degrees)
    pictures = trials.Pictures(np.stack([image] * 2), np.stack([place] * 2), BOX)
    labels, ages = np.ones(2, np.int64), np.array([40.0, 40.0])
    none = np.zeros((4, 5, 2))
    return trials.Faces(pictures, labels, pictures, ages, np.ones(2, np.bool_), np.ones(4, np.bool_), none)


CALIBRATION = Calibration(1.0, 1.0, (), (1.645,), 1.0, 0.8, 3.0, 1.0, 0.6)


def trial(degrees: float) -> measure.Trial:
    given = faces(degrees)
    return measure.Trial(given, (given.expressions, given.portraits), Bright(), CALIBRATION)


def test_only_ways_that_turn_read_a_face_that_hangs_upside_down() -> None:
    hanging = trial(170)
    wrong = hanging.by_landmarks(ways.box_alone, 0)
    assert (wrong.emotion.sum(), wrong.gender.sum(), wrong.age.tolist()) == (0, 0, [30, 30])
    right = hanging.by_landmarks(ways.aligned, 0)
    assert (right.emotion.sum(), right.gender.sum()) == (2, 2)
    assert right.age == pytest.approx([0, 0], abs=1e-6)
    assert hanging.by_landmarks(ways.upright(ways.aligned), 0).emotion.sum() == 0
    gained = right.figures(wrong)
    assert gained["emotion_accuracy, difference"].value == 1
    assert gained["age_mae, difference"].value == pytest.approx(-30)


def test_a_box_that_a_detector_finds_is_the_one_that_is_read() -> None:
    given = faces(0)
    given.expressions.images[:, 30:] = 20  # bright only above what the detector finds; both data sets share the array
    there = measure.Trial(given, (given.expressions, given.portraits), Bright(), CALIBRATION)
    assert there.by_landmarks(ways.box_alone, 0).emotion.sum() == 2
    # 100 pixels and 25 on each side are drawn as 160: rows 34 to 76
    marks, shares = there.by_detector(Finder(Box(58, 63, 45, 45)))
    assert shares == {"FER+": 1, "UTKFace": 1}
    assert (marks.emotion.sum(), marks.gender.sum()) == (0, 0)
    marks, shares = there.by_detector(Finder())
    assert shares == {"FER+": 0, "UTKFace": 0}
    assert marks.emotion.sum() == 2


def test_the_constants_follow_from_the_faces() -> None:
    rng = np.random.default_rng(0)
    heads = np.repeat(FACE[None], 400, axis=0)
    looking = rng.uniform(-0.1, 0.1, 400)
    heads[:, 2, 0] += looking
    heads[:, :, 0] += 0.6 * looking[:, None]  # the picture's middle stays behind where the face looks
    found = geometry.fit(heads, np.repeat(FACE[None], 10, axis=0))
    assert found.eyes == pytest.approx(0.372)
    assert found.height == pytest.approx(0.374)
    assert found.side == pytest.approx(1)
    assert found.rise == pytest.approx(0.069, abs=1e-3)
    assert found.back == pytest.approx(0.6, abs=1e-6)


def test_framing_tells_how_far_a_square_is_off_and_to_which_side() -> None:
    looking = FACE.copy()
    looking[2, 0] += 0.3 * 0.372

    def forward(_: Points, box: Square) -> Square:
        return Square(box.x + 4.8, box.y, box.side * 1.1)

    rows = framing.bands({"forward": forward}, np.stack([FACE, looking]))
    assert [row["band"] for row in rows] == ["straight", "turned"]
    assert rows[0]["off"].value == pytest.approx(0.1)
    assert rows[1]["side"].value == pytest.approx(1.1)
    assert rows[1]["forward"].value == pytest.approx(0, abs=1e-9)  # once towards the nose, once, mirrored, away


def test_landmarks_come_in_the_order_of_the_faces_and_may_be_missing(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "utkface"
    folder.mkdir()
    names = [f"{point}_{axis}" for point in landmarks.POINTS for axis in "xy"]
    lines = [",".join(["name", *names])] + [
        ",".join([name, *(str(start + at) for at in range(10))]) for name, start in (("b", 10), ("a", 20))
    ]
    (folder / "landmarks.csv").write_text("\n".join(lines) + "\n")
    empty = np.zeros(3, np.float32)
    found = landmarks.of_utkface(
        tmp_path, utkface.UtkFace(("a", "b", "c"), np.zeros((3, 2, 2), np.uint8), empty, empty)
    )
    assert found[0, 0].tolist() == [20, 21]
    assert found[1, 4].tolist() == [18, 19]
    assert landmarks.known(found).tolist() == [True, True, False]
    with pytest.raises(UserError, match="train_labels"):
        landmarks.of_ferplus(tmp_path, "train")


@pytest.mark.shared
def test_the_constants_in_the_code_are_those_of_the_training_faces(shared: pathlib.Path) -> None:
    points_of = geometry.training_points(shared / "data")
    measured, served = geometry.fit(*points_of), geometry.in_code()
    for name in ("eyes", "height", "side", "rise"):
        assert getattr(served, name) == pytest.approx(getattr(measured, name), abs=1e-3), name
    assert served.back == pytest.approx(measured.back, abs=0.01)
    together = np.mean([geometry.both_ways(part).mean(axis=0) for part in points_of], axis=0)
    assert together == pytest.approx(FACE, abs=1e-3)


@pytest.mark.shared
def test_only_validation_faces_with_landmarks_are_tried(shared: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    images, chips = ferplus.load, utkface.load

    def expressions(data: pathlib.Path, split: ferplus.Split) -> ferplus.FerPlus:
        read.append(split)
        return images(data, split)

    def portraits(data: pathlib.Path, split: utkface.Split) -> utkface.UtkFace:
        read.append(split)
        return chips(data, split)

    monkeypatch.setattr(ferplus, "load", expressions)
    monkeypatch.setattr(utkface, "load", portraits)
    given = trials.validation(shared / "data", 30)
    assert read == ["valid", "valid"]
    assert len(given.labels) == len(given.ages) == 30
    assert not np.isnan(given.expressions.points).any()
    assert not np.isnan(given.portraits.points).any()
    assert given.errors.shape == (60, 5, 2)
