"""The networks that are compared."""

from dataclasses import dataclass, replace
from typing import Final

from models_store.training.conditioning import Conditioning
from models_store.training.config import RunConfig


@dataclass(frozen=True)
class Way:
    """One network: how its expression head is conditioned, and whether age and gender are learnt at all."""

    name: str
    conditioning: Conditioning
    alone: bool = False


WAYS: Final = (
    Way("expression alone", "none", alone=True),
    Way("plain multi-task", "none"),
    Way("FiLM", "film"),
    Way("FiLM, shuffled placebo", "placebo"),
    Way("hierarchy of heads", "hierarchy"),
)
PLAIN: Final = WAYS[1]
PLACEBO: Final = WAYS[3]


def run_config(config: RunConfig, way: Way, seed: int) -> RunConfig:
    """The config of one run: all else is alike, the order of the pictures and the trunk's start included."""
    phases = config.phases
    if way.alone:
        phases = tuple(replace(phase, age=0.0, gender=0.0) for phase in phases)
    return replace(config, seed=seed, model=replace(config.model, conditioning=way.conditioning), phases=phases)
