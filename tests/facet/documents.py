"""The operator's guide and its further pages, in parts that can be checked."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from facet.env import BASE_DIR

DOCS: Final = BASE_DIR / "docs"
PAGES: Final = (DOCS / "operations.md", *sorted((DOCS / "operations").glob("*.md")))
TEXTS: Final = {path: path.read_text(encoding="utf-8") for path in PAGES}
ALL: Final = "\n".join(TEXTS.values())


def blocks(kind: str) -> list[str]:
    """What stands between fences of a kind, as `sh`, on all pages."""
    return re.findall(rf"^```{kind}\n(.*?)^```", ALL, re.MULTILINE | re.DOTALL)


def commands(program: str) -> Iterator[list[str]]:
    """The words after `program` wherever a shell block or a piece of code runs it."""
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    lines += re.findall(r"`([^`\n]+)`", ALL)
    for line in lines:
        _, found, rest = line.partition(program)
        if found:
            yield re.split(r"&&|\||;", " ".join(shlex.split(rest, comments=True)))[0].split()


def link_targets(path: Path) -> list[tuple[Path, str]]:
    """Where each link of a page leads: a file, and a heading's anchor in it or ""."""
    targets = re.findall(r"\]\(([^):]+)\)", TEXTS[path])
    return [((path.parent / file) if file else path, anchor) for file, _, anchor in (t.partition("#") for t in targets)]


def anchors(path: Path) -> set[str]:
    """Of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
