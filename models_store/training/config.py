"""One run, one file: what `configs/*.toml` may say."""

import tomllib
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, Literal, TypeVar

from models_store.training.errors import UserError


@dataclass(frozen=True)
class ModelConfig:
    """`widths` channels and `blocks` residual blocks of each stage; `dropout` before the heads.

    `conditioning` is how the expression head uses age and gender, see `conditioning.Conditioning`.
    """

    widths: tuple[int, ...]
    blocks: tuple[int, ...]
    dropout: float
    conditioning: Literal["none", "film", "placebo", "hierarchy"] = "none"


@dataclass(frozen=True)
class ScheduleConfig:
    """Length, batches and optimiser of a run; the learning rate is `schedule.learning_rate`.

    Epochs count `steps_per_epoch` steps. `adam_share` of the rate goes to what `muon.ConvMuon` leaves to AdamW; with
    `muon` false AdamW gets everything, at the whole rate.
    """

    epochs: int
    steps_per_epoch: int
    learning_rate: float
    final_learning_rate: float
    warmup_epochs: float
    decay_epochs: float
    adam_share: float
    weight_decay: float
    ema_decay: float
    muon: bool = True


@dataclass(frozen=True)
class PhaseConfig:
    """What holds from `from_epoch` (counted from 0) until the next phase.

    `size` of the pictures in pixels, faces of each data set in a batch, and the weights of the three heads' losses.
    """

    from_epoch: int
    size: int
    batch_ferplus: int
    batch_utkface: int
    emotion: float
    age: float
    gender: float


@dataclass(frozen=True)
class LossConfig:
    """Details explained in `losses` and `batches`; the heads' weights belong to the phases."""

    age_l1: float
    gender_smoothing: float
    gender_min_years: float
    age_balance: float


@dataclass(frozen=True)
class AugmentConfig:
    """Spread of the random changes, explained in `augment`. Shares of the face's side, degrees, probabilities."""

    shift: float
    shift_max: float
    log_scale: float
    scale_min: float
    scale_max: float
    rotation: float
    rotation_max: float
    aspect: float
    tone: float
    blur: float
    noise: float
    jpeg: float
    erase: float
    low_resolution_utkface: float
    low_resolution_ferplus: float


@dataclass(frozen=True)
class RunConfig:
    """A whole run. `path` is the file it was read from."""

    path: Path
    name: str
    version: str
    seed: int
    model: ModelConfig
    schedule: ScheduleConfig
    loss: LossConfig
    augment: AugmentConfig
    phases: tuple[PhaseConfig, ...]

    def phase_at(self, epoch: int) -> PhaseConfig:
        """The phase of an epoch counted from 0."""
        return next(phase for phase in reversed(self.phases) if phase.from_epoch <= epoch)


Section = TypeVar("Section")


def section(kind: type[Section], given: dict[str, Any], name: str) -> Section:
    """`given` as the dataclass `kind`; `name` is the section's. Raises `UserError` for missing or unknown keys."""
    known = {field.name: field.default is MISSING for field in fields(kind)}  # type: ignore[arg-type]
    required = {name for name, needed in known.items() if needed}
    if not required <= set(given) <= set(known):
        odd = ", ".join(sorted((required - set(given)) | (set(given) - set(known))))
        raise UserError(f"section [{name}] of the config lacks or does not know: {odd}")
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
    return kind(**values)


def read_table(path: Path, needed: set[str]) -> dict[str, Any]:
    """A run's file as it stands. Raises `UserError` when it is missing, not TOML, or lacks one of the keys `needed`."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"there is no config at {path}") from None
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path} is not TOML: {error}") from None
    missing = needed - set(table)
    if missing:
        raise UserError(f"the config lacks {', '.join(sorted(missing))}")
    return table


def load_config(path: Path) -> RunConfig:
    """Read a run's file. Raises `UserError` when it is missing, not TOML, or has missing or unknown keys."""
    table = read_table(path, {"name", "version", "seed"})
    return RunConfig(
        path=path,
        name=str(table["name"]),
        version=str(table["version"]),
        seed=int(table["seed"]),
        model=section(ModelConfig, table.get("model", {}), "model"),
        schedule=section(ScheduleConfig, table.get("schedule", {}), "schedule"),
        loss=section(LossConfig, table.get("loss", {}), "loss"),
        augment=section(AugmentConfig, table.get("augment", {}), "augment"),
        phases=_phases(table.get("phases", [])),
    )


def _phases(tables: list[dict[str, Any]]) -> tuple[PhaseConfig, ...]:
    phases = tuple(section(PhaseConfig, table, "phases") for table in tables)
    starts = [phase.from_epoch for phase in phases]
    if not starts or starts[0] != 0 or starts != sorted(set(starts)):
        raise UserError("the config's phases must start at epoch 0 and follow one another")
    return phases
