"""How a run stands on the validation sets, once an epoch; the test sets are never read here."""

from typing import Any

from models_store.training.data.evaluation import Expressions, Portraits
from models_store.training.metrics import expected_years
from vision.calibration import softmax


def scores(model: Any, faces: Expressions, people: Portraits) -> dict[str, float]:
    """Emotion accuracy, gender accuracy (age over 2), age MAE in years, and "score", lower is better.

    The score is the mean of emotion error / 0.15, gender error / 0.10 and MAE / 6 years: each about 1 for a fair
    network, so that no head decides alone.
    """
    emotion = model.predict(faces.images, batch_size=128, verbose=0)["emotion"]
    outputs = model.predict(people.images, batch_size=128, verbose=0)
    years = expected_years(softmax(outputs["age"]))
    right = (outputs["gender"][:, 0] > 0) == people.female
    result = {
        "emotion_accuracy": float((emotion.argmax(axis=1) == faces.labels).mean()),
        "gender_accuracy": float(right[people.ages > 2].mean()),
        "age_mae": float(abs(years - people.ages).mean()),
    }
    shares = (
        (1 - result["emotion_accuracy"]) / 0.15,
        (1 - result["gender_accuracy"]) / 0.10,
        result["age_mae"] / 6,
    )
    return {**result, "score": sum(shares) / len(shares)}
