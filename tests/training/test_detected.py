"""Faces laid into photos: where they lie, which are found, and that both columns hold the same faces."""

import pathlib
from typing import Any

import numpy as np
import pytest

from models_store.training import card_detected
from models_store.training.data import evaluation
from models_store.training.measure.detected import figures, finding, placing, subjects, tables
from models_store.training.measure.detected.subjects import Subjects
from models_store.training.measure.record import plain
from vision.alignment import Square
from vision.calibration import Calibration
from vision.detectors import Detection
from vision.preprocessing import Batch, ImageU8, standardise
from vision.runtimes import Logits
from vision.types import Box

CALIBRATION = Calibration(1.0, 1.0, (), (1.645,), 1.0, 0.8, 3.0, 1.0, 0.6)
SQUARE = Square(12, 13, 20)


def pictures(count: int) -> ImageU8:
    """Pictures of 24 pixels, bright above; number `n` has the grey level 100 + n there."""
    grey = np.full((count, 24, 24), 10, np.uint8)
    grey[:, :12] = 100 + np.arange(count, dtype=np.uint8)[:, None, None]
    return finding.in_colour(grey)


def photos() -> list[ImageU8]:
    """Two large enough, one not."""
    return [np.full((height, 150, 3), 50, np.uint8) for height in (110, 100, 20)]


class Bright:
    """Finds squares of 20 pixels whose upper half is a face of `pictures`, by its grey level; misses every third."""

    name = "bright"

    def detect(self, rgb: ImageU8) -> list[Detection]:
        found = []
        for level in sorted(set(np.unique(rgb[..., 0]).tolist()) & set(range(100, 140))):
            ys, xs = np.nonzero(rgb[..., 0] == level)
            if len(ys) >= 24 * 12 and level % 3:
                x, y = float(np.median(xs)) + 0.5, float(np.median(ys)) + 0.5
                found.append(Detection(Box(x - 10, y - 3, 20, 20), 0.9))
        return found


def test_every_picture_is_laid_once_with_its_pixels_unchanged() -> None:
    faces = pictures(20)
    laid = list(placing.sheets(faces, SQUARE, photos()))
    assert sorted(row for sheet in laid for row in sheet.rows) == list(range(20))
    for sheet in laid:
        assert 1 <= len(sheet.rows) <= placing.MOST
        for row, square in zip(sheet.rows, sheet.squares, strict=True):
            x, y = round(square.x - SQUARE.x), round(square.y - SQUARE.y)
            assert (sheet.rgb[y : y + 24, x : x + 24] == faces[row]).all()
            assert square.side == SQUARE.side


def test_the_rim_fades_and_the_photo_stays_beyond_it() -> None:
    mask = placing.fading(24, 4)
    assert mask.shape == (32, 32)
    assert (mask[4:-4, 4:-4] == 1).all()
    assert mask[16, :4].tolist() == pytest.approx([0.2, 0.4, 0.6, 0.8])
    backdrop = photos()
    sheet = next(placing.sheets(pictures(1), SQUARE, backdrop))
    assert (sheet.rgb == 50).mean() > 0.9
    assert all((photo == 50).all() for photo in backdrop)


def test_places_are_the_same_each_time_and_do_not_overlap() -> None:
    first, again = (list(placing.sheets(pictures(20), SQUARE, photos())) for _ in range(2))
    assert [sheet.squares for sheet in first] == [sheet.squares for sheet in again]
    assert len({sheet.squares[0] for sheet in first}) > 1
    for sheet in first:
        corners = np.array([(square.x, square.y) for square in sheet.squares])
        apart = np.abs(corners[:, None] - corners[None]).max(axis=2)
        assert (apart[~np.eye(len(corners), dtype=bool)] >= 32).all()


def test_without_a_large_photo_there_is_an_error() -> None:
    with pytest.raises(ValueError, match="32 pixels"):
        next(placing.sheets(pictures(1), SQUARE, [np.zeros((31, 500, 3), np.uint8)]))


def test_the_detection_that_covers_a_face_most_is_taken_if_it_covers_enough() -> None:
    square = Square(50, 50, 40)
    near, far, small = (
        Detection(Box(x, y, side, side), 0.5) for x, y, side in ((32, 30, 40), (20, 30, 40), (45, 45, 9))
    )
    assert finding.best([small, far, near], square) is near
    assert finding.best([small], square) is None
    assert finding.best([], square) is None
    assert finding.overlap(Box(0, 0, 10, 10), Box(5, 0, 10, 10)) == pytest.approx(1 / 3)
    assert finding.overlap(Box(0, 0, 10, 10), Box(20, 0, 10, 10)) == 0


def test_found_faces_are_cut_where_they_lie_in_the_photo() -> None:
    faces = pictures(9)
    seen = finding.find(placing.sheets(faces, SQUARE, photos()), 9, Bright())
    assert seen.found.tolist() == [(100 + row) % 3 != 0 for row in range(9)]
    assert seen.crops[0].max() == 100
    assert seen.crops[0].min() == 10
    assert (seen.crops[~seen.found] == 0).all()


class Leaning(Bright):
    """Tells landmarks of a face that hangs upside down."""

    def detect(self, rgb: ImageU8) -> list[Detection]:
        places = [(6.0, 6.0), (-6.0, 6.0), (0.0, -1.0), (5.0, -6.0), (-5.0, -6.0)]
        found = []
        for place in super().detect(rgb):
            x, y = place.box.x + 10, place.box.y + 10
            points: Any = tuple((x + across, y + down) for across, down in places)
            found.append(Detection(place.box, 0.9, points))
        return found


def test_landmarks_turn_the_crop_unless_they_are_to_be_ignored() -> None:
    faces = pictures(2)
    turned, plain = (
        finding.find(placing.sheets(faces, SQUARE, photos()), 2, Leaning(), aligned=aligned)
        for aligned in (True, False)
    )
    assert turned.crops[0][:20].mean() < turned.crops[0][-20:].mean()
    assert plain.crops[0][:20].mean() > plain.crops[0][-20:].mean()


class ByLight:
    """Answers happiness, female and 40 years for faces brighter above, else neutral, male and 10."""

    name = "by light"

    def run(self, batch: Batch) -> Logits:
        above = batch[:, :32, :, 0].mean(axis=(1, 2)) > batch[:, 32:, :, 0].mean(axis=(1, 2))
        age = np.full((len(batch), 101), -50.0, np.float32)
        age[np.arange(len(batch)), np.where(above, 40, 10)] = 50
        emotion = np.zeros((len(batch), 8), np.float32)
        emotion[np.arange(len(batch)), above.astype(int)] = 9
        return {"age": age, "gender": np.where(above, 5, -5)[:, None].astype(np.float32), "emotion": emotion}


@pytest.fixture
def split(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Nine faces of each data set that are all bright above; labels fit the chips. The splits that are read."""
    read: list[str] = []
    chips = np.ones((9, 64, 64, 1), np.float32)
    chips[:, 32:] = -1
    votes = np.zeros((9, 10), np.uint8)
    votes[:, 1] = 10

    def expressions(_: pathlib.Path, split: str) -> evaluation.Expressions:
        read.append(split)
        return evaluation.Expressions(chips, votes, np.ones(9, np.int64), np.zeros(9, np.bool_))

    def portraits(_: pathlib.Path, split: str) -> evaluation.Portraits:
        read.append(split)
        return evaluation.Portraits(chips, np.full(9, 40, np.float32), np.ones(9, np.bool_))

    def subject(_: pathlib.Path, split: str, backdrops: list[ImageU8]) -> Subjects:
        read.append(split)
        return Subjects(pictures(9), SQUARE, backdrops)

    def backdrops(_: pathlib.Path, split: str) -> list[ImageU8]:
        read.append(split)
        return photos()

    monkeypatch.setattr(evaluation, "expressions", expressions)
    monkeypatch.setattr(evaluation, "portraits", portraits)
    monkeypatch.setattr(subjects, "of_ferplus", subject)
    monkeypatch.setattr(subjects, "of_utkface", subject)
    monkeypatch.setattr(subjects, "empty_photos", backdrops)
    return read


def test_both_columns_hold_the_faces_that_were_found(split: list[str], tmp_path: pathlib.Path) -> None:
    heads = figures.of_split(tmp_path, "valid", Leaning(), ByLight(), CALIBRATION, aligned=False)
    assert set(split) == {"valid"}
    assert heads["emotion"]["found"].value == pytest.approx(6 / 9)
    assert heads["age"]["found"].n == 9
    for head, name in (("emotion", "accuracy"), ("gender", "accuracy, all ages"), ("age", "interval coverage")):
        pair = heads[head][name]
        assert (pair["chip"].value, pair["detected"].value, pair["difference"].value) == (1, 1, 0)
        assert pair["chip"].n == pair["detected"].n == 6


def test_a_crop_that_misleads_the_network_shows_in_the_difference(split: list[str], tmp_path: pathlib.Path) -> None:
    heads = figures.of_split(tmp_path, "test", Leaning(), ByLight(), CALIBRATION)
    assert heads["emotion"]["accuracy"]["difference"].value == -1
    assert heads["emotion"]["macro F1"]["difference"].value == -1
    assert heads["age"]["MAE"]["chip"].value == pytest.approx(0)
    assert heads["age"]["MAE"]["detected"].value == pytest.approx(30)
    assert heads["gender"]["accuracy, age 3+"]["detected"].value == 0
    assert "difference" not in heads["gender"]["accuracy when sure"]


@pytest.fixture
def document(split: list[str], tmp_path: pathlib.Path) -> dict[str, Any]:
    heads = figures.of_split(tmp_path, "test", Leaning(), ByLight(), CALIBRATION)
    found: dict[str, Any] = plain(
        {"schema": 1, "model": "facetrio-9.9.9", "detector": "haar", "splits": {"valid": heads, "test": heads}}
    )
    return found


def test_the_card_has_both_columns_and_the_share_found(document: dict[str, Any]) -> None:
    section = "\n".join(card_detected.section(document, "facetrio-9.9.9"))
    assert "The detector `haar` finds 66.7 % (" in section
    assert "of 9 test faces" in section
    assert (
        "| accuracy | 100.0 % (100.0 to 100.0) | 0.0 % (0.0 to 0.0) | -100.0 points (-100.0 to -100.0) | 6 |" in section
    )
    assert "| MAE | 0.00 (0.00 to 0.00) | 30.00 (30.00 to 30.00) | +30.00 (+30.00 to +30.00) | 6 |" in section
    assert "FER+, expression, test: haar finds 66.7 %" in tables.text(document)


def test_without_a_record_of_these_weights_the_card_leaves_the_section_out(
    document: dict[str, Any], tmp_path: pathlib.Path
) -> None:
    assert card_detected.section(None, "facetrio-9.9.9") == []
    assert card_detected.section(document, "facetrio-1.0.0") == []
    assert card_detected.recorded(tmp_path / "detected.json") is None


@pytest.mark.shared
def test_photos_without_faces_are_of_the_split_and_large_enough(shared: pathlib.Path) -> None:
    found = subjects.empty_photos(shared / "data", "test")
    assert len(found) > 100
    assert sum(min(photo.shape[:2]) >= 144 + 2 * 24 for photo in found) > 50


@pytest.mark.shared
def test_the_faces_come_in_the_order_of_their_labels(shared: pathlib.Path) -> None:
    data = shared / "data"
    people = evaluation.portraits(data, "valid")
    subject = subjects.of_utkface(data, "valid", [])
    laid = placing.sheets(subject.pictures[:40], subject.square, [np.zeros((640, 640, 3), np.uint8)])

    class Sure:
        """Finds what was laid."""

        name = "sure"

        def __init__(self) -> None:
            self.places: list[Detection] = []

        def detect(self, rgb: ImageU8) -> list[Detection]:
            assert rgb.shape == (640, 640, 3)
            return self.places

    sure = Sure()

    def told() -> Any:
        for sheet in laid:
            sure.places = [Detection(square.box, 1.0) for square in sheet.squares]
            yield sheet

    seen = finding.find(told(), 40, sure)
    assert seen.found.all()
    crops, chips = standardise(seen.crops), people.images[:40]
    alike = [float((one * other).mean()) for one, other in zip(crops, chips, strict=True)]
    assert min(alike) > 0.8  # the same face; another one correlates less
    assert float((crops[0] * chips[1]).mean()) < 0.8
