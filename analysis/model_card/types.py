"""What the record of figures holds, schema 2: frozen, checked, as `make evaluate` wrote it.

Shares are 0 to 1 and ages in years throughout.
"""

from dataclasses import dataclass
from typing import Final

ANY: Final = "all"
"""The value of a group's race, gender or band that takes in everybody."""

FEW: Final = 50
"""A group of fewer faces says little: shown in grey and never compared."""


class RecordError(Exception):
    """The record of figures is missing or is not one that this page reads."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value with its 95 % interval over `n` faces; `better` is higher, lower or neither."""

    value: float
    low: float
    high: float
    n: int
    better: str


@dataclass(frozen=True, slots=True)
class Confusion:
    """Counts of faces: row what is shown, column what was answered, both in the order of `labels`."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """Faces of like confidence: the mean claimed, the share right with its 95 % Wilson interval."""

    confidence: float
    right: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Curve:
    """Error among the answers kept (a share, or years) by the share kept; `served` is where the product stands."""

    coverage: tuple[float, ...]
    risk: tuple[float, ...]
    served: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Errors among the people of one band of true age, as "60+"."""

    band: str
    n: int
    mae: Figure
    bias: Figure
    coverage: Figure
    width: Figure


@dataclass(frozen=True, slots=True)
class Decade:
    """How the 90 % age range does among the people of one decade of true age."""

    decade: str
    n: int
    coverage: Figure
    width: Figure


@dataclass(frozen=True, slots=True)
class TolerancePoint:
    """Quality when every face is disturbed by `amount`."""

    amount: float
    emotion_accuracy: Figure
    gender_accuracy: Figure
    age_mae: Figure


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Quality under one kind of disturbance; at `neutral` nothing is changed. Points ascend by amount."""

    kind: str
    unit: str
    neutral: float
    points: tuple[TolerancePoint, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one race, gender and age band; a figure is None where there are too few faces to give one."""

    race: str
    gender: str
    band: str
    n: int
    mae: Figure | None
    bias: Figure | None
    within_5: Figure | None
    coverage: Figure | None
    width: Figure | None
    gender_accuracy: Figure | None
    gender_not_sure: Figure | None

    @property
    def is_few(self) -> bool:
        """Whether the group is too small to be compared."""
        return self.n < FEW


@dataclass(frozen=True, slots=True)
class Standing:
    """A group by name, and its figure."""

    group: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Comparison:
    """The worst and the best served group by one measure, and what lies between them."""

    measure: str
    over: str
    worst: Standing
    best: Standing
    gap: Figure


@dataclass(frozen=True, slots=True)
class Record:
    """Everything measured of one release, named in `model`; `figures` by set and head, then by name."""

    model: str
    figures: dict[str, dict[str, Figure]]
    confusion: Confusion
    reliability: dict[str, tuple[Bin, ...]]
    risk_coverage: dict[str, Curve]
    age_bands: tuple[AgeBand, ...]
    decades: tuple[Decade, ...]
    tolerance: tuple[Tolerance, ...]
    groups: tuple[Group, ...]
    comparisons: tuple[Comparison, ...]

    def figure(self, title: str, name: str) -> Figure | None:
        """One figure, or None where the record does not carry it."""
        return self.figures.get(title, {}).get(name)
