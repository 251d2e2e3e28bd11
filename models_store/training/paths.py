"""Where the recipes read and write."""

import os
from pathlib import Path
from typing import Final

from models_store.training.errors import UserError

STORE: Final = Path(__file__).resolve().parents[1]
"""The `models_store` folder."""

REPOSITORY: Final = STORE.parent
WEIGHTS: Final = STORE / "weights"
CARDS: Final = STORE / "cards"
DEFAULT_CONFIG: Final = STORE / "training" / "configs" / "facetrio-1.1.0.toml"
"""The run whose weights are released."""

DETECTOR_CONFIG: Final = STORE / "training" / "configs" / "facescout-1.0.0.toml"
"""The run whose detector is released."""

ABLATION_CONFIG: Final = STORE / "training" / "configs" / "ablation.toml"
"""The comparison of docs/conditioning.md."""

RUNS: Final = REPOSITORY / "runs"
"""Checkpoints and logs of runs; ignored by git."""


def shared_data() -> Path:
    """Folder with the data sets: `$FACET_SHARED/data`, else `../shared/data` beside the repository.

    Raises `UserError` where there is none.
    """
    shared = Path(os.environ.get("FACET_SHARED", REPOSITORY / ".." / "shared"))
    data = (REPOSITORY / shared / "data").resolve()
    if not data.is_dir():
        raise UserError(f"no data sets at {data}: set FACET_SHARED to the folder that holds data/")
    return data
