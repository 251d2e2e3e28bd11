"""What a person who runs a recipe can put right themselves."""

import sys
from collections.abc import Callable


class UserError(Exception):
    """A sentence that says what is missing and what to do about it."""


def run_command(main: Callable[[], int]) -> None:
    """Run a command line entry point; a `UserError` becomes one sentence and exit status 2."""
    try:
        sys.exit(main())
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
