"""What can be typed."""

import argparse
from collections.abc import Callable
from datetime import date
from typing import Any

from facet_client.answers import EXPRESSIONS, GENDERS
from facet_client.command import analyse, photos, rereading, session
from facet_client.command.exits import TABLE
from facet_client.version import __version__

ABOUT = """Estimate age, gender and the expression shown for every face in your photos, with a Facet that runs
somewhere. "Not sure" is an answer. An expression is no feeling, and an estimated age no birthday."""

START = f"""to begin:
  facet login https://facet.example.org      once; make a token on its page "API tokens" first
  facet analyse *.jpg --csv --out faces.csv  a row for each face

environment:
  FACET_URL, FACET_TOKEN  used instead of what `facet login` keeps
  FACET_ALLOW_HTTP=1      with both of these: send the token unencrypted to another machine
  SSL_CERT_FILE           certificates to trust, for a Facet with a certificate of your own

{TABLE}"""


def parser() -> argparse.ArgumentParser:
    """Every command sets `run`, which takes the options and gives the exit code."""
    top = argparse.ArgumentParser(
        "facet",
        description=ABOUT,
        epilog=START,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"facet {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int], words: str, more: str = "") -> Any:
        one = commands.add_parser(
            name,
            help=words,
            description=f"{words[0].upper()}{words[1:]}. {more}".rstrip(),
            epilog=TABLE,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        one.set_defaults(run=run)
        return one

    _login(command("login", session.login, "sign in with a token", "It is tried, and kept in a file of yours alone."))
    command("logout", session.logout, "forget the token on this machine")
    command("me", session.me, "say who is signed in, and where")
    _analyse(command("analyse", analyse.analyse, "send photos, wait for the results and write them"))
    _list(command("list", photos.listing, "list your photos, newest first"))
    shown = command("show", photos.show, "show what was read from a photo")
    shown.add_argument("id", metavar="ID")
    shown.add_argument("--json", action="store_true", help="as the server writes it")
    shown.add_argument("--image", metavar="FILE", help="save the picture too, as it is kept: upright, without metadata")
    _reread(command("reread", rereading.reread, "have photos read again by newer models, or for more than before"))
    gone = command("delete", photos.delete, "delete photos and everything read from them")
    gone.add_argument("ids", metavar="ID", nargs="+")
    return top


def _login(one: argparse.ArgumentParser) -> None:
    one.add_argument("url", nargs="?", metavar="URL", help=f"of the Facet; {session.USUAL_URL} if not given")
    one.add_argument("--token-stdin", action="store_true", help="read the token from standard input, without asking")
    one.add_argument("--allow-http", action="store_true", help="send the token unencrypted to another machine")


def _analyse(one: argparse.ArgumentParser) -> None:
    one.add_argument("files", metavar="FILE", nargs="+", help="one that cannot be read stops none of the others")
    _formats(one)
    one.add_argument(
        "--try",
        dest="attempt",
        action="store_true",
        help="read without keeping anything, not even for the time of the request; one photo after the other",
    )
    one.add_argument("--label", default="", metavar="WORDS", help="of the batch that the photos go into")
    one.add_argument("--batch", action="store_true", help="nobody waits: read these after photos of people who do")
    waiting = one.add_mutually_exclusive_group()
    waiting.add_argument("--no-wait", dest="wait", action="store_false", help="send only; see `facet list` later")
    waiting.add_argument("--timeout", type=_positive_number, metavar="SECONDS", help="wait no longer than this")
    one.add_argument(
        "--delete",
        action="store_true",
        help="delete the photos at the server once their results are written; those sent before this run stay",
    )


def _list(one: argparse.ArgumentParser) -> None:
    _formats(one)
    one.add_argument("--limit", type=_positive, default=50, metavar="N", help="at most so many; 50 if not given")
    one.add_argument("--status", choices=("queued", "running", "done", "failed", "cancelled"))
    one.add_argument("--emotion", choices=EXPRESSIONS, help="with a face that shows this expression")
    one.add_argument("--gender", choices=GENDERS, help="with a face that appears so")
    one.add_argument("--age-from", type=int, metavar="YEARS")
    one.add_argument("--age-to", type=int, metavar="YEARS")
    one.add_argument("--unsure", choices=("any", "gender", "emotion"), help="with a face of which this is not sure")
    one.add_argument("--since", type=date.fromisoformat, metavar="DAY", help="sent since this day, like 2026-01-31")
    one.add_argument("--until", type=date.fromisoformat, metavar="DAY", help="sent until the end of this day")


def _reread(one: argparse.ArgumentParser) -> None:
    which = one.add_mutually_exclusive_group(required=True)
    which.add_argument("ids", metavar="ID", nargs="*", default=[])
    which.add_argument("--all", action="store_true", help="all that lack something by now, behind everything else")
    which.add_argument("--stop", action="store_true", help="what waits to be read again keeps the results it has")


def _formats(one: argparse.ArgumentParser) -> None:
    form = one.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="a table with a row for each face")
    form.add_argument("--json", action="store_true", help="one document with all that the server says")
    one.add_argument("--out", metavar="FILE", help="write to this file instead of standard output")


def _positive(written: str) -> int:
    number = int(written)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _positive_number(written: str) -> float:
    number = float(written)
    if not number > 0:
        raise argparse.ArgumentTypeError("must be more than 0")
    return number
