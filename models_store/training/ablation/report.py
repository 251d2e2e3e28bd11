"""The comparison as figures, table and picture: `python -m models_store.training.ablation.report`.

Writes `models_store/cards/conditioning.json`, `docs/conditioning.md` and `docs/images/conditioning.png` from the runs
that `run` left.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from models_store.training.ablation import compare, page, picture
from models_store.training.ablation.changed import CHANGES
from models_store.training.ablation.run import run_path
from models_store.training.ablation.ways import PLACEBO, PLAIN, WAYS, Way
from models_store.training.config import load_config
from models_store.training.data import ferplus
from models_store.training.errors import UserError, run_command
from models_store.training.files import run_folder
from models_store.training.metrics import Array, Bools, Figure, Ints, cross_entropy
from models_store.training.paths import ABLATION_CONFIG, CARDS, DEFAULT_CONFIG, REPOSITORY, shared_data
from vision.calibration import softmax

RECORD: Final = CARDS / "conditioning.json"
DOCUMENT: Final = REPOSITORY / "docs" / "conditioning.md"
PICTURE: Final = REPOSITORY / "docs" / "images" / "conditioning.png"

Outcome = dict[str, Array]


def finished_seeds(folder: Path) -> list[int]:
    """Seeds from which every way has been trained. Raises `UserError` when there are fewer than two."""
    seeds = [seed for seed in range(1, 100) if all(run_path(folder, way, seed).exists() for way in WAYS)]
    if len(seeds) < 2:
        raise UserError(f"{folder} holds {len(seeds)} complete seeds of at least two: run `make ablation` first")
    return seeds


def outcomes(folder: Path, way: Way, seeds: list[int]) -> Outcome:
    """What `run.outcome` measured, stacked over the seeds along the first axis."""
    runs = [np.load(run_path(folder, way, seed)) for seed in seeds]
    return {name: np.stack([run[name] for run in runs]).astype(np.float64) for name in runs[0].files}


def measured(mine: Outcome, labels: Ints, votes: Array, draws: compare.Draws) -> dict[str, Figure]:
    """A way's own figures, on FER+ validation faces; age and gender on UTKFace validation faces."""
    right = (mine["logits"].argmax(axis=-1) == labels).astype(np.float64)
    nll = np.stack([cross_entropy(softmax(one), votes) for one in mine["logits"]])
    people = [compare.Draws.fixed(mine[name].shape[1], len(right)) for name in ("gender_right", "age_error")]
    figures = {
        "accuracy": compare.figure(right, draws, "higher"),
        "macro F1": compare.macro_f1_figure(mine["logits"].argmax(axis=-1), labels, draws),
        "NLL against votes": compare.figure(nll, draws, "lower"),
        "gender accuracy": compare.figure(mine["gender_right"], people[0], "higher"),
        "age MAE": compare.figure(mine["age_error"], people[1], "lower"),
    }
    for at, name in enumerate(CHANGES if mine["changed"].shape[1] else ()):
        figures[f"answers that change: {name}"] = compare.figure(
            compare.flips(mine["logits"], mine["changed"][:, at]), draws, "lower"
        )
    return figures


def against(mine: Outcome, other: Outcome, labels: Ints, draws: compare.Draws) -> dict[str, Any]:
    """Paired differences of a way from another, and McNemar's p on the mean of the seeds' probabilities."""
    rights = [(one["logits"].argmax(axis=-1) == labels).astype(np.float64) for one in (mine, other)]
    f1, others = (compare.macro_f1_scores(one["logits"].argmax(axis=-1), labels, draws) for one in (mine, other))
    low, high = np.quantile(f1[1] - others[1], [0.025, 0.975])
    return {
        "accuracy": asdict(compare.figure(rights[0] - rights[1], draws, "higher")),
        "macro F1": asdict(Figure(f1[0] - others[0], float(low), float(high), len(labels), "higher")),
        "p": compare.mcnemar(_together(mine, labels), _together(other, labels)),
    }


def _together(one: Outcome, labels: Ints) -> Bools:
    """Where the mean of the seeds' probabilities is right."""
    return np.asarray(np.mean([softmax(logits) for logits in one["logits"]], axis=0).argmax(axis=-1) == labels)


def document(folder: Path, data: Path) -> dict[str, Any]:
    """The whole comparison as plain data."""
    seeds = finished_seeds(folder)
    faces = ferplus.load(data, "valid")
    keep, labels = ferplus.official_labels(faces.votes)
    labels, votes = labels[keep], ferplus.vote_distributions(faces.votes[keep])[0].astype(np.float64)
    draws = compare.Draws.fixed(len(labels), len(seeds))
    found = {way.name: outcomes(folder, way, seeds) for way in WAYS}
    released = load_config(DEFAULT_CONFIG).model.conditioning
    name = next(way.name for way in WAYS if way.conditioning == released and not way.alone)
    return {"schema": 1, "seeds": len(seeds), "faces": len(labels), "released": name} | compared(
        found, labels, votes, draws
    )


def compared(found: dict[str, Outcome], labels: Ints, votes: Array, draws: compare.Draws) -> dict[str, Any]:
    """Every way's figures and differences, by name, and the names of those that help."""
    ways: dict[str, Any] = {}
    for name, mine in found.items():
        figures = measured(mine, labels, votes, draws)
        ways[name] = {"figures": {title: asdict(figure) for title, figure in figures.items()}}
        for other in (PLAIN, PLACEBO):
            if other.name != name:
                ways[name][f"against {other.name}"] = against(mine, found[other.name], labels, draws)
    return {"helpful": [name for name in ways if page.helps(ways, name)], "ways": ways}


def main() -> int:
    """Command line entry point."""
    made = document(run_folder(load_config(ABLATION_CONFIG)), shared_data())
    RECORD.write_text(json.dumps(_rounded(made), indent=1) + "\n", encoding="utf-8")
    made = json.loads(RECORD.read_text(encoding="utf-8"))
    DOCUMENT.write_text(page.markdown(made), encoding="utf-8")
    picture.draw(made, PICTURE)
    print(page.table(made))
    return 0


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(item) for name, item in value.items()}
    return round(value, 5) if isinstance(value, float) else value


if __name__ == "__main__":
    run_command(main)
