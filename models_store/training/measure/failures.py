"""Known failures, worked out from the record: each sentence says what the figures say, and none where they do not."""

from collections.abc import Iterator
from typing import Final

from models_store.training.calibrate import COVERAGE, MIN_YEARS
from models_store.training.measure import costs
from models_store.training.measure.costs import joined
from models_store.training.measure.fairness import ANY
from models_store.training.measure.record import Json
from models_store.training.measure.tables import shown

HALF: Final = 0.5

COMPARISONS: Final = {
    "mae": "age MAE in years",
    "within_5": "ages within 5 years",
    "coverage": "coverage of the age interval",
    "gender_accuracy": "gender accuracy",
    "gender_not_sure": "share without a gender",
}

UNMEASURED: Final = (
    "Profile views, masks and strong shadow were rare in training.",
    "The intervals and confidences hold for faces like those of the data sets. On other pictures they are too "
    "optimistic.",
)


def bullets(document: Json) -> str:
    """The list in Markdown."""
    lines = [*expressions(document), *ages(document), *genders(document), *groups(document), *costs.costs(document)]
    return "\n".join(f"- {line}" for line in [*lines, *UNMEASURED])


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def expressions(document: Json) -> Iterator[str]:
    """Which expressions are mostly missed, never answered, or taken for another."""
    plot = document["plots"]["confusion"]
    labels, counts = plot["labels"], plot["counts"]
    totals = [sum(row) for row in counts]
    missed = [
        f"{label} ({counts[at][at]} of {totals[at]})"
        for at, label in enumerate(labels)
        if totals[at] and counts[at][at] < HALF * totals[at]
    ]
    if missed:
        yield f"Found in fewer than half of the test faces that show it: {joined(missed)}."
    never = [label for at, label in enumerate(labels) if totals[at] and not sum(row[at] for row in counts)]
    if never:
        yield f"Never the likeliest answer on the test faces: {joined(never)}."
    pairs = sorted(
        (
            (counts[row][column] / totals[row], label, other)
            for row, label in enumerate(labels)
            for column, other in enumerate(labels)
            if row != column and totals[row] >= 50
        ),
        reverse=True,
    )
    worst = [f"{label} for {other} ({_percent(share)})" for share, label, other in pairs[:3] if share > 0]
    if worst:
        yield f"Most often taken for another, among expressions of 50 test faces or more: {joined(worst)}."


def ages(document: Json) -> Iterator[str]:
    """Which ages are read too old or too young, where the interval breaks its promise, children read as adults."""
    bands = document["plots"]["age_error"]
    older = [f"{row['band']} ({row['bias']['value']:+.1f})" for row in bands if row["bias"]["low"] > 0]
    younger = [f"{row['band']} ({row['bias']['value']:+.1f})" for row in bands if row["bias"]["high"] < 0]
    if older:
        yield f"Read as older than they are, on average, in years: ages {joined(older)}."
    if younger:
        yield f"Read as younger than they are, on average, in years: ages {joined(younger)}."
    rows = [*bands, *({**row, "band": row["decade"]} for row in document["plots"]["age_decades"])]
    short = [
        f"{row['band']} ({_percent(row['coverage']['value'])})" for row in rows if row["coverage"]["high"] < COVERAGE
    ]
    if short:
        yield f"The {_percent(COVERAGE)} interval holds measurably less often than it says at ages {joined(short)}."
    else:
        worst = min(rows, key=lambda row: float(row["coverage"]["value"]))
        share = _percent(worst["coverage"]["value"])
        yield (
            f"In no age band or decade is the {_percent(COVERAGE)} interval measurably worse than it says, but some "
            f"hold few faces; the lowest is {share} of {worst['n']} faces at {worst['band']}."
        )
    children = document["figures"]["UTKFace test, age"]["children (0-12) read as adults (20+)"]
    yield (
        f"{100 * children['value']:.1f} % of the children of at most 12 are read as 20 or older; never use the age to "
        "decide what a child may see or do."
    )


def genders(document: Json) -> Iterator[str]:
    """Gender of children, and what the label is."""
    rows = {row["band"]: row for row in document["fairness"]["rows"] if row["race"] == ANY and row["gender"] == ANY}
    child, everybody = rows.get("4-12"), rows[ANY]
    if child and child["gender_accuracy"] and everybody["gender_accuracy"]:
        right, wide = (shown("gender_accuracy", row["gender_accuracy"]) for row in (child, everybody))
        unsure = shown("gender_not_sure", child["gender_not_sure"])
        yield (
            f"Gender is right for {right} of the children of 4 to 12 (everybody from {MIN_YEARS:g} years: {wide}) and "
            f"withheld for {unsure} of them."
        )
    yield (
        f"Gender is never given below {MIN_YEARS:g} years of predicted age. The labels are binary and of appearance; "
        "the network can say nothing about who a person is."
    )


def groups(document: Json) -> Iterator[str]:
    """Gaps between races and genders that are larger than chance."""
    for entry in document["fairness"]["summary"]:
        if entry["over"] == "race and gender" and entry["gap"]["low"] > 0:
            worst, best, measure = entry["worst"], entry["best"], entry["measure"]
            yield (
                f"By race and gender, worst and best {COMPARISONS[measure]}: "
                f"{worst['group']} {shown(measure, worst['figure'], True)}, "
                f"{best['group']} {shown(measure, best['figure'], True)}."
            )
