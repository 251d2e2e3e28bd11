"""The learning curve as a picture."""

import csv
from pathlib import Path


def draw(log: Path, picture: Path) -> None:
    """Draw a run's `log.csv` (see `train`) as PNG: losses, accuracies and age error by epoch."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    with log.open(newline="") as stream:
        rows = [{name: float(value) for name, value in row.items()} for row in csv.DictReader(stream)]
    epochs = [row["epoch"] for row in rows]
    figure, (losses, accuracies, years) = plt.subplots(1, 3, figsize=(12, 3.4), layout="constrained")
    for name in ("loss_emotion", "loss_age", "loss_gender"):
        losses.plot(epochs, [row[name] for row in rows], label=name.removeprefix("loss_"))
    losses.set(title="training loss (augmented)", xlabel="epoch", yscale="log")
    for name in ("emotion_accuracy", "gender_accuracy"):
        accuracies.plot(epochs, [row[name] for row in rows], label=name.removesuffix("_accuracy"))
    accuracies.set(title="validation accuracy", xlabel="epoch", ylim=(0.6, 1.0))
    years.plot(epochs, [row["age_mae"] for row in rows], label="age")
    years.set(title="validation MAE, years", xlabel="epoch")
    for axes in (losses, accuracies, years):
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(picture, dpi=90)
    plt.close(figure)
