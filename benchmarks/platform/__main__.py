"""`python -m benchmarks.platform [GROUP...]`: measure, print one table, write JSON. `make bench-platform` runs it."""

import argparse
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import NoReturn

from benchmarks.bench import Bench
from benchmarks.contenders import DETECTORS
from benchmarks.document import document, write
from benchmarks.figures import Group
from benchmarks.platform.groups import GROUPS
from benchmarks.stack.installation import ROOT
from benchmarks.table import table
from benchmarks.workers import Workers

OUT = ROOT / "var" / "bench-platform.json"
PACKAGES = (
    "Django",
    "celery",
    "kombu",
    "gunicorn",
    "psycopg",
    "redis",
    "ai-edge-litert",
    "opencv-python-headless",
    "Pillow",
)


def main() -> int:
    """Measure what is asked for; all of it by default. 1 when a group could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.platform", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)}; all by default")
    parser.add_argument("--out", type=Path, default=OUT, metavar="FILE", help="where the JSON goes")
    parser.add_argument("--quick", action="store_true", help="a fifth of everything: to look, not to quote")
    options = parser.parse_args()
    if unknown := set(options.groups) - set(GROUPS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    found, failed = run(options.groups or list(GROUPS), 0.2 if options.quick else 1.0)
    if found:
        print(table(found))
        write(document(found, engine=DETECTORS[0], packages=PACKAGES), options.out)
        print(f"\nMedians, 90th and 99th percentiles. Ratios are of this run. Written to {options.out}.")
    if failed:
        print(f"Not measured: {', '.join(failed)}; see above why.", file=sys.stderr)
    return 1 if failed else 0


def run(names: list[str], patience: float) -> tuple[list[Group], list[str]]:
    """The groups of figures and the names of those that failed, with a line about each on standard error."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    found: list[Group] = []
    failed: list[str] = []
    for position, name in enumerate(names):
        began = time.monotonic()
        try:
            with Workers() as workers:
                found += GROUPS[name](Bench(workers, patience))
        except KeyboardInterrupt:
            print(f"stopped while measuring {name}", file=sys.stderr)
            failed += names[position:]
            break
        except Exception:
            traceback.print_exc()
            failed.append(name)
            continue
        print(f"measured {name} in {time.monotonic() - began:.0f} s", file=sys.stderr)
    return found, failed


def _end(number: int, frame: object) -> NoReturn:  # noqa: ARG001
    """Stop in order, with everything that was started, however we are told to."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
