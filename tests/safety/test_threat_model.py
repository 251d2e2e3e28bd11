"""What docs/threat-model.md says is tested, is."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")


def test_every_test_it_names_is_there() -> None:
    named = set(re.findall(r"`(tests/[\w/.]+)`", DOCUMENT))
    assert len(named) > 10
    assert not {name for name in named if not (ROOT / name).exists()}


def test_every_threat_names_a_test() -> None:
    rows = re.findall(r"^\| [STRIDE] \|.*$", DOCUMENT, re.MULTILINE)
    assert len(rows) > 10
    assert not [row for row in rows if "`tests/" not in row.split("|")[4]]


def test_every_test_of_safety_is_named() -> None:
    ours = {path.name for path in Path(__file__).parent.glob("test_*.py")} - {Path(__file__).name}
    assert not {name for name in ours if name not in DOCUMENT}
