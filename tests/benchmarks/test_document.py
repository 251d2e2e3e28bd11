"""The JSON holds all of the table and what it was measured on."""

import json
from pathlib import Path

from benchmarks.document import SCHEMA, document, processor, write
from benchmarks.figures import Figure, Goal, Group

GROUPS = [
    Group("Start", "to the engine", (Figure("engine", "s", 0.4, 0.5, 0.6, 7, 1.0, Goal(1.0, 0.5)),)),
    Group("Stages", "", (Figure("decode", "ms", 3.0),)),
]


def test_the_file_can_be_read_again_and_holds_every_figure(tmp_path: Path) -> None:
    path = tmp_path / "new" / "bench.json"
    write(document(GROUPS, engine="haar"), path)
    read = json.loads(path.read_text())
    assert read["schema"] == SCHEMA
    assert read["engine"] == "haar"
    assert [group["title"] for group in read["groups"]] == ["Start", "Stages"]
    assert read["groups"][0]["figures"] == [
        {
            "name": "engine",
            "unit": "s",
            "value": 0.4,
            "p90": 0.5,
            "p99": 0.6,
            "samples": 7,
            "ratio": 1.0,
            "goal": {"must": 1.0, "aim": 0.5, "larger_is_better": False},
            "reached": "aim",
        }
    ]
    decode = read["groups"][1]["figures"][0]
    assert {name for name, value in decode.items() if value is None} == {"p90", "p99", "ratio", "goal", "reached"}


def test_the_machine_and_the_packages_are_named() -> None:
    made = document(GROUPS, engine="haar")
    assert set(made["machine"]) == {"processor", "cores", "load", "system", "python"}
    assert made["machine"]["cores"] >= 1
    assert all(text[0].isdigit() for text in made["packages"].values())
    assert made["measured_at"].endswith("+00:00")


def test_the_processor_is_named_by_its_first_core(tmp_path: Path) -> None:
    information = tmp_path / "cpuinfo"
    information.write_text("processor\t: 0\nmodel name\t: Quick 9000\n\nprocessor\t: 1\nmodel name\t: Other\n")
    assert processor(information) == "Quick 9000"


def test_without_names_the_processor_is_its_kind(tmp_path: Path) -> None:
    assert processor(tmp_path / "missing")
