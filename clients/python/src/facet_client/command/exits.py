"""Exit codes, and errors that end the command."""

from typing import Final

DONE: Final = 0
SOME_FAILED: Final = 1
MISTYPED: Final = 2
UNSIGNED: Final = 3
REFUSED: Final = 4
INTERRUPTED: Final = 130

TABLE: Final = """exit codes:
  0    all that was asked for was done
  1    something could not be done for some of the photos or files; standard error says which
  2    the command was not understood
  3    not signed in, or the token is not taken
  4    Facet could not be reached, or did not do what was asked
  130  stopped with Ctrl-C"""


class CommandError(Exception):
    """Ends the command with a sentence and `code`."""

    def __init__(self, sentence: str, code: int = MISTYPED) -> None:
        """The sentence says what to do next."""
        super().__init__(sentence)
        self.code = code
