"""docs/conditioning.md, written from the comparison's record."""

from typing import Any, Final

from models_store.training.ablation.changed import CHANGES
from models_store.training.ablation.ways import PLACEBO, PLAIN

Document = dict[str, Any]

INTRODUCTION: Final = """\
# Does knowing age and gender help to read the expression?

Written by `python -m models_store.training.ablation.report` from `models_store/cards/conditioning.json`; not by hand.

The work Facet grew from promised emotion recognition "with inclusion of age and gender parameters", after Aiswarya,
Manish and Mangalraj (2020, DOI 10.1109/ACTS49415.2020.9350479), who read gender, then age group, then the expression
with a network for each group. Age and gender are functions of the same pixels, so a network that is large enough
learns nothing new from being told them; what it can learn is which expressions are common in which group, and that is
a prejudice. So it was measured.
"""

METHOD: Final = """\
## How

All ways share trunk, start, data, order of the pictures and schedule
([`ablation.toml`](../models_store/training/configs/ablation.toml)); only the expression head differs
([`conditioning.py`](../models_store/training/conditioning.py)). Its 13 facts (ten decades, mean and spread of the
age, P(female)) are the network's own estimates behind a stop-gradient, withheld in 30 % of the rows while training.

- **expression alone**: age and gender are not learnt at all.
- **plain multi-task**: three heads, none knows of another.
- **FiLM**: the facts scale and shift the features (Perez et al. 2018).
- **FiLM, shuffled placebo**: the same, with the facts of another picture: as many weights, no information.
- **hierarchy of heads**: a head for each of six groups (under 20, 20 to 49, from 50 years; by gender), mixed by the
  groups' probabilities.

Figures are of FER+ validation faces under the official filter; the test split was not read. Brackets are 95 %
intervals of a bootstrap over faces and over training seeds at once; differences are paired. p is McNemar's, of the
mean of the seeds' predictions. "Answers that change" is the counterfactual: the same face, with another gender or age
claimed to the head. Less than a third of the released weights and 600 steps keep the comparison affordable, so the
level is below that of the released network; the differences are what counts, and a longer training might shrink them.
A way counts as helpful when it beats both the plain network and the placebo.
"""


def markdown(document: Document) -> str:
    """The whole page."""
    seeds, faces = document["seeds"], document["faces"]
    parts = [
        INTRODUCTION,
        f"**Answer: {verdict(document)}** {seeds} seeds each, {faces:,} faces.\n",
        "![Differences from the plain network](images/conditioning.png)\n",
        table(document) + "\n",
        METHOD + "\nTo measure it again: `make ablation`.\n",
    ]
    return "\n".join(parts)


def verdict(document: Document) -> str:
    """One sentence on whether any way helps, by the rule of `METHOD`."""
    helpful, released = document["helpful"], document["released"]
    if helpful:
        return f"yes, {' and '.join(helpful)} read expressions better than plain and placebo. Released: {released}."
    return f"no. No way of telling the head beat both the plain network and the placebo. Released: {released}."


def helps(ways: Document, name: str) -> bool:
    """Whether a conditioned way's accuracy beats both plain and placebo, intervals clear of zero."""
    entry = ways[name]
    if not _conditioned(entry) or name == PLACEBO.name:
        return False
    return all(entry[f"against {other.name}"]["accuracy"]["low"] > 0 for other in (PLAIN, PLACEBO))


def _conditioned(entry: Document) -> bool:
    return f"answers that change: {CHANGES[0]}" in entry["figures"]


def table(document: Document) -> str:
    """The ways as Markdown tables: what they reach, how they differ, what a counterfactual moves."""
    reach = ["| way | accuracy | macro F1 | NLL against votes | gender | age MAE |", "|---|---|---|---|---|---|"]
    differ = [
        "| way | accuracy against plain | p | accuracy against placebo | macro F1 against plain |",
        "|---|---|---|---|---|",
    ]
    change = ["| way | " + " | ".join(CHANGES) + " |", "|---|" + "---|" * len(CHANGES)]
    for name, entry in document["ways"].items():
        figures = entry["figures"]
        learnt = name != "expression alone"
        reach.append(
            f"| {name} | {_share(figures['accuracy'])} | {_share(figures['macro F1'])} | "
            f"{_plain(figures['NLL against votes'], 3)} | "
            f"{_share(figures['gender accuracy']) if learnt else '-'} | "
            f"{_plain(figures['age MAE'], 2) if learnt else '-'} |"
        )
        plain, placebo = (entry.get(f"against {other.name}") for other in (PLAIN, PLACEBO))
        if plain is not None:
            differ.append(
                f"| {name} | {_points(plain['accuracy'])} | {_small(plain['p'])} | "
                f"{_points(placebo['accuracy']) if placebo else '-'} | {_points(plain['macro F1'])} |"
            )
        if _conditioned(entry):
            cells = [_share(figures[f"answers that change: {title}"]) for title in CHANGES]
            change.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(
        [
            "## What they reach\n",
            *reach,
            "\n## How they differ, in points\n",
            *differ,
            "\n## Answers that change\n",
            *change,
        ]
    )


def _small(p: float) -> str:
    return f"{p:.2f}" if p >= 0.01 else "under 0.01"


def _share(figure: Document) -> str:
    return f"{100 * figure['value']:.1f} % ({100 * figure['low']:.1f} to {100 * figure['high']:.1f})"


def _points(figure: Document) -> str:
    return f"{100 * figure['value']:+.2f} ({100 * figure['low']:+.2f} to {100 * figure['high']:+.2f})"


def _plain(figure: Document, digits: int) -> str:
    return f"{figure['value']:.{digits}f} ({figure['low']:.{digits}f} to {figure['high']:.{digits}f})"
