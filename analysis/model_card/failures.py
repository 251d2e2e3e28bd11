"""Known failures that the figures show, as sentences; the page adds those that no figure shows."""

from collections.abc import Iterator
from typing import Final

from analysis.model_card.ages import PROMISED
from analysis.model_card.headline import AGE
from analysis.model_card.types import FEW, Record
from analysis.model_card.words import age_group, count, of_hundred, percent, years

MISSED: Final = 0.5
"""An expression found in fewer of its faces is one that Facet mostly misses."""

LEANING: Final = 1.0
"""Years of bias, in a band of ages, that are worth a sentence when the interval leaves no doubt of the direction."""


def failures(record: Record) -> tuple[str, ...]:
    """One sentence for each failure, the figures in it."""
    return (*_missed(record), *_leaning(record), *_children(record), *_ranges(record))


def _missed(record: Record) -> Iterator[str]:
    table = record.confusion
    for at, label in enumerate(table.labels):
        total = sum(table.counts[at])
        found = table.counts[at][at] / total if total else 1.0
        if found < MISSED:
            few = ", too few to be certain" if total < FEW else ""
            yield (
                f"{label.capitalize()} is mostly missed: found in {of_hundred(found)} of 100 faces that show it "
                f"({count(total)} faces in the test{few})."
            )


def _leaning(record: Record) -> Iterator[str]:
    certain = [band for band in record.age_bands if band.bias.low * band.bias.high > 0]
    for way, sign in (("old", 1), ("young", -1)):
        found = [
            f"{age_group(band.band)} by {years(abs(band.bias.value))} years"
            for band in certain
            if band.bias.value * sign >= LEANING
        ]
        if found:
            yield f"Read too {way} on average: {', '.join(found)}."


def _children(record: Record) -> Iterator[str]:
    figure = record.figure(AGE, "children (0-12) read as adults (20+)")
    if figure and figure.value > 0:
        yield (
            f"{percent(figure.value, 1)} of children up to twelve are read as adults of twenty or more "
            f"({percent(figure.low, 1)} to {percent(figure.high, 1)}). "
            "Never let the age decide what a child may see or do."
        )


def _ranges(record: Record) -> Iterator[str]:
    found = [
        f"{age_group(decade.decade)} ({of_hundred(decade.coverage.value)})"
        for decade in record.decades
        if decade.coverage.high < PROMISED
    ]
    if found:
        yield (
            f"The age range should hold the true age for {of_hundred(PROMISED)} of 100 faces. "
            f"It falls short for {', '.join(found)}."
        )
