"""Write the model card and its pictures: `python -m models_store.training.card`.

Everything comes from the record, the manifest and the gaps of int8; the pictures need matplotlib.
"""

import tomllib
from pathlib import Path
from typing import Any, Final

from models_store.training import card_detected, card_groups, card_quality, card_text
from models_store.training.errors import UserError, run_command
from models_store.training.measure import failures, goals, pictures, record
from models_store.training.metrics import Figure
from models_store.training.paths import CARDS, STORE
from vision.errors import EngineError
from vision.manifest import load_manifest

CARD: Final = CARDS / "facetrio.md"
SHARES: Final = ("accuracy", "recall", "macro", "balanced", "ECE", "AURC", "not sure", "within", "coverage", "children")
CAPTIONS: Final = {
    "confusion": "Expressions: shown against answered",
    "reliability": "Claimed confidence against what came true",
    "risk_coverage": "Errors among the answers kept, by share kept",
    "age_error": "Age: error, bias, interval",
    "tolerance": "Tolerance to worse boxes and pictures",
    "fairness": "By race and gender",
}


def _shown(name: str, figure: Figure) -> str:
    """A figure with its interval, shares as per cent."""
    values = (figure.value, figure.low, figure.high)
    if any(word in name for word in SHARES) and "MAE" not in name and "bias" not in name:
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


def goals_table(standings: list[goals.Standing]) -> str:
    """The goals beside what was measured, as Markdown."""
    rows = ["| goal | must | aim | measured | |", "|---|---|---|---|---|"]
    return "\n".join([*rows, *("| " + " | ".join(standing.row()) + " |" for standing in standings)])


def parity_sentence(gaps: goals.Extras) -> str:
    """What int8 changes, from `cards/parity.json`."""
    return (
        f"Against the float32 Keras reference, int8 changes, on the validation splits, expression accuracy by "
        f"{gaps['emotion_accuracy_points']:+.2f} points, gender accuracy by "
        f"{gaps['gender_accuracy_points']:+.2f} points and the age MAE by {gaps['age_mae_years']:+.3f} years."
    )


def _pictures(name: str, *parts: str) -> str:
    return "\n\n".join(f"![{CAPTIONS[part]}]({name}.{part}.png)" for part in parts)


def card(
    manifest: dict[str, Any],
    document: record.Json,
    extras: goals.Extras,
    detected: record.Json | None = None,
    quality: record.Json | None = None,
) -> str:
    """The card as Markdown, from the manifest, the record's document, the goals' extras, the documents of detected
    boxes and of quality."""
    attributes = manifest["attributes"]
    name, stem = attributes["name"], f"{attributes['name']}-{attributes['version']}"
    report = record.report_of(document)
    sections = [
        f"# {stem}",
        "Written by `models_store/training/card.py` from `metrics.json`, `parity.json` and `../manifest.toml`.",
        card_text.WHAT,
        f"Licence: {attributes['licence']}.",
        "## Against the goals\n\n" + card_text.GOALS,
        goals_table(goals.standings(report, extras)),
        "## Data and licences\n\n" + "\n".join(f"- {line}" for line in attributes["trained_on"]),
        card_text.DATA,
        f"Recipe: [`{attributes['recipe']}`](../{attributes['recipe']}); log and learning curve: "
        f"[`{stem}.log.csv`]({stem}.log.csv), [`{stem}.curve.png`]({stem}.curve.png).",
        "## Figures\n\n" + card_text.figures(report),
        tables(report),
        parity_sentence(extras),
        _pictures(name, "confusion", "reliability", "risk_coverage", "age_error", "tolerance"),
        *card_detected.section(detected, stem),
        *card_quality.section(quality, stem),
        "## Groups of people\n\n" + card_text.GROUPS,
        card_groups.tables(document["fairness"]),
        _pictures(name, "fairness"),
        "## Known failures\n\n" + failures.bullets(document),
        card_text.USES,
    ]
    return "\n\n".join(sections) + "\n"


def _needed(path: Path) -> Path:
    if not path.is_file():
        raise UserError(f"the card needs {path}, which does not exist: export, calibrate, release and evaluate first")
    return path


def main() -> int:
    """Command line entry point."""
    manifest = tomllib.loads(_needed(STORE / "manifest.toml").read_text(encoding="utf-8"))
    document = record.load(_needed(CARDS / "metrics.json"))
    attributes = manifest["attributes"]
    if document["model"] != f"{attributes['name']}-{attributes['version']}":
        raise UserError(
            f"the record is of {document['model']}, not of the manifest's weights: run evaluate --accept first"
        )
    try:
        extras = goals.extras(load_manifest())
    except EngineError as error:
        raise UserError(str(error)) from error
    CARD.write_text(
        card(manifest, document, extras, card_detected.recorded(), card_quality.recorded()), encoding="utf-8"
    )
    for path in [CARD, *pictures.draw_all(document, CARDS, attributes["name"])]:
        print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    run_command(main)
