"""How far the int8 network is from its Keras reference, in the units people read."""

from pathlib import Path
from typing import Any

import numpy as np

from models_store.training.config import RunConfig
from models_store.training.data import evaluation
from models_store.training.files import litert_runtime
from models_store.training.metrics import Array, expected_years
from vision.calibration import softmax


def measure(model: Any, config: RunConfig, data: Path) -> dict[str, float]:
    """Changes from Keras to int8 on the validation splits: accuracy in points, MAE and mean difference in years."""
    runtime = litert_runtime(config)
    faces, people = evaluation.expressions(data, "valid"), evaluation.portraits(data, "valid")
    keras_emotion = model.predict(faces.images, batch_size=128, verbose=0)["emotion"]
    keras_people = model.predict(people.images, batch_size=128, verbose=0)
    int8_emotion, int8_people = runtime.run(faces.images)["emotion"], runtime.run(people.images)

    def accuracy(logits: Any) -> float:
        return float((logits.argmax(axis=1) == faces.labels).mean()) * 100

    def gender_accuracy(logits: Any) -> float:
        return float(((logits[:, 0] > 0) == people.female).mean()) * 100

    def years(logits: Any) -> Array:
        return expected_years(softmax(logits))

    before, after = years(keras_people["age"]), years(int8_people["age"])
    return {
        "emotion_accuracy_points": accuracy(int8_emotion) - accuracy(keras_emotion),
        "gender_accuracy_points": gender_accuracy(int8_people["gender"]) - gender_accuracy(keras_people["gender"]),
        "age_mae_years": float(abs(after - people.ages).mean() - abs(before - people.ages).mean()),
        "age_mean_difference_years": float(np.abs(after - before).mean()),
        "emotion_labels_changed_percent": float(
            (int8_emotion.argmax(axis=1) != keras_emotion.argmax(axis=1)).mean() * 100
        ),
    }
