"""The environment, read strictly: a wrong value stops the start with a sentence that names the variable."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR: Final = Path(__file__).resolve().parents[2]

env: Final = environ.Env()
environ.Env.read_env(Path(os.environ.get("FACET_ENV_FILE") or BASE_DIR / ".env"), parse_comments=True)


def text(name: str, default: str | None = None) -> str:
    """A string; without a `default` it must be set."""
    value = env.str(name, default)
    if value is None or (value == "" and default is None):
        raise ImproperlyConfigured(f"{name} is not set. `make run` writes it to .env; see .env.example.")
    return str(value)


def integer(name: str, default: int, *, least: int = 0) -> int:
    """A whole number of at least `least`."""
    raw = env.str(name, str(default))
    try:
        value = int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {raw!r}.") from None
    if value < least:
        raise ImproperlyConfigured(f"{name} must be at least {least}, not {value}.")
    return value


def choice(name: str, default: str, choices: Sequence[str]) -> str:
    """One of a few words."""
    value = str(env.str(name, default))
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def flag(name: str, *, default: bool) -> bool:
    """A switch: 1/0, true/false, yes/no, on/off. Any other word is an error and not False."""
    raw = env.str(name, "1" if default else "0").strip().lower()
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {raw!r}.")


def words(name: str, default: list[str]) -> list[str]:
    """A list, separated by commas."""
    return [word.strip() for word in env.str(name, ",".join(default)).split(",") if word.strip()]


def folder(name: str, default: Path) -> Path:
    """A path; a relative one starts at the project's root."""
    return BASE_DIR / str(env.str(name, str(default)))


PERIODS: Final = {"s": 1, "sec": 1, "min": 60, "hour": 3600, "day": 86_400}


def rate(name: str, default: str) -> tuple[int, int] | None:
    """So many in so many seconds, written as 600/min; None, without a bound, for 0."""
    raw = env.str(name, default).strip()
    if raw == "0":
        return None
    number, _, period = raw.partition("/")
    if not number.isdecimal() or int(number) < 1 or period not in PERIODS:
        known = ", ".join(f"N/{word}" for word in PERIODS)
        raise ImproperlyConfigured(f"{name} must be one of {known}, or 0 for no bound, not {raw!r}.")
    return int(number), PERIODS[period]
