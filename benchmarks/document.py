"""The figures as JSON, for comparing runs by program.

Written under `var/`, which git ignores: the numbers belong to a machine and a moment, and every run would change them.
"""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, Group

SCHEMA = 1
PACKAGES = ("ai-edge-litert", "numpy", "opencv-python-headless", "Pillow", "keras", "tensorflow-cpu", "mtcnn")


def document(groups: Sequence[Group], engine: str, packages: Sequence[str] = PACKAGES) -> dict[str, Any]:
    """JSON-ready; `engine` is the detector that the figures of "the engine" were measured with."""
    return {
        "schema": SCHEMA,
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "engine": engine,
        "machine": machine(),
        "packages": {name: version(name) for name in packages},
        "groups": [
            {"title": group.title, "ratio_to": group.ratio_to, "figures": [_figure(each) for each in group.figures]}
            for group in groups
        ],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {**asdict(figure), "reached": figure.reached}


def machine() -> dict[str, Any]:
    """What the figures depend on; `load` is the mean number of processes that wanted a core in the last minute."""
    return {
        "processor": processor(Path("/proc/cpuinfo")),
        "cores": len(os.sched_getaffinity(0)),
        "load": round(os.getloadavg()[0], 2),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def processor(information: Path) -> str:
    """The name that Linux knows it by."""
    lines = information.read_text(encoding="utf-8").splitlines() if information.is_file() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def write(document: dict[str, Any], path: Path) -> None:
    """As text that a person can read too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
