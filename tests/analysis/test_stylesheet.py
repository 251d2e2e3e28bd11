"""The colours: words stand out from what is behind them, in the light and in the dark (WCAG 2.2, AA)."""

import re
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parents[2] / "static" / "css" / "base.css"

WORDS = [
    ("ink", "paper"), ("ink", "surface"), ("ink", "sunk"), ("ink", "wash"), ("ink", "danger-wash"),
    ("soft", "paper"), ("soft", "surface"), ("soft", "sunk"),
    ("accent", "paper"), ("accent", "surface"), ("accent-strong", "wash"), ("on-accent", "accent"),
    ("on-accent", "accent-strong"), ("danger", "surface"), ("danger", "paper"), ("danger", "danger-wash"),
    ("on-danger", "danger"), ("on-danger", "danger-strong"),
    ("warn", "surface"), ("warn", "warn-wash"), ("ink", "warn-wash"),
]  # fmt: skip
"""Foreground and background that meet somewhere: 4.5 to 1."""

SHAPES = [("control", "surface"), ("control", "paper"), ("accent", "surface"), ("accent", "sunk")]
"""Borders of what can be used, and parts of plots: 3 to 1."""


def palette(look: str) -> dict[str, str]:
    """The colours by name, as hexadecimal digits."""
    light, dark = BASE.read_text().split("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([\w-]+): #([0-9a-f]{6});", light))
    return found if look == "light" else found | dict(re.findall(r"--([\w-]+): #([0-9a-f]{6});", dark))


ADMIN = BASE.with_name("admin-colours.css")

ADMIN_WORDS = [
    ("body-fg", "body-bg"), ("body-fg", "darkened-bg"), ("body-fg", "selected-row"), ("body-quiet-color", "body-bg"),
    ("body-quiet-color", "darkened-bg"), ("link-fg", "body-bg"), ("link-fg", "darkened-bg"),
    ("link-fg", "selected-row"),
    ("header-color", "header-bg"), ("header-link-color", "header-bg"), ("breadcrumbs-fg", "breadcrumbs-bg"),
    ("breadcrumbs-link-fg", "breadcrumbs-bg"), ("caption-fg", "caption-bg"), ("error-fg", "body-bg"),
    ("error-fg", "message-error-bg"), ("body-fg", "message-success-bg"), ("body-fg", "message-warning-bg"),
    ("button-fg", "button-bg"), ("button-fg", "button-hover-bg"), ("button-fg", "delete-button-bg"),
    ("button-fg", "delete-button-hover-bg"), ("button-fg", "close-button-bg"),
]  # fmt: skip
"""Of the admin, by Django's names."""


def admin_palettes() -> list[dict[str, str]]:
    """In the light, in the dark by the system, in the dark by the button."""
    parts = re.split(r"@media|html\[data-theme=\"dark\"\]", ADMIN.read_text())
    light, *darks = [dict(re.findall(r"--([\w-]+): #([0-9a-f]{6});", part)) for part in parts]
    return [light, *(light | dark for dark in darks)]


@pytest.mark.parametrize(("front", "back"), ADMIN_WORDS)
def test_words_of_the_admin_stand_out(front: str, back: str) -> None:
    for colours in admin_palettes():
        assert contrast(colours[front], colours[back]) >= 4.5


def test_the_admin_is_equally_dark_by_the_system_and_by_its_button_and_in_the_colours_of_the_pages() -> None:
    light, by_system, by_button = admin_palettes()
    assert by_system == by_button
    for look, colours in (("light", light), ("dark", by_button)):
        ours = set(palette(look).values())
        assert set(colours.values()) <= ours, look


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), WORDS)
def test_words_stand_out(look: str, front: str, back: str) -> None:
    colours = palette(look)
    assert contrast(colours[front], colours[back]) >= 4.5


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), SHAPES)
def test_shapes_stand_out(look: str, front: str, back: str) -> None:
    colours = palette(look)
    assert contrast(colours[front], colours[back]) >= 3


def test_contrast_is_measured_as_wcag_says() -> None:
    assert contrast("ffffff", "000000") == pytest.approx(21)
    assert contrast("777777", "ffffff") == pytest.approx(4.48, abs=0.01)
