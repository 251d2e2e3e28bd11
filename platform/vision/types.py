"""What crosses the engine's border: frozen values with units, no arrays, no references to the photo."""

from dataclasses import asdict, dataclass, field
from typing import Any

from vision.labels import EMOTIONS, GenderLabel, nearest_bucket

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A face's rectangle in pixels of the upright photo; it may reach over the photo's border."""

    x: float
    y: float
    width: float
    height: float

    @property
    def area(self) -> float:
        """Square pixels."""
        return self.width * self.height


@dataclass(frozen=True, slots=True)
class Age:
    """Age as it appears, in years, with an interval made to hold the recorded age in nine cases of ten."""

    years: float
    low: float
    high: float

    @property
    def bucket(self) -> tuple[int, int]:
        """The nearest of the eight age groups of the original system."""
        return nearest_bucket(self.years)


@dataclass(frozen=True, slots=True)
class Gender:
    """Gender as it appears; `label` is None for "not sure". `confidence` (0.5 to 1) belongs to the likelier one."""

    label: GenderLabel | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Emotion:
    """The expression shown; `label` is None for "not sure". `probabilities` holds all eight and sums to 1."""

    label: str | None
    probabilities: dict[str, float]

    def __post_init__(self) -> None:
        if tuple(self.probabilities) != EMOTIONS:
            raise ValueError("probabilities must name the eight FER+ classes in their order")


@dataclass(frozen=True, slots=True)
class Quality:
    """How much there is to see of a face.

    `size`: shorter side of the box in pixels. `sharpness`: standard deviation of the Laplacian of the 64 x 64 crop in
    grey levels. `brightness`: mean grey level of the crop, 0 to 1. `detector`: the detector's own score, which is
    comparable only between faces that the same detector found.
    """

    size: float
    sharpness: float
    brightness: float
    detector: float


@dataclass(frozen=True, slots=True)
class Face:
    """One face found in a photo."""

    box: Box
    landmarks: tuple[Point, Point, Point, Point, Point] | None
    """Right eye, left eye, nose, right and left mouth corner in pixels (the person's right), or None."""
    quality: Quality
    age: Age
    gender: Gender
    emotion: Emotion


@dataclass(frozen=True, slots=True)
class ReadingError:
    """Why a photo gave no reading. `code` is stable for programs, `sentence` is for the person who sent it."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the engine found in one photo.

    `width` and `height` are pixels after orientation (0 when unreadable); `faces` comes largest first and may be
    empty. `timings_ms` holds milliseconds by stage: decode, detect, attributes (this photo's share of the batch).
    """

    width: int
    height: int
    faces: tuple[Face, ...] = ()
    error: ReadingError | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)


def as_json(reading: Reading) -> dict[str, Any]:
    """`reading` as JSON-ready dictionaries; `age.bucket` included."""
    document = asdict(reading)
    for face, encoded in zip(reading.faces, document["faces"], strict=True):
        encoded["age"]["bucket"] = face.age.bucket
    return document
