"""Are the locks whole, and is anything in them known to be vulnerable? `make check` asks the first, `make audit` both.

pip-audit ends with success where its source of advisories knows nothing of a package, or nothing at all: a gate that is
green without meaning. So here "not audited" is no success, unless somebody says `--offline` and reads what that means.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

FOLDER: Final = Path(__file__).parent
LOCKS: Final = ("dev.txt", "scale.txt", "serve.txt")
"""Each holds all that the next one does."""

PIN: Final = re.compile(
    r"([a-z0-9][a-z0-9._-]*)(\[[a-z0-9, _-]+\])?==([^\s;]+)( ; [^\\]+?)?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)"
)
PROBE: Final = "django"
"""Asked for alone and first: who has never heard of it will know nothing of the others either."""

ANSWER: Final = "Nothing that is known to be vulnerable in {} locked packages."
UNREACHED: Final = """No source of advisories could be reached, so nothing was audited: {}
Run `make audit` where PyPI's JSON API answers. Elsewhere `make audit ARGS=--offline` looks at the locks alone."""


def pins(text: str) -> dict[str, tuple[str, str]]:
    """Of a lock: version and whole block by name. Raises ValueError for a line that is not pinned and hashed."""
    found = {}
    for block in filter(None, re.split(r"\n(?=\S)", text.strip())):
        match = PIN.fullmatch(block.strip())
        if match is None:
            raise ValueError(f"not one version with its hashes: {block.splitlines()[0]}")
        found[match[1]] = match[3], block.strip()
    return found


def faults(locks: dict[str, str]) -> list[str]:
    """What is wrong with the locks, given by name, as sentences."""
    read: dict[str, dict[str, tuple[str, str]]] = {}
    told = []
    for name, text in locks.items():
        try:
            read[name] = pins(text)
        except ValueError as error:
            told.append(f"requirements/{name}: {error}")
    for larger, smaller in pairwise(LOCKS):
        for package, (version, _) in read.get(smaller, {}).items():
            other = read.get(larger, {}).get(package, ("", ""))[0]
            if larger in read and version != other:
                told.append(f"{package} is {version} in {smaller} and {other or 'not there'} in {larger}")
    return told


def asked(blocks: Iterable[str]) -> list[dict[str, Any]]:
    """What pip-audit says of each package; empty when it could not ask."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "requirements.txt"
        path.write_text("\n".join(blocks) + "\n", encoding="utf-8")
        command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--format", "json"]
        words = [*command, "--progress-spinner", "off", "--requirement", str(path)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    try:
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        print((done.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1], file=sys.stderr)
        return []
    return found


def judged(answers: list[dict[str, Any]], expected: int) -> tuple[int, str]:
    """Exit code and what to say: 0 only when every package was looked up and none is known to be vulnerable."""
    lines = [
        f"{one['name']} {one['version']}: {found['id']}, fixed in {', '.join(found['fix_versions']) or 'no version'}"
        for one in answers
        for found in one.get("vulns", ())
    ]
    skipped = [one["name"] for one in answers if "skip_reason" in one]
    missing = expected - len(answers)
    if skipped or missing > 0:
        unseen = ", ".join(skipped) or f"{missing} packages"
        lines.append(f"Not audited, so nobody knows: {unseen}")
    return (1, "\n".join(lines)) if lines else (0, ANSWER.format(expected))


def audit(lock: dict[str, tuple[str, str]]) -> tuple[int, str]:
    """Ask for one package, then for all; exit code and what to say. 2: nobody could be asked."""
    first = asked([lock[PROBE][1]])
    if not first or "skip_reason" in first[0]:
        return 2, UNREACHED.format(first[0]["skip_reason"] if first else "no answer")
    return judged(asked(block for _, block in lock.values()), len(lock))


def main() -> int:
    """The exit code: 0 well, 1 something is to be done, 2 nobody could be asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offline", action="store_true", help="look at the locks alone, and ask nobody for advisories")
    options = parser.parse_args()
    locks = {name: (FOLDER / name).read_text(encoding="utf-8") for name in LOCKS}
    if wrong := faults(locks):
        print("\n".join(wrong), file=sys.stderr)
        print("Make the locks again: make lock", file=sys.stderr)
        return 1
    if options.offline:
        print("The locks are whole: one version and its hashes each, the same in all. Advisories were not asked for.")
        return 0
    code, said = audit(pins(locks[LOCKS[0]]))
    print(said, file=sys.stderr if code else sys.stdout)
    return code


if __name__ == "__main__":
    sys.exit(main())
