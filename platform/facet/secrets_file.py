"""`python -m facet.secrets_file FILE`: write a first .env with generated secrets, readable by its owner only."""

import os
import secrets
import sys
from pathlib import Path


def write(path: Path) -> None:
    """Create `path` with mode 0600. Raises FileExistsError rather than replace a secret that is in use."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write("# Written at the first start. .env.example explains every variable.\n")
        handle.write(f"FACET_SECRET_KEY={secrets.token_urlsafe(50)}\n")
        handle.write(f"POSTGRES_PASSWORD={secrets.token_hex(20)}\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
