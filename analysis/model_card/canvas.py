"""The parts of a drawing, in the units of its viewBox, and of a chart around it; templates write the SVG and HTML."""

from dataclasses import dataclass
from typing import Final

WIDTH: Final = 340.0
"""Of every plot: a phone's column, so that its letters come out at their own size."""

LEFT: Final = 40.0
RIGHT: Final = 330.0
TOP: Final = 26.0

_SHAPES: Final = {
    "ideal": "line", "plain": "line", "curve": "series", "second": "series", "third": "series",
    "right": "square", "wrong": "square", "unsure": "square", "far": "square",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Path:
    """A line or area as SVG path data; `kind` is its CSS class."""

    d: str
    kind: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A mark at a measured value."""

    x: float
    y: float
    kind: str


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Note:
    """Words in the drawing; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    kind: str = "note"


@dataclass(frozen=True, slots=True)
class Plot:
    """One drawing of `width` x `height` whose data lie between left, right, top and bottom."""

    height: float
    left: float
    right: float
    top: float
    bottom: float
    x_ticks: tuple[Tick, ...] = ()
    y_ticks: tuple[Tick, ...] = ()
    x_title: str = ""
    y_title: str = ""
    boxes: tuple[Box, ...] = ()
    paths: tuple[Path, ...] = ()
    dots: tuple[Dot, ...] = ()
    notes: tuple[Note, ...] = ()
    width: float = WIDTH


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, its heading first; `is_few` where it rests on few faces."""

    cells: tuple[str, ...]
    is_few: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a picture."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of a legend: the CSS class of the mark and what it stands for."""

    kind: str
    text: str

    @property
    def shape(self) -> str:
        """What its mark looks like: dot, line, series (a line with its marks) or square."""
        return _SHAPES.get(self.kind.split()[0], "dot")


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure of the page: `says` is what to see in it, in one sentence with the numbers in it."""

    slug: str
    title: str
    says: str
    plots: tuple[Plot, ...]
    table: Table
    keys: tuple[Key, ...] = ()
