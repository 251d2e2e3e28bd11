"""The shades of the confusion matrix: the number in a cell stands out from it, in the light and in the dark."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
Colour = tuple[float, ...]


def palette(look: str) -> dict[str, Colour]:
    """Red, green and blue, 0 to 1, by name."""
    light, dark = (CSS / "base.css").read_text().split("@media (prefers-color-scheme: dark)")
    pattern = r"--([\w-]+): #([0-9a-f]{6});"
    found = dict(re.findall(pattern, light)) | (dict(re.findall(pattern, dark)) if look == "dark" else {})
    return {name: tuple(int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)) for name, digits in found.items()}


def luminance(colour: Colour) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def opacities() -> dict[int, float]:
    """Of the shades, 1 to 10, as the stylesheet has them."""
    found = re.findall(r"\.cell\.shade-(\d+) \{ fill-opacity: ([\d.]+); \}", (CSS / "plots.css").read_text())
    return {int(number): float(value) for number, value in found} | {10: 1.0}


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("number", range(1, 11))
def test_the_number_in_a_cell_stands_out(look: str, number: int) -> None:
    colours, opacity = palette(look), opacities()[number]
    cell = tuple(opacity * a + (1 - opacity) * s for a, s in zip(colours["accent"], colours["surface"], strict=True))
    assert contrast(colours["on-accent" if number > 5 else "ink"], cell) >= 4.5


def test_shades_grow() -> None:
    shades = opacities()
    assert sorted(shades) == list(range(1, 11))
    assert sorted(shades.values()) == [shades[number] for number in range(1, 11)]
