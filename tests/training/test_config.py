"""A run's file is complete, or says what is wrong."""

import os
import pathlib
import subprocess
import sys

import pytest

from models_store.training.config import ScheduleConfig, load_config
from models_store.training.errors import UserError
from models_store.training.paths import DEFAULT_CONFIG, REPOSITORY, shared_data
from models_store.training.schedule import ema_decay, learning_rate
from vision.preprocessing import INPUT_SIZE


def test_the_released_config_is_read() -> None:
    config = load_config(DEFAULT_CONFIG)
    assert (config.name, len(config.model.widths)) == ("facetrio", len(config.model.blocks))
    schedule = config.schedule
    assert config.phases[-1].from_epoch < schedule.epochs
    assert config.phases[-1].size == INPUT_SIZE
    assert schedule.warmup_epochs + schedule.decay_epochs <= schedule.epochs


def test_a_missing_file_is_a_user_error(tmp_path: pathlib.Path) -> None:
    with pytest.raises(UserError, match="no config"):
        load_config(tmp_path / "none.toml")


def test_a_file_that_is_not_toml_is_a_user_error(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text("seed = = 3")
    with pytest.raises(UserError, match="not TOML"):
        load_config(path)


@pytest.mark.parametrize(("old", "new", "named"), [("dropout", "drop", "drop, dropout"), ("seed =", "sed =", "seed")])
def test_a_misspelt_key_is_named(tmp_path: pathlib.Path, old: str, new: str, named: str) -> None:
    path = tmp_path / "odd.toml"
    path.write_text(DEFAULT_CONFIG.read_text().replace(old, new))
    with pytest.raises(UserError, match=named):
        load_config(path)


@pytest.mark.parametrize("start", ["from_epoch = 3", "from_epoch = 20"])
def test_phases_must_begin_at_the_start_and_follow_one_another(tmp_path: pathlib.Path, start: str) -> None:
    path = tmp_path / "late.toml"
    path.write_text(DEFAULT_CONFIG.read_text().replace("from_epoch = 0", start))
    with pytest.raises(UserError, match="phases"):
        load_config(path)


def test_the_phase_of_an_epoch_is_the_last_that_began() -> None:
    config = load_config(DEFAULT_CONFIG)
    first, second = config.phases[:2]
    assert config.phase_at(second.from_epoch - 1) is first
    assert config.phase_at(second.from_epoch) is second


def test_missing_data_names_the_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    monkeypatch.setenv("FACET_SHARED", str(tmp_path))
    with pytest.raises(UserError, match="FACET_SHARED"):
        shared_data()


def test_the_command_says_one_sentence_and_exits_with_2(tmp_path: pathlib.Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "models_store.training.train"],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, "FACET_SHARED": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: no data sets at ")
    assert done.stderr.count("\n") == 1


SCHEDULE = ScheduleConfig(
    epochs=10,
    steps_per_epoch=10,
    learning_rate=1.0,
    final_learning_rate=0.01,
    warmup_epochs=2,
    decay_epochs=4,
    weight_decay=0.0,
    adam_share=1.0,
    ema_decay=0.99,
)


def test_the_rate_warms_up_stays_and_falls() -> None:
    rates = [learning_rate(step, SCHEDULE) for step in range(100)]
    assert rates[0] == pytest.approx(0.05)
    assert rates[:20] == sorted(rates[:20])
    assert rates[20:59] == [1.0] * 39
    assert rates[59:] == sorted(rates[59:], reverse=True)
    assert rates[79] == pytest.approx((1 + 0.01) / 2)
    assert rates[99] == pytest.approx(0.01)


def test_the_average_forgets_its_start() -> None:
    assert ema_decay(0, SCHEDULE) == pytest.approx(0.1)
    assert ema_decay(10_000, SCHEDULE) == 0.99
