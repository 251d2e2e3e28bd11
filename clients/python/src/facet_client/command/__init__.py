"""The command `facet`."""

import os
import sys
from collections.abc import Sequence
from typing import Final

from facet_client.command.exits import INTERRUPTED, REFUSED, SOME_FAILED, UNSIGNED, CommandError
from facet_client.command.parser import parser
from facet_client.command.words import complain
from facet_client.errors import FacetError, InsecureAddress, NotAuthenticated, ScopeMissing

_MORE: Final = {
    InsecureAddress: " The option of `facet login` for that is --allow-http.",
    ScopeMissing: " All commands together need “read” and “upload”. Then sign in with it: facet login",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was typed; the exit code is one of those in `exits`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # names of files need not be text of any encoding
            stream.reconfigure(errors="backslashreplace")
    options = parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except (CommandError, FacetError) as error:
        return _explained(error)
    except KeyboardInterrupt:
        complain("Stopped.")
        return INTERRUPTED
    except BrokenPipeError:  # as with `facet list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SOME_FAILED
    return code


def _explained(error: CommandError | FacetError) -> int:
    if isinstance(error, CommandError):
        complain(str(error))
        return error.code
    if isinstance(error, NotAuthenticated):
        complain(f"Facet does not take the token: {error.detail} Sign in with another: facet login")
        return UNSIGNED
    complain(f"{error.detail}{_MORE.get(type(error), '')}")
    for field in error.errors if len(error.errors) > 1 else ():
        complain(f"  {field.field}: {field.message}")
    return REFUSED
