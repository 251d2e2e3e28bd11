"""The address and the token, kept for the next command in a file that nobody else can read."""

import json
import os
import stat
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from facet_client.command.exits import UNSIGNED, CommandError


@dataclass(frozen=True)
class Account:
    """Where somebody is signed in."""

    url: str
    token: str
    allow_http: bool = False


def path() -> Path:
    """The file, by the XDG base directory specification."""
    configured = os.environ.get("XDG_CONFIG_HOME", "")
    home = Path(configured) if Path(configured).is_absolute() else Path.home() / ".config"
    return home / "facet" / "account.json"


def load() -> Account | None:
    """Who is signed in; None for nobody. Raises CommandError."""
    file = path()
    try:
        with file.open(encoding="utf-8") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            told = json.load(opened)
        account = Account(url=str(told["url"]), token=str(told["token"]), allow_http=told.get("allow_http") is True)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CommandError(f"{file} cannot be read ({error}). Sign in again: facet login", UNSIGNED) from None
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise CommandError(
            f"Others on this machine may read your token in {file}. Make a new token, and sign in again: facet login",
            UNSIGNED,
        )
    return account


def save(account: Account) -> Path:
    """In place of what was there; the file is never readable by others, nor half written."""
    file = path()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".account-")  # made with mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            json.dump(asdict(account), opened)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return file


def forget() -> bool:
    """Whether there was anything to forget."""
    try:
        path().unlink()
    except FileNotFoundError:
        return False
    return True
