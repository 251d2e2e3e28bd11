"""Write the detector's card and its pictures: `python -m models_store.training.detection.measure.card`.

Everything comes from the record and the manifest; the pictures need matplotlib.
"""

from typing import Any, Final

from models_store.training.detection.measure import card_text, failures, goals, pictures, record, tables
from models_store.training.detection.measure.failures import SOURCE
from models_store.training.detection.measure.subjects import papers
from models_store.training.errors import UserError, run_command
from models_store.training.measure.record import Json, Report, report_of
from models_store.training.paths import CARDS, STORE

CAPTIONS: Final = {
    "froc": "Faces found against false boxes a photo",
    "size": "Faces found by size and by mask",
    "tolerance": "Faces found in worse photos",
}


def markdown(rows: list[list[str]]) -> str:
    """Rows of cells, the header first, as a Markdown table."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def goals_table(report: Report, name: str) -> str:
    """The goals beside the default detector's figures and beside those of the others."""
    others = [title.removesuffix(", test") for title in report if title.endswith(", test") and title != f"{name}, test"]
    rows = [["goal", "must", "aim", name, "", *others]]
    beside = {
        other: {row.goal.what: row.row()[3] for row in goals.standings(report[f"{other}, test"])} for other in others
    }
    for standing in goals.standings(report[f"{name}, test"]):
        more = [beside[other].get(standing.goal.what, "-") for other in others]
        rows.append([*standing.row(), *more])
    return markdown(rows)


def figures_tables(report: Report) -> str:
    """All figures of both parts, those by source apart: validation and test have different sources."""
    whole = [name for name in tables.figure_names(report) if not name.startswith(SOURCE)]
    tests = {title: found for title, found in report.items() if title.endswith(", test")}
    named = [name for name in tables.figure_names(tests) if name.startswith(SOURCE)]
    by_source = tables.rows(tests, named)
    for row in by_source:
        row[0] = row[0].removeprefix(SOURCE)
    by_source[0][0] = "source"
    ordered = {**tests, **{title: found for title, found in report.items() if title not in tests}}
    rows = tables.rows(ordered, whole)
    rows[0][-1] = "n, test"
    return "\n\n".join([markdown(rows), "### Recall by source", markdown(by_source)])


def card(about: dict[str, Any], document: Json) -> str:
    """The card as Markdown, from the detector's section of the manifest and the record's document."""
    name, report = about["name"], report_of(document)
    drawn = {part: f"![{caption}]({name}.{part}.png)" for part, caption in CAPTIONS.items()}
    sections = [
        f"# {name}-{about['version']}",
        "Written by `models_store/training/detection/measure/card.py` from `detection.json` and `../manifest.toml`.",
        card_text.WHAT,
        f"Licence: {about['licence']}.",
        "## Against the goals, test photos",
        goals_table(report, name),
        drawn["froc"],
        "## Data and licences\n\n" + "\n".join(f"- {line}" for line in about["trained_on"]),
        card_text.DATA,
        f"Recipe: [`{about['recipe']}`](../{about['recipe']}).",
        "## Figures\n\n" + card_text.METHOD,
        figures_tables(report),
        drawn["size"],
        "## Worse photos\n\n" + card_text.TOLERANCE,
        drawn["tolerance"],
        "## Known failures\n\n" + failures.bullets(document, name),
        card_text.USES,
    ]
    return "\n\n".join(sections) + "\n"


def main() -> int:
    """Command line entry point."""
    about, document = papers(STORE / "manifest.toml"), record.load(record.RECORD)
    model = f"{about['name']}-{about['version']}"
    if document["model"] != model:
        raise UserError(f"the record is of {document['model']}, not of {model}: run evaluate --accept first")
    text = CARDS / f"{about['name']}.md"
    text.write_text(card(about, document), encoding="utf-8")
    for written in [text, *pictures.draw_all(document, CARDS, about["name"])]:
        print(f"wrote {written}")
    return 0


if __name__ == "__main__":
    run_command(main)
