"""schemathesis against a running server: five thousand cases and more; `make fuzz` takes five times as many examples.

No server error, and every answer as /api/schema/ says: status, type, headers and body. Checks that are left out:
`negative_data_rejection` and `positive_data_acceptance` call it wrong that a field which nobody knows is let be, and
that an id has to be there; `unsupported_method` and `ignored_auth` are what test_routes.py asks of every address.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = 100
LONGEST_S = 1800


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What schemathesis says about a server of its own."""
    path: Path = tmp_path_factory.mktemp("fuzz") / "report.json"
    command = [sys.executable, "-m", "tests.safety.fuzz_api", "--examples", str(EXAMPLES), "--report", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST_S)
    assert path.exists(), f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return {**json.loads(path.read_text(encoding="utf-8")), "said": done.stdout}


def test_no_answer_is_a_server_error_or_other_than_the_schema_says(report: dict[str, Any]) -> None:
    assert not report["failures"], report["said"][-6000:]
    assert report["exit_code"] == 0, report["said"][-6000:]


def test_every_operation_was_asked_for_alone_and_after_others(report: dict[str, Any]) -> None:
    operations, phases = report["operations"], report["phases"]
    assert operations["tested"] == operations["total"] > 0
    assert {name for name, phase in phases.items() if phase["status"] == "success"} >= {
        "coverage",
        "fuzzing",
        "stateful",
    }
    assert report["test_cases"]["generated"] > 5000
