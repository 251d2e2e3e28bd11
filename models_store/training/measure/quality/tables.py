"""The record of quality as text for a terminal."""

from models_store.training.measure.record import Json
from models_store.training.measure.tables import aligned, underlined

HEADS = ("emotion", "gender")


def value(figure: Json | None, factor: float = 100, digits: int = 1) -> str:
    """A figure, as per cent by default; "-" where there is none."""
    return "-" if figure is None else f"{factor * figure['value']:.{digits}f}"


def text(document: Json) -> str:
    """Every code: its bins, its rule and what the rule does."""
    lines: list[str] = []
    for code, entry in document["codes"].items():
        lines += underlined(f"{code}, by {entry['measure']}: limit {entry['limit']}")
        lines += aligned(_bins(entry))
        if entry["limit"] is not None:
            lines += ["", *aligned(_outcome(entry))]
            lines.append(f"  rule: {', '.join(f'{name} {number:g}' for name, number in entry['rule'].items())}")
    return "\n".join(lines[1:])


def _bins(entry: Json) -> list[list[str]]:
    rows = [["from", "to", "harm", "", "emotion", "claimed", "gender", "claimed", "age MAE", "coverage", "n"]]
    for one in entry["bins"]:
        harm = one["harm"]
        if harm is not None:
            columns = ("emotion_accuracy", "emotion_claimed", "gender_accuracy", "gender_claimed")
            cells = [*(value(one[name]) for name in columns), value(one["age_mae"], 1, 2), value(one["age_coverage"])]
            between = f"({harm['low']:.2f} to {harm['high']:.2f})"
            row = [f"{one['low']:g}", f"{one['high']:g}", value(harm, 1, 2), between, *cells, str(harm["n"])]
            rows.append(row)
    return rows


def _outcome(entry: Json) -> list[list[str]]:
    header = ["", "expression when sure", "not sure", "gender when sure", "not sure", "coverage", "width"]
    rows = [header]
    for name in ("good", "before", "after"):
        one = entry[name]
        cells = [value(one[head][key]) for head in HEADS for key in ("accuracy_when_sure", "not_sure")]
        rows.append([name, *cells, value(one["age"]["coverage"]), value(one["age"]["width"], 1, 1)])
    return rows
