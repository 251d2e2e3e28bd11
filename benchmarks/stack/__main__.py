"""Run a command with servers of its own: `python -m benchmarks.stack pytest tests/services`.

Each of FACET_TEST_DATABASE_URL, FACET_TEST_REDIS_URL and FACET_TEST_AMQP_URL that is set already is left as it is.
"""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.stack.servers import Postgres, RabbitMQ, Redis, Server

SERVERS: Final[dict[str, type[Server]]] = {
    "FACET_TEST_DATABASE_URL": Postgres,
    "FACET_TEST_REDIS_URL": Redis,
    "FACET_TEST_AMQP_URL": RabbitMQ,
}


def main(command: list[str]) -> int:
    """The exit status of `command`; the servers end with it, also on SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="facet-stack-")))
        folder.chmod(0o755)  # PostgreSQL may have to run as somebody else
        environment = dict(os.environ)
        for variable, kind in SERVERS.items():
            if not environment.get(variable):
                environment[variable] = stack.enter_context(kind(folder / kind.name)).url
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit("Name the command to run: python -m benchmarks.stack pytest tests/services")
    sys.exit(main(sys.argv[1:]))
