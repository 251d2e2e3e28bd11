"""The committed record of figures, `cards/metrics.json`, and whether a new measurement falls behind it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from models_store.training.figures import Figures
from models_store.training.metrics import Figure

Report = dict[str, Figures]
"""Figures by data set and head, for example "FER+ test, emotion"."""


def write(path: Path, model: str, report: Report) -> None:
    """Write the figures of `model`, name and version, as JSON."""
    document: dict[str, Any] = {"schema": 1, "model": model, "figures": {}}
    for title, figures in report.items():
        document["figures"][title] = {name: _rounded(figure) for name, figure in figures.items()}
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _rounded(figure: Figure) -> dict[str, Any]:
    values = asdict(figure)
    return {name: round(value, 5) if isinstance(value, float) else value for name, value in values.items()}


def read(path: Path) -> tuple[str, Report]:
    """The model and figures that `write` wrote."""
    document = json.loads(path.read_text(encoding="utf-8"))
    report = {
        title: {name: Figure(**values) for name, values in figures.items()}
        for title, figures in document["figures"].items()
    }
    return document["model"], report


def worse(report: Report, record: Report) -> list[str]:
    """A sentence for each figure that is outside the record's interval on the bad side, or missing."""
    lines: list[str] = []
    for title, figures in record.items():
        for name, old in figures.items():
            new = report.get(title, {}).get(name)
            if new is None:
                lines.append(f"{title}: {name} is no longer measured")
            elif _fell(new, old):
                span = f"{old.low:.4f} to {old.high:.4f}"
                lines.append(f"{title}: {name} is {new.value:.4f}; the record is {old.value:.4f} ({span})")
    return lines


def _fell(new: Figure, old: Figure) -> bool:
    if old.better == "higher":
        return new.value < old.low
    return old.better == "lower" and new.value > old.high


def table(report: Report) -> str:
    """The figures as text, one a line."""
    lines: list[str] = []
    for title, figures in report.items():
        lines += ["", title, "-" * len(title)]
        for name, figure in figures.items():
            interval = f"[{figure.low:.4g}, {figure.high:.4g}]"
            lines.append(f"  {name:<40} {figure.value:>8.4g}  {interval:<18} n = {figure.n}")
    return "\n".join(lines[1:])
