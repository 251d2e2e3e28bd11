"""What crosses the engine's border: frozen values with units, no arrays, no references to the photo."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from vision.labels import EMOTIONS, GenderLabel, nearest_bucket

Point = tuple[float, float]
Points = tuple[Point, Point, Point, Point, Point]
"""Right eye, left eye, nose, right and left mouth corner (the person's right) in pixels."""


ATTRIBUTES: Final = frozenset({"age", "gender", "emotion"})
"""What can be estimated of a face; each only when it is asked for."""


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
    """Age as it appears, in years, with an interval made to hold the recorded age in nine cases of ten.

    `widening`: how many times as wide the interval was made because of the face's quality; 1 for a good face.
    """

    years: float
    low: float
    high: float
    widening: float = 1.0

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
    """How much there is to see of a face; formulas in `vision.quality.measures`.

    `size`: shorter side of the box in pixels of the photo. `sharpness`: fine detail as a share of coarse detail in the
    64 x 64 crop that the network sees. `brightness`: mean grey level of the crop, 0 to 1. `highlights`: share of the
    crop's pixels that are burnt out. `cut`: share of the box outside of the photo. `turn`: how far the nose is from the
    middle between the eyes, in distances between the eyes, -1 to 1. `roll`: angle of the line between the eyes in
    degrees. Both are None without landmarks. `detector`: the detector's own score, comparable only between faces that
    the same detector found. `reasons`: codes of what makes the face hard to read, see `vision.quality.rules`.
    """

    size: float
    sharpness: float
    brightness: float
    highlights: float
    cut: float
    turn: float | None
    roll: float | None
    detector: float
    reasons: tuple[str, ...] = ()

    def with_reasons(self, codes: tuple[str, ...]) -> "Quality":
        """The same measures with `codes` as the reasons."""
        return replace(self, reasons=codes)


@dataclass(frozen=True, slots=True)
class Face:
    """One face found in a photo; None for an attribute that was not asked for."""

    box: Box
    landmarks: Points | None
    quality: Quality
    age: Age | None = None
    gender: Gender | None = None
    emotion: Emotion | None = None


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
        if face.age is not None:
            encoded["age"]["bucket"] = face.age.bucket
    return document
