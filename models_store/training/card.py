"""Write the model card from the record and the manifest: `python -m models_store.training.card`."""

import json
import tomllib
from pathlib import Path
from typing import Any, Final

from models_store.training import card_text, record
from models_store.training.errors import UserError, run_command
from models_store.training.metrics import Figure
from models_store.training.paths import CARDS, STORE

CARD: Final = CARDS / "facetrio.md"
PERCENT: Final = ("accuracy", "recall", "macro", "balanced", "ECE", "not sure", "within", "coverage", "children")


def _shown(name: str, figure: Figure) -> str:
    """A figure with its interval, shares as per cent."""
    values = (figure.value, figure.low, figure.high)
    if any(word in name for word in PERCENT) and "MAE" not in name and "bias" not in name:
        value, low, high = (f"{100 * item:.1f}" for item in values)
        return f"{value} % ({low} to {high})"
    value, low, high = (f"{item:.2f}" for item in values)
    return f"{value} ({low} to {high})"


def tables(report: record.Report) -> str:
    """One Markdown table for each head and data set: validation beside test, with the number of test faces."""
    parts: list[str] = []
    for title, tests in report.items():
        if " test" not in title:
            continue
        valids = report[title.replace(" test", " valid")]
        parts += [
            f"\n### {title.replace(' test', '')}\n",
            "| figure | valid | test | test faces |",
            "|---|---|---|---|",
        ]
        for name, figure in tests.items():
            parts.append(f"| {name} | {_shown(name, valids[name])} | {_shown(name, figure)} | {figure.n:,} |")
    return "\n".join(parts).strip()


def parity_sentence(gaps: dict[str, float]) -> str:
    """What int8 changes, from `cards/parity.json`."""
    return (
        f"Against the float32 Keras reference, int8 changes, on the validation splits, expression accuracy by "
        f"{gaps['emotion_accuracy_points']:+.2f} points, gender accuracy by "
        f"{gaps['gender_accuracy_points']:+.2f} points and the age MAE by {gaps['age_mae_years']:+.3f} years."
    )


def card(manifest: dict[str, Any], report: record.Report, gaps: dict[str, float]) -> str:
    """The card as Markdown."""
    attributes = manifest["attributes"]
    stem = f"{attributes['name']}-{attributes['version']}"
    sections = [
        f"# {stem}",
        "Written by `models_store/training/card.py` from `metrics.json`, `parity.json` and `../manifest.toml`.",
        card_text.WHAT,
        f"Licence: {attributes['licence']}.",
        "## Data\n\n" + "\n".join(f"- {line}" for line in attributes["trained_on"]) + "\n\n" + card_text.DATA,
        f"Recipe: [`{attributes['recipe']}`](../{attributes['recipe']}); log and learning curve: "
        f"[`{stem}.log.csv`]({stem}.log.csv), [`{stem}.curve.png`]({stem}.curve.png).",
        "## Figures\n\n" + card_text.FIGURES,
        tables(report),
        parity_sentence(gaps),
        card_text.LIMITS,
        card_text.USES,
    ]
    return "\n\n".join(sections) + "\n"


def _read(path: Path) -> str:
    if not path.is_file():
        raise UserError(f"the card needs {path}, which does not exist: export, calibrate, release and evaluate first")
    return path.read_text(encoding="utf-8")


def main() -> int:
    """Command line entry point."""
    manifest = tomllib.loads(_read(STORE / "manifest.toml"))
    gaps = json.loads(_read(CARDS / "parity.json"))
    _read(CARDS / "metrics.json")
    model, report = record.read(CARDS / "metrics.json")
    attributes = manifest["attributes"]
    if model != f"{attributes['name']}-{attributes['version']}":
        raise UserError(f"the record is of {model}, not of the manifest's weights: run evaluate --accept first")
    CARD.write_text(card(manifest, report, gaps), encoding="utf-8")
    print(f"wrote {CARD}")
    return 0


if __name__ == "__main__":
    run_command(main)
