"""How near each way comes to the square that the data set has, on training faces by how far they are turned.

Accuracy says little here: few validation faces are turned, and each counts as right or wrong only. The square itself
can be compared on every face. FER+ alone: its pictures frame heads, UTKFace's chips were cut by landmarks themselves.
"""

from typing import Any, Final, cast

import numpy as np

from models_store.training.alignment.geometry import Floats, both_ways
from models_store.training.alignment.ways import Way
from models_store.training.metrics import mean_figure
from vision.alignment import Square
from vision.types import Points

EDGES: Final = (0.25, 0.5)
"""How far the nose is from the middle between the eyes, in distances between the eyes, from which a band begins."""
BANDS: Final = ("straight", "turned", "half profile")
PIXELS: Final = 48.0


def bands(ways: dict[str, Way], points: Floats) -> list[dict[str, Any]]:
    """Rows by way and band, from points (N, 5, 2) as shares of the picture.

    "forward": how far the square's centre lies towards where the face looks, as a share of the side. "side": its side
    by the picture's. "off": distance of the two centres as a share of the side.
    """
    places = both_ways(points) * PIXELS
    across = places[:, 1] - places[:, 0]
    nose = ((places[:, 2] - places[:, :2].mean(axis=1)) * across).sum(axis=1) / (across**2).sum(axis=1)
    band = np.searchsorted(EDGES, np.abs(nose), side="right")
    whole = Square(PIXELS / 2, PIXELS / 2, PIXELS)
    rows = []
    for name, way in ways.items():
        squares = [way(cast("Points", tuple(map(tuple, face))), whole) for face in places.tolist()]
        x, y, side = (np.array([getattr(square, key) for square in squares]) for key in ("x", "y", "side"))
        ahead = np.sign(nose) * (x - PIXELS / 2) / PIXELS
        off = np.hypot(x - PIXELS / 2, y - PIXELS / 2) / PIXELS
        figures = {"forward": ahead, "side": side / PIXELS, "off": off}
        for at, title in enumerate(BANDS):
            inside = band == at
            if inside.any():
                row = {key: mean_figure(values[inside], "neither") for key, values in figures.items()}
                rows.append({"way": name, "band": title, **row})
    return rows
